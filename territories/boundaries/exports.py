"""A set of boundaries as files other programs open; coordinates untouched, so it loads back identical."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring  # nosec B405 # it only writes

import geopandas
import pandas
import shapely

from territories.media_types import MEDIA_TYPES
from territories.models import BoundarySet

LAYER = "barrios"
KML_NAMESPACE = "http://www.opengis.net/kml/2.2"


@dataclass(frozen=True)
class Kind:
    """A format of export: how it is written, and the ending of the file's name."""

    write: Callable[[geopandas.GeoDataFrame], bytes]
    ending: str

    @property
    def media_type(self) -> str:
        """For the header of an answer."""
        return MEDIA_TYPES[self.ending]


def export(boundary_set: BoundarySet, kind: str) -> bytes:
    """The whole boundaries of a set in EPSG:4326; `kind` is a key of KINDS."""
    return KINDS[kind].write(frame_of(boundary_set))


def frame_of(boundary_set: BoundarySet) -> geopandas.GeoDataFrame:
    """The neighbourhoods of a set in the order of their codes, EPSG:4326; areas in m²."""
    fields = ("code", "name", "population", "population_source", "area_m2", "boundary")
    rows = list(boundary_set.territories.order_by("code").values_list(*fields))
    codes, names, people, sources, areas, shapes = zip(*rows, strict=True) if rows else ((),) * 6
    columns = {
        "code": codes,
        "name": names,
        "population": pandas.array(people, dtype="Int64"),
        "pop_source": sources,
        "area_m2": areas,
    }
    drawn = [shapely.from_wkb(bytes(shape.wkb)) for shape in shapes]
    return geopandas.GeoDataFrame(columns, geometry=drawn, crs=4326)


def _geopackage(frame: geopandas.GeoDataFrame) -> bytes:
    with tempfile.TemporaryDirectory(prefix="limites-") as folder:
        path = Path(folder) / f"{LAYER}.gpkg"
        frame.to_file(path, layer=LAYER, driver="GPKG", engine="pyogrio")
        return path.read_bytes()


def _shapefile(frame: geopandas.GeoDataFrame) -> bytes:
    packed = BytesIO()
    with tempfile.TemporaryDirectory(prefix="limites-") as folder:
        frame.to_file(Path(folder) / f"{LAYER}.shp", engine="pyogrio", encoding="UTF-8")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
    return packed.getvalue()


# GDAL rounds the coordinates of these two to 15 digits; Python writes a number so that it reads back.
def _geojson(frame: geopandas.GeoDataFrame) -> bytes:
    turned = frame.set_geometry(shapely.orient_polygons(frame.geometry.values, exterior_cw=False))
    return turned.to_json(drop_id=True, ensure_ascii=False, na="null").encode()


def _kml(frame: geopandas.GeoDataFrame) -> bytes:
    root = Element("kml", xmlns=KML_NAMESPACE)
    document = SubElement(root, "Document")
    for row in frame.itertuples(index=False):
        _placemark(document, row)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _placemark(document: Element, row: Any) -> None:
    placemark = SubElement(document, "Placemark")
    SubElement(placemark, "name").text = row.name
    extended = SubElement(placemark, "ExtendedData")
    for column in ("code", "population", "pop_source", "area_m2"):
        value = getattr(row, column)
        if not pandas.isna(value):
            SubElement(SubElement(extended, "Data", name=column), "value").text = str(value)
    together = SubElement(placemark, "MultiGeometry")
    for part in row.geometry.geoms:
        _polygon(SubElement(together, "Polygon"), part)


def _polygon(element: Element, part: shapely.Polygon) -> None:
    sides = [("outerBoundaryIs", part.exterior), *(("innerBoundaryIs", ring) for ring in part.interiors)]
    for name, ring in sides:
        line = SubElement(SubElement(element, name), "LinearRing")
        SubElement(line, "coordinates").text = " ".join(f"{x!r},{y!r}" for x, y in ring.coords)


KINDS = {
    "gpkg": Kind(_geopackage, "gpkg"),
    "geojson": Kind(_geojson, "geojson"),
    "shp.zip": Kind(_shapefile, "shp.zip"),
    "kml": Kind(_kml, "kml"),
}
