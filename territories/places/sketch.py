"""The streets of a rectangle, for drawings on paper."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.gis.geos import GeometryCollection, GEOSGeometry, LineString, Polygon

from territories.models import Place, PlaceKind
from territories.paper import Extent


def streets_in(extent: Extent, most: int | None = None) -> Iterator[tuple[str, LineString]]:
    """Name and pieces of the streets in (west, south, east, north), degrees, EPSG:4326; main ones first."""
    box = Polygon.from_bbox(extent)
    box.srid = 4326
    places = Place.objects.filter(kind=PlaceKind.STREET, location__intersects=box).order_by("rank", "name")
    for name, location in places.values_list("name", "location")[:most]:
        for line in _lines(location.intersection(box)):
            yield name, line


def _lines(shape: GEOSGeometry) -> list[LineString]:
    if isinstance(shape, LineString):
        return [shape]
    parts = shape if isinstance(shape, GeometryCollection) else ()
    return [part for part in parts if isinstance(part, LineString)]
