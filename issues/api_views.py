"""Categories and issues under /api/v1/: what anyone may read, and staff a little more."""

from __future__ import annotations

import json
import re
import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from issues.index import display
from issues.models import Category, HistoryEntry, Issue, IssueQuerySet, Photo, line_as_shown
from issues.query import keyset
from issues.query.features import issue_feature
from issues.query.filters import issues_asked_for
from territories.geojson import feature_collection
from territories.media_types import GEOJSON

REFERENCE = re.compile(r"M-\d{4}-\d{6,9}", re.ASCII)


class CategorySerializer(serializers.ModelSerializer):
    """A kind of problem."""

    group = serializers.CharField(source="group.code")
    group_name = serializers.CharField(source="group.name")
    icon = serializers.CharField(source="group.icon")
    department = serializers.CharField(source="department.code", allow_null=True, default=None)

    class Meta:
        model = Category
        fields = [
            "code", "name", "example", "group", "group_name", "icon", "geometry", "department", "competence",
            "outside_body", "track", "suggested_severity", "response_days", "privacy", "is_open",
        ]  # fmt: skip


@extend_schema(tags=["categories"])
class CategoryViewSet(viewsets.ReadOnlyModelViewSet):
    """The kinds of problems, in the order of the list."""

    queryset = Category.objects.select_related("group", "department")
    serializer_class = CategorySerializer
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9-]+"
    filter_backends: list = []
    pagination_class = None


class PhotoSerializer(serializers.ModelSerializer):
    """A reviewed photo."""

    url = serializers.HyperlinkedIdentityField("photo", lookup_url_kwarg="photo_id")

    class Meta:
        model = Photo
        fields = ["id", "url", "kind", "width", "height", "caption", "added_at"]


class IssueSerializer(GeoFeatureModelSerializer):
    """One problem as a GeoJSON feature; nothing about who reported it."""

    category = serializers.CharField(source="category.code")
    category_name = serializers.CharField(source="category.name")
    group = serializers.CharField(source="category.group.code")
    track = serializers.CharField(source="category.track")
    territory = serializers.IntegerField(source="territory.code", allow_null=True, default=None)
    territory_name = serializers.CharField(source="territory.name", allow_null=True, default=None)
    department = serializers.CharField(source="department.code", allow_null=True, default=None)
    department_name = serializers.CharField(source="department.name", allow_null=True, default=None)
    status_label = serializers.CharField(source="get_status_display")
    duplicate_of = serializers.CharField(source="duplicate_of.reference", allow_null=True, default=None)
    index = serializers.SerializerMethodField()
    photos = serializers.SerializerMethodField()

    class Meta:
        model = Issue
        geo_field = "location"
        fields = [
            "id", "reference", "title", "description", "address", "category", "category_name", "group",
            "track", "territory", "territory_name", "department", "department_name", "status", "status_label",
            "status_since", "closing_kind", "duplicate_of", "index", "severity", "reach", "duration",
            "vulnerability", "committed_date", "due_date", "support_count", "origin", "reported_at",
            "updated_at", "photos",
        ]  # fmt: skip

    def get_index(self, issue: Issue) -> float | None:
        """The index as shown, 0–100 with one decimal."""
        return None if issue.index is None else float(display(issue.index))

    @extend_schema(responses=PhotoSerializer(many=True))
    def get_photos(self, issue: Issue) -> list[dict]:
        """Reviewed photos in the order they came."""
        photos = issue.photos.public()
        return PhotoSerializer(photos, many=True, context=self.context).data


class IssueListItemSerializer(IssueSerializer):
    """One problem in a list: as alone, without its photos."""

    photos = None

    class Meta(IssueSerializer.Meta):
        fields = [name for name in IssueSerializer.Meta.fields if name != "photos"]


class HistorySerializer(serializers.ModelSerializer):
    """One sealed line of an issue's history; offices, never persons.

    A hidden text is «»: then the line's hash cannot be recomputed, but the lines after it still follow it.
    """

    public_text = serializers.CharField(source="shown_text")

    class Meta:
        model = HistoryEntry
        fields = [
            "at", "kind", "from_value", "to_value", "office", "public_text", "evidence", "previous_hash",
            "sealed", "gathering_number", "hash",
        ]  # fmt: skip
        extra_kwargs = {
            "sealed": {"help_text": "Commitment to what is not public: SHA-256 over it and a secret salt."},
            "gathering_number": {"help_text": "The gathering whose verdict it is; sealed last."},
        }


@extend_schema_serializer(many=False)
class IssueCollectionSerializer(serializers.Serializer):
    """One page of problems as a GeoJSON FeatureCollection."""

    type = serializers.ChoiceField(choices=["FeatureCollection"])
    next = serializers.URLField(allow_null=True, help_text="The page after, or null.")
    previous = serializers.URLField(allow_null=True, help_text="The page before, or null.")
    features = IssueListItemSerializer(many=True)


