"""The media type of each kind of file this site hands out, by the ending of its name."""

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json; charset=utf-8",
    "gpkg": "application/geopackage+sqlite3",
    "json": "application/json",
    "kml": "application/vnd.google-earth.kml+xml",
    "mvt": "application/vnd.mapbox-vector-tile",
    "pdf": "application/pdf",
    "pmtiles": "application/vnd.pmtiles",
    "shp.zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
GEOJSON = MEDIA_TYPES["geojson"]
