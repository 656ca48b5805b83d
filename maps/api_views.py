"""The part of /api/v1/ that belongs to maps."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from issues.api_views import FILTER_PARAMETERS
from issues.life.hiding import PUBLIC_SECONDS
from issues.models import Issue
from issues.query.filters import Params, filtered, values_of
from maps.cells import clusters_document, question_of
from maps.features import MAX_MEMBERS, map_document, parse_zoom
from maps.orientation import orientation_document
from maps.search import suggestions
from territories.geo import BBox, parse_bbox
from territories.media_types import GEOJSON

ORIENTATION_SECONDS = 600
DEFAULT_ZOOM = "13"
# The box is what the grid covers; as a filter it would cut the cells at the edge.
BOX = "bbox"

SUGGESTION = inline_serializer(
    "Suggestion",
    {
        "kind": serializers.CharField(help_text="issue, territory, street, crossing, square, station, …"),
        "kind_label": serializers.CharField(help_text="The kind in Spanish."),
        "name": serializers.CharField(),
        "bbox": serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4),
        "url": serializers.CharField(allow_blank=True),
        "code": serializers.IntegerField(allow_null=True, help_text="Of a neighbourhood."),
    },
    many=True,
)
PROPERTIES: dict[str, object] = {
    "type": {"type": "string", "enum": ["FeatureCollection"]},
    "total": {"type": "integer", "description": "Problems in the box, also those in clusters."},
    "features": {"type": "array", "items": {"type": "object"}},
}
COLLECTION = {"type": "object", "required": ["type", "features"], "properties": PROPERTIES}
MEMBER = {
    "type": "object",
    "required": ["reference", "title", "status"],
    "properties": {name: {"type": "string"} for name in ("reference", "title", "status")},
}
MARK = {
    "type": "object",
    "required": ["count"],
    "description": "One problem with its own properties, or a count of several.",
    "properties": {
        "count": {"type": "integer", "minimum": 1},
        "marks": {"type": "array", "items": {"type": "integer"}, "description": "Count by mark."},
        "members": {
            "type": "array",
            "items": MEMBER,
            "maxItems": MAX_MEMBERS,
            "description": "Of a spot: its problems, the highest index first.",
        },
    },
}
MARKED = {"type": "object", "required": ["properties"], "properties": {"properties": MARK}}
MARKS_SHOWN = COLLECTION | {
    "properties": PROPERTIES | {"features": {"type": "array", "items": MARKED}},
}


@extend_schema(
    operation_id="map",
    tags=["map"],
    parameters=[
        *FILTER_PARAMETERS,
        OpenApiParameter("zoom", OpenApiTypes.NUMBER, description="0–22, sets the grid."),
    ],
    responses={(200, "application/geo+json"): MARKS_SHOWN, 400: OpenApiTypes.OBJECT},
)
@api_view(["GET", "HEAD"])
def map_features(request: Request) -> HttpResponse:
    """Problems of a box, clustered on a grid: at most 1,500 features; a cluster has `count` and `marks`.

    From zoom 15 on problems stand apart as long as 1,500 suffice; those that would lie on one another
    (within 12 pixels) are one feature with `members`: up to 50 of them, the highest index first.
    """
    params = request.query_params
    box, zoom = _box(params), parse_zoom(params.get("zoom") or DEFAULT_ZOOM)
    answer = HttpResponse(_document(request, _without_box(params), box, zoom), GEOJSON)
    shared = not request.user.is_authenticated
    answer["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}" if shared else "private, no-store"
    return answer


def _document(request: Request, params: Params, box: BBox, zoom: float) -> str:
    question = question_of(request.user, params)
    counted = clusters_document(question, box, zoom) if question else None
    return counted or map_document(filtered(Issue.objects.visible_to(request.user), params), box, zoom)


def _box(params: Params) -> BBox:
    given = values_of(params, BOX)
    return parse_bbox(given[0]) if given else BBox(*settings.COMMUNE_EXTENT)


def _without_box(params: QueryDict) -> QueryDict:
    rest = params.copy()
    rest.pop(BOX, None)
    return rest


@extend_schema(
    operation_id="map_orientation",
    tags=["map"],
    responses={(200, "application/geo+json"): COLLECTION},
)
@api_view(["GET", "HEAD"])
def orientation(request: Request) -> HttpResponse:
    """Neighbourhoods, streets, crossings, squares and stations of the project's own map."""
    document = orientation_document().encode()
    answer = HttpResponse(document, GEOJSON)
    answer["ETag"] = f'"{hashlib.sha256(document).hexdigest()[:32]}"'
    answer["Cache-Control"] = f"public, max-age={ORIENTATION_SECONDS}"
    return _or_not_modified(request, answer)


def _or_not_modified(request: Request, answer: HttpResponse) -> HttpResponse:
    plain_request: HttpRequest = request._request
    return get_conditional_response(plain_request, etag=answer["ETag"], response=answer) or answer


@extend_schema(
    operation_id="search",
    tags=["map"],
    parameters=[OpenApiParameter("q", OpenApiTypes.STR, description="2–80 letters.")],
    responses={200: SUGGESTION, 400: OpenApiTypes.OBJECT},
)
@api_view(["GET", "HEAD"])
def search(request: Request) -> Response:
    """Streets, crossings, neighbourhoods, known places and references that resemble a text."""
    return Response(suggestions(request.query_params.get("q", ""), request.user))


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The schema as a page: every operation with its parameters and answers."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return render(
        request, "maps/data/api_docs.html", {"info": schema["info"], "groups": operations_by_tag(schema)}
    )


def operations_by_tag(schema: dict) -> dict[str, list[dict]]:
    """Operations of an OpenAPI document by their first tag, in the order of their addresses."""
    groups: dict[str, list[dict]] = {}
    for address, methods in sorted(schema["paths"].items()):
        for method, operation in methods.items():
            one = operation | {"address": address, "method": method.upper()}
            groups.setdefault((operation.get("tags") or ["api"])[0], []).append(one)
    return groups


ROUTES: list[tuple] = []
urlpatterns = [
    path("docs/", docs, name="docs"),
    path("map/", map_features, name="map"),
    path("map/orientation.json", orientation, name="map-orientation"),
    path("search/", search, name="search"),
]
