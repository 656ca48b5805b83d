"""The part of /api/v1/ that belongs to rankings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import URLPattern
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from core.postgis import identity
from issues.query.keyset import BadPage, parse_size
from rankings.asking import AskedBy
from rankings.list_page import MAX_NUMBER, hidden_references
from rankings.models import RankedList
from rankings.pending import RANKED_TRACKS
from rankings.publishing import document_of
from rankings.rules.texts import HIDDEN, opened


class RankedListSerializer(serializers.ModelSerializer):
    """A published list without its places."""

    corrects = serializers.IntegerField(
        source="corrects.number", allow_null=True, default=None, read_only=True, help_text="A list's number."
    )
    places = serializers.IntegerField(source="places_count", read_only=True)

    class Meta:
        model = RankedList
        fields = [
            "number",
            "track",
            "published_at",
            "office",
            "digest",
            "previous_digest",
            "corrects",
            "places",
        ]
        read_only_fields = fields


class NeighbourhoodSerializer(serializers.Serializer):
    """What a neighbourhood brought to a list; the coefficient in hundredths."""

    code = serializers.IntegerField()
    name = serializers.CharField()
    coefficient = serializers.IntegerField()
    accepted = serializers.IntegerField(help_text="Accepted by a department in the last twelve months.")


class VoteSerializer(serializers.Serializer):
    """The vote of the latest gathering."""

    gathering = serializers.IntegerField(help_text="A gathering's number.")
    held_on = serializers.DateField()
    voters = serializers.IntegerField()
    tokens_each = serializers.IntegerField()
    tokens = serializers.IntegerField()
    people = serializers.IntegerField()
    place = serializers.IntegerField()
    index_then = serializers.IntegerField()


class ListItemSerializer(serializers.Serializer):
    """One place; the index is I3, 0 to 300."""

    place = serializers.IntegerField()
    rule_place = serializers.IntegerField(help_text="Without overrides.")
    round = serializers.IntegerField()
    turn = serializers.IntegerField(help_text="k, accepted problems included.")
    own_place = serializers.IntegerField(help_text="In its neighbourhood.")
    neighbourhood = serializers.IntegerField()
    reference = serializers.CharField()
    title = serializers.CharField()
    category = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    levels = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    index = serializers.IntegerField()
    reported_on = serializers.DateField()
    vote = VoteSerializer(allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())


class OverrideSerializer(serializers.Serializer):
    """A problem that an office put elsewhere, with the public reason."""

    reference = serializers.CharField()
    to = serializers.IntegerField()
    reason = serializers.CharField()
    office = serializers.CharField()
    asked_by = serializers.ChoiceField(AskedBy.choices, required=False, help_text="Since format 2.")
    asker = serializers.CharField(required=False, help_text="Organisation, office or audience number.")

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python, so it cannot be written as the others."""
        return super().get_fields() | {"from": serializers.IntegerField()}


class WeightsSerializer(serializers.Serializer):
    """The weights of the index; together they make 100."""

    severity = serializers.IntegerField()
    reach = serializers.IntegerField()
    duration = serializers.IntegerField()
    vulnerability = serializers.IntegerField()


class TextSerializer(serializers.Serializer):
    """A free text of a list, with the salt that opens the commitment under its digest."""

    commitment = serializers.CharField()
    salt = serializers.CharField()
    text = serializers.CharField()


class DocumentSerializer(serializers.Serializer):
    """A published list: the data of lista.json, whose bytes are the canonical form; no title hidden since."""

    format = serializers.CharField()
    rule = serializers.IntegerField(help_text="The rule its order and its reasons follow from.")
    number = serializers.IntegerField()
    track = serializers.CharField(help_text="gestion or inversion.")
    published_at = serializers.DateTimeField()
    office = serializers.CharField()
    previous_digest = serializers.CharField(allow_blank=True)
    boundaries = serializers.CharField()
    weights = WeightsSerializer()
    weights_version = serializers.IntegerField()
    coefficients = serializers.CharField(allow_blank=True)
    corrects = serializers.IntegerField(allow_null=True)
    window_months = serializers.IntegerField()
    neighbourhoods = NeighbourhoodSerializer(many=True)
    items = ListItemSerializer(many=True)
    overrides = OverrideSerializer(many=True)
    texts = TextSerializer(many=True, required=False, help_text="Since format 4; a hidden one is left out.")
    digest = serializers.CharField()


class NewestNumberFirst(BasePagination):
    """Pages by key, the newest list first: `before` is the number of the last list seen."""

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: object = None) -> list:
        """The lists before a number; a 400 for what cannot be read."""
        before, size = self._asked(request)
        rows = list(queryset.filter(number__lt=before).order_by("-number")[: size + 1])
        self.next = rows[size - 1].number if len(rows) > size else None
        return rows[:size]

    def get_paginated_response(self, data: list) -> Response:
        """The number to ask the next page with, null at the end."""
        return Response({"next": self.next, "results": data})

    def get_paginated_response_schema(self, schema: dict) -> dict:
        """How OpenAPI describes it."""
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": {"type": "integer", "nullable": True}, "results": schema},
        }

    def get_schema_operation_parameters(self, view: object) -> list[dict]:
        """The two words of the address."""
        return [
            {"name": "before", "in": "query", "schema": {"type": "integer", "minimum": 1}},
            {"name": "page_size", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}},
        ]

    def _asked(self, request: Request) -> tuple[int, int]:
        text = request.query_params.get("before", "")
        try:
            size = parse_size(request.query_params.get("page_size", ""))
        except BadPage as error:
            raise ValidationError({"detail": str(error)}) from error
        if text and not (text.isascii() and text.isdigit() and 1 <= int(text[:11]) <= MAX_NUMBER):
            raise ValidationError({"detail": _("«before» es el número de una lista.")})
        return int(text or MAX_NUMBER), size


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("track", OpenApiTypes.STR, enum=[track.value for track in RANKED_TRACKS]),
        ]
    ),
    retrieve=extend_schema(
        parameters=[OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH)],
        responses=DocumentSerializer,
    ),
)
class RankedListViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The published lists of priorities."""

    queryset = RankedList.objects.none()
    serializer_class = RankedListSerializer
    pagination_class = NewestNumberFirst
    filter_backends = ()
    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,10}"

    def get_queryset(self) -> QuerySet[RankedList]:
        """Published lists of the asked track; 400 for an unknown one."""
        lists = RankedList.objects.visible_to(self.request.user).without_document()
        track = self.request.query_params.get("track", "")
        if track and track not in RANKED_TRACKS:
            raise ValidationError({"detail": _("«track» es gestion o inversion.")})
        lists = lists.filter(track=track) if track else lists
        return (
            lists.select_related("corrects")
            .defer("corrects__document")
            .annotate(places_count=Count("places"))
        )

    @identity.behind("counts")
    def retrieve(self, request: Request, number: str) -> Response:
        """One list whole: inputs, parameters, order, reasons and digest; 404 if there is none."""
        known = int(number) if int(number) <= MAX_NUMBER else 0
        found = RankedList.objects.visible_to(request.user).filter(number=known).first()
        if found is None:
            raise NotFound(_("Esa lista no existe."))
        return Response(told(document_of(found), hidden_references(found)))


def told(document: dict[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """The document as anybody may read it now: «oculto» for titles of `hidden` references, as in the CSV."""
    shown = opened(document)
    items = [item | {"title": HIDDEN} if item["reference"] in hidden else item for item in shown["items"]]
    return document | shown | {"items": items}


ROUTES: list[tuple] = [("lists", RankedListViewSet, "list")]
urlpatterns: list[URLPattern] = []
