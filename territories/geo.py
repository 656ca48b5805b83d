"""The only place where coordinates are read, checked and swapped.

Everywhere else x is longitude, y is latitude, EPSG:4326, degrees.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from django.conf import settings
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import Point, Polygon
from django.db.models import BooleanField, F, FloatField, Func, Value
from django.utils.translation import gettext as _

__all__ = [
    "BBox",
    "BadCoordinates",
    "in_extent",
    "metres_between_sql",
    "parse_bbox",
    "parse_number",
    "parse_point",
]

SRID = 4326
NUMBER = re.compile(r"[+-]?\d{1,17}(\.\d{0,30})?([eE][+-]?\d{1,2})?", re.ASCII)


class BadCoordinates(ValueError):
    """Coordinates that cannot be a place in the commune; the text is one sentence for the user."""


@dataclass(frozen=True)
class BBox:
    """A rectangle in degrees, EPSG:4326: (west, south, east, north)."""

    west: float
    south: float
    east: float
    north: float

    def polygon(self) -> Polygon:
        """The rectangle as a GEOS polygon, SRID 4326."""
        box = Polygon.from_bbox((self.west, self.south, self.east, self.north))
        box.srid = SRID
        return box


def parse_number(text: object) -> float:
    """Read one finite number written in ASCII digits; anything else raises BadCoordinates."""
    written = str(text).strip() if not isinstance(text, bool) else ""
    if not NUMBER.fullmatch(written):
        raise BadCoordinates(_("Las coordenadas deben ser números, por ejemplo -33.51 y -70.76."))
    number = float(written)
    if not math.isfinite(number):
        raise BadCoordinates(_("Las coordenadas deben ser números finitos."))
    return number


def parse_bbox(text: str) -> BBox:
    """Read «west,south,east,north» in degrees; raises BadCoordinates with a sentence."""
    parts = text.split(",")
    if len(parts) != 4:
        raise BadCoordinates(_("bbox necesita cuatro números: oeste,sur,este,norte."))
    west, south, east, north = (parse_number(part) for part in parts)
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= 90 and -90 <= north <= 90):
        raise BadCoordinates(_("bbox va en grados: longitudes entre -180 y 180, latitudes entre -90 y 90."))
    if west > east or south > north:
        raise BadCoordinates(_("En bbox el oeste va antes que el este y el sur antes que el norte."))
    return BBox(west, south, east, north)


def parse_point(*, lat: object, lng: object) -> Point:
    """Read a latitude and a longitude in degrees; raises BadCoordinates with a sentence.

    Half a coordinate, NaN, values out of range and swapped axes are refused. Being inside
    the commune is not decided here: the neighbourhoods do.
    """
    if _missing(lat) or _missing(lng):
        raise BadCoordinates(_("Falta la latitud o la longitud del punto."))
    latitude, longitude = parse_number(lat), parse_number(lng)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadCoordinates(_swapped_or_out_of_range(latitude, longitude))
    if not in_extent(lat=latitude, lng=longitude) and in_extent(lat=longitude, lng=latitude):
        raise BadCoordinates(_("La latitud y la longitud vienen cambiadas de lugar."))
    return Point(longitude, latitude, srid=SRID)


def in_extent(*, lat: float, lng: float) -> bool:
    """Whether a position in degrees lies in the rectangle around the commune."""
    west, south, east, north = settings.COMMUNE_EXTENT
    return west <= lng <= east and south <= lat <= north


def metres_between_sql(field: str, point: Point, metres: float) -> Func:
    """SQL condition «field is within metres (geodesic) of point», served by the index on geography(field)."""
    return Func(
        Func(F(field), function="geography", output_field=GeometryField(geography=True)),
        Func(Value(point, GeometryField(srid=SRID)), function="geography"),
        Value(metres, FloatField()),
        function="ST_DWithin",
        output_field=BooleanField(),
    )


def _missing(value: object) -> bool:
    return value is None or str(value).strip() == ""


def _swapped_or_out_of_range(latitude: float, longitude: float) -> str:
    if in_extent(lat=longitude, lng=latitude):
        return _("La latitud y la longitud vienen cambiadas de lugar.")
    return _("Las coordenadas se salen del mapa: la latitud va de -90 a 90 y la longitud de -180 a 180.")
