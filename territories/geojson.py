"""GeoJSON that PostgreSQL writes: no geometry is decoded and no serialiser runs on lists.

Coordinates are degrees, EPSG:4326, [longitude, latitude], areas are walked around counterclockwise,
as RFC 7946 asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

# 6 decimals of a degree are 11 cm.
PRECISION = 6


class Json(Func):
    """json_build_object(key, value, …); json, not jsonb, which is three times slower to write."""

    function = "json_build_object"
    output_field = TextField()

    def __init__(self, **members: object) -> None:
        pairs = [part for name, value in members.items() for part in (Value(name, TextField()), value)]
        super().__init__(*(_typed(part) for part in pairs))


class Counterclockwise(Func):
    """A field of polygons, outer rings counterclockwise and holes clockwise."""

    function = "ST_ForcePolygonCCW"

    def __init__(self, field: str) -> None:
        super().__init__(F(field), output_field=GeometryField(srid=4326))


class JsonText(Func):
    """Text that is JSON already, taken as it is."""

    template = "(%(expressions)s)::json"
    output_field = TextField()


def feature(
    geometry: str | Counterclockwise,
    properties: Mapping[str, Combinable],
    *,
    identifier: str = "pk",
    precision: int = PRECISION,
) -> Cast:
    """Expression of one GeoJSON Feature as text; `geometry` and `identifier` name fields.

    A field of polygons is given as Counterclockwise(name). `precision` is the number of decimals of a degree.
    """
    shape = JsonText(AsGeoJSON(geometry, precision=precision))
    whole = Json(
        type=Value("Feature"),
        id=identifier,
        geometry=shape,
        properties=Json(**properties),
    )
    return Cast(whole, TextField())


def feature_collection(features: Iterable[str], **members: str) -> str:
    """Join features that PostgreSQL wrote; `members` are further members of the collection as JSON text."""
    more = "".join(f',"{name}":{text}' for name, text in members.items())
    return f'{{"type":"FeatureCollection"{more},"features":[{",".join(features)}]}}'


def _typed(part: object) -> object:
    if isinstance(part, Value) and isinstance(part.value, str):
        return Cast(part, TextField())
    return part