def _parameter(name: str, text: str, kind: OpenApiTypes = OpenApiTypes.STR) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=text)


FILTER_PARAMETERS = [
    _parameter("territory", "Codes or slugs of neighbourhoods, separated by commas."),
    _parameter("category", "Codes of categories, separated by commas."),
    _parameter("group", "Codes of category groups, separated by commas."),
    _parameter("status", "Statuses separated by commas, or `open`, `finished`."),
    _parameter("department", "Codes of departments, separated by commas."),
    _parameter("track", "gestion, inversion, urgencia, derivacion."),
    _parameter("origin", "walk, gathering, resident, open311, office, counter, telephone."),
    _parameter("min_index", "Least index as shown, 0–100."),
    _parameter("bbox", "west,south,east,north in degrees, WGS 84."),
    _parameter("q", "Words; accents do not matter."),
    _parameter("reported_from", "Day or moment, ISO 8601."),
    _parameter("reported_to", "Day (whole) or moment, ISO 8601."),
    _parameter("updated_from", "Day or moment, ISO 8601."),
    _parameter("updated_to", "Day (whole) or moment, ISO 8601."),
    _parameter("overdue", "true or false."),
]
PAGE_PARAMETERS = [
    _parameter("ordering", "A key, with - for descending: " + ", ".join(sorted(keyset.KEYS)) + "."),
    _parameter("cursor", "Where the page starts, from `next` or `previous` of another page."),
    _parameter("page_size", "1 to 200, default 50.", OpenApiTypes.INT),
]
ID_PARAMETER = OpenApiParameter(
    "id", OpenApiTypes.STR, OpenApiParameter.PATH, description="UUID or reference (M-2026-000123)."
)


class IssueViewSet(viewsets.ViewSet):
    """Problems as GeoJSON, filtered like every page, paged by key."""

    lookup_url_kwarg = "id"
    lookup_value_regex = r"[^/]+"

    @extend_schema(
        parameters=[*FILTER_PARAMETERS, *PAGE_PARAMETERS],
        responses={(200, "application/geo+json"): IssueCollectionSerializer, 400: OpenApiTypes.OBJECT},
        operation_id="issues_list",
    )
    def list(self, request: Request) -> HttpResponse:
        """One page of problems as a FeatureCollection with `next` and `previous`."""
        params = request.query_params
        ordering = keyset.parse_ordering(params.get("ordering", ""))
        size = keyset.parse_size(params.get("page_size", ""))
        rows = issues_asked_for(request.user, params)
        found = keyset.page(rows, ordering, params.get("cursor", ""), size, issue_lines())
        links = {name: _link(request, cursor) for name, cursor in _cursors(found).items()}
        return HttpResponse(feature_collection((row.feature for row in found.items), **links), GEOJSON)

    @extend_schema(responses=IssueSerializer, parameters=[ID_PARAMETER])
    def retrieve(self, request: Request, id: str) -> Response:
        """One problem as a Feature."""
        issue = find(_whole(Issue.objects.visible_to(request.user)), id)
        return Response(IssueSerializer(issue, context={"request": request}).data)

    @extend_schema(responses=HistorySerializer(many=True), parameters=[ID_PARAMETER])
    @action(detail=True, url_path="history")
    def history(self, request: Request, id: str) -> Response:
        """The whole sealed history of one problem, oldest line first."""
        issue = find(Issue.objects.visible_to(request.user), id)
        return Response(HistorySerializer(issue.history.annotate(shown_text=line_as_shown()), many=True).data)


def find(queryset: IssueQuerySet, name: str) -> Issue:
    """An issue by UUID or reference; 404 for anything else."""
    if REFERENCE.fullmatch(name):
        return get_object_or_404(queryset, reference=name)
    try:
        return get_object_or_404(queryset, pk=uuid.UUID(name))
    except ValueError:
        return get_object_or_404(queryset.none())


def issue_lines() -> keyset.Lines:
    """What a page of features shows: each issue as the text of `issue_feature`."""
    return keyset.Lines(Issue.objects.annotate(feature=issue_feature()), ("feature",))


def _whole(queryset: IssueQuerySet) -> IssueQuerySet:
    return queryset.select_related("category__group", "territory", "department", "duplicate_of").defer(
        "territory__boundary", "territory__outline"
    )


def _cursors(found: keyset.Page) -> dict[str, str]:
    return {"next": found.next, "previous": found.previous}


def _link(request: Request, cursor: str) -> str:
    if not cursor:
        return "null"
    query = request.query_params.copy()
    query["cursor"] = cursor
    return json.dumps(request.build_absolute_uri(f"?{query.urlencode()}"))


ROUTES: list[tuple] = [("categories", CategoryViewSet, "category"), ("issues", IssueViewSet, "issue")]
urlpatterns: list[URLPattern] = []
