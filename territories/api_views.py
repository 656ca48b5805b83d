"""Neighbourhoods under /api/v1/: their boundaries, and in which one a point lies."""

from __future__ import annotations

import datetime as dt
import json

from django.http import HttpResponse
from django.urls import path
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.typing import Json
from territories.boundaries.sets import territory_features
from territories.geo import BadCoordinates, parse_point
from territories.geojson import feature_collection
from territories.locating import MAX_POINTS, locate
from territories.media_types import GEOJSON
from territories.models import BoundarySet, BoundarySetQuerySet

MAX_AGE = 60

DAY = OpenApiParameter("on", OpenApiTypes.DATE, description="By the boundaries in force on that day.")
FULL = OpenApiParameter("full", OpenApiTypes.BOOL, description="The whole boundary, not the simplified one.")
LAT = OpenApiParameter("lat", OpenApiTypes.DOUBLE, required=True, description="Latitude, degrees, WGS 84.")
LNG = OpenApiParameter("lng", OpenApiTypes.DOUBLE, required=True, description="Longitude, degrees, WGS 84.")
NAMED: dict[str, object] = {
    "code": {"type": "integer"},
    "name": {"type": "string"},
    "slug": {"type": "string"},
}
NEIGHBOURHOOD = {"type": "object", "required": ["code", "name", "slug"], "properties": NAMED}
PROPERTIES = {
    "type": "object",
    "properties": NAMED
    | {
        "area_m2": {"type": "number"},
        "population": {"type": "integer", "nullable": True},
        "population_source": {"type": "string"},
        "approximate": {"type": "boolean"},
    },
}
COLLECTION = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "boundary_set": {"type": "object", "nullable": True},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "id", "geometry", "properties"],
                "properties": {
                    "type": {"type": "string", "enum": ["Feature"]},
                    "id": {"type": "integer"},
                    "geometry": {"type": "object"},
                    "properties": PROPERTIES,
                },
            },
        },
    },
}
POINTS = {
    "type": "object",
    "required": ["points"],
    "properties": {
        "points": {
            "type": "array",
            "maxItems": MAX_POINTS,
            "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
            "description": "[longitude, latitude] in degrees, WGS 84.",
        }
    },
}
FOUND = {
    "type": "object",
    "required": ["territories"],
    "properties": {"territories": {"type": "array", "items": NEIGHBOURHOOD | {"nullable": True}}},
}


@extend_schema(
    parameters=[FULL, DAY],
    responses={(200, "application/geo+json"): COLLECTION, 304: None, 400: OpenApiTypes.OBJECT},
    operation_id="territories_list",
    tags=["territories"],
)
@api_view(["GET", "HEAD"])
def territories(request: Request) -> HttpResponse:
    """The neighbourhoods as one FeatureCollection, in the order of their codes; not paged."""
    full, day = _flag(request, "full"), _day(request)
    boundary_set = _set_on(day).first()
    etag = f'"{boundary_set.version}-{int(full)}"' if boundary_set else '"none"'
    unchanged = get_conditional_response(request._request, etag=etag)
    response = unchanged or HttpResponse(_collection(boundary_set, full=full), GEOJSON)
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return response


@extend_schema(
    methods=["GET"],
    parameters=[LAT, LNG, DAY],
    responses={200: NEIGHBOURHOOD, 400: OpenApiTypes.OBJECT, 404: OpenApiTypes.OBJECT},
    operation_id="territories_at",
    tags=["territories"],
)
@extend_schema(
    methods=["POST"],
    parameters=[DAY],
    request={"application/json": POINTS},
    responses={200: FOUND, 400: OpenApiTypes.OBJECT},
    operation_id="territories_at_many",
    tags=["territories"],
)
@api_view(["GET", "HEAD", "POST"])
def at(request: Request) -> Response:
    """The neighbourhood of one point, or of up to 10,000; on a shared line the lowest code. 404 outside."""
    if request.method == "POST":
        return Response({"territories": locate(_points(request.data), _day(request))})
    point = parse_point(lat=request.query_params.get("lat"), lng=request.query_params.get("lng"))
    (found,) = locate([(point.x, point.y)], _day(request))
    if found is None:
        raise NotFound(_("El punto queda fuera de los barrios de la comuna."))
    return Response(found)


def _collection(boundary_set: BoundarySet | None, *, full: bool) -> str:
    if boundary_set is None:
        return feature_collection([], boundary_set="null")
    about = {
        "name": boundary_set.name,
        "source": boundary_set.source,
        "licence": boundary_set.licence,
        "approximate": boundary_set.is_approximate,
        "valid_from": boundary_set.valid.lower.isoformat(),
    }
    features = territory_features(boundary_set, full=full)
    return feature_collection(features, boundary_set=json.dumps(about, ensure_ascii=False))


def _set_on(day: dt.date | None) -> BoundarySetQuerySet:
    sets = BoundarySet.objects.valid_on(day) if day else BoundarySet.objects.in_force()
    return sets.with_version()


def _flag(request: Request, name: str) -> bool:
    value = request.query_params.get(name, "false").lower()
    if value not in ("true", "false", "1", "0"):
        raise ValidationError({"detail": _("%(name)s es true o false.") % {"name": name}})
    return value in ("true", "1")


def _day(request: Request) -> dt.date | None:
    value = request.query_params.get("on")
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise ValidationError(
            {"detail": _("La fecha se escribe AAAA-MM-DD, por ejemplo 2026-11-22.")}
        ) from None


def _points(data: Json) -> list[tuple[float, float]]:
    points = data.get("points") if isinstance(data, dict) else None
    if not isinstance(points, list) or len(points) > MAX_POINTS:
        raise ValidationError(
            {"detail": _("«points» es una lista de hasta 10.000 pares [longitud, latitud].")}
        )
    return [_pair(one) for one in points]


def _pair(point: Json) -> tuple[float, float]:
    parts = point if isinstance(point, list) else []
    numbers = [one for one in parts if type(one) in (int, float)]
    # What is not finite lies in no range.
    if len(numbers) == 2 == len(parts) and abs(numbers[0]) <= 180 and abs(numbers[1]) <= 90:
        return float(numbers[0]), float(numbers[1])
    raise BadCoordinates(_("Cada punto es [longitud, latitud] en grados, por ejemplo [-70.76, -33.51]."))


ROUTES: list[tuple] = []
urlpatterns = [
    path("territories/", territories, name="territories"),
    path("territories/at/", at, name="territories-at"),
]
