"""The part of /api/v1/ that belongs to gatherings."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    extend_schema,
    extend_schema_field,
    extend_schema_view,
)
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from core.postgis import identity
from gatherings.acta import challenges
from gatherings.calendar.agenda import NEWEST_FIRST
from gatherings.models import Gathering, GatheringState, Outcome
from gatherings.room import annulled
from gatherings.room.result import result_lines
from issues.query.keyset import BadPage, page, parse_size


class GatheringSerializer(serializers.ModelSerializer):
    """A gathering on the agenda."""

    territory = serializers.IntegerField(
        source="territory.code", allow_null=True, default=None, read_only=True, help_text="Its number."
    )
    territory_name = serializers.CharField(source="territory.name", default="", read_only=True)

    class Meta:
        model = Gathering
        fields = ["id", "number", "territory", "territory_name", "council", "place", "starts_at", "ends_at",
                  "state", "mode"]  # fmt: skip
        read_only_fields = fields


class ResultLineSerializer(serializers.Serializer):
    """One problem of a closed ballot; index is 0 to 100 with one decimal, support a percentage."""

    place = serializers.IntegerField()
    reference = serializers.CharField(help_text="Empty when the problem is not public any more.")
    title = serializers.CharField()
    tokens = serializers.IntegerField()
    people = serializers.IntegerField()
    support = serializers.FloatField()
    index = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True)


class AnnulledLineSerializer(serializers.Serializer):
    """What one problem had in a count that was annulled."""

    reference = serializers.CharField(help_text="Empty when the problem is not public any more.")
    title = serializers.CharField()
    tokens = serializers.IntegerField(allow_null=True, help_text="Null when it was not counted yet.")
    people = serializers.IntegerField(allow_null=True)


class AnnulledCountSerializer(serializers.Serializer):
    """A count that was annulled; its figures come once the repeat is closed."""

    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    salt = serializers.CharField(help_text="The digest holds SHA-256 over salt and reason.")
    voters = serializers.IntegerField()
    ballots = serializers.IntegerField(allow_null=True)
    lines = AnnulledLineSerializer(many=True)


class ChallengeWordSerializer(serializers.Serializer):
    """What a facilitator who did not count said of an objection."""

    at = serializers.DateTimeField()
    office = serializers.CharField()
    outcome = serializers.ChoiceField(Outcome.values)
    text = serializers.CharField(help_text="Empty when it was taken away.")


class ChallengeSerializer(serializers.Serializer):
    """What an organisation that was present objected to."""

    organisation = serializers.CharField(source="challenge.name")
    at = serializers.DateTimeField(source="challenge.at")
    due_at = serializers.DateTimeField(source="challenge.due_at")
    text = serializers.CharField(source="challenge.text", help_text="Empty when it was taken away.")
    state = serializers.ChoiceField(["open", *Outcome.values, "expired"])
    words = ChallengeWordSerializer(many=True)


class GatheringDetailSerializer(GatheringSerializer):
    """A gathering with its result; the ballot is empty until the count is closed."""

    ballot = serializers.SerializerMethodField()
    annulled = serializers.SerializerMethodField()
    challenges = serializers.SerializerMethodField()

    class Meta(GatheringSerializer.Meta):
        fields = [*GatheringSerializer.Meta.fields, "people_present", "voters", "tokens_each",
                  "tokens_per_issue", "seed", "opened_at", "opened_reason", "closed_at", "missing_reason",
                  "digest", "ballot", "annulled", "challenges"]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(ResultLineSerializer(many=True))
    @identity.behind("counts")
    def get_ballot(self, gathering: Gathering) -> list[dict]:
        """From first to last place."""
        lines = result_lines(gathering) if gathering.is_closed else []
        return ResultLineSerializer(lines, many=True).data

    @extend_schema_field(AnnulledCountSerializer(many=True))
    @identity.behind("counts")
    def get_annulled(self, gathering: Gathering) -> list[dict]:
        """In the order in which they were annulled."""
        return AnnulledCountSerializer(annulled.told(gathering), many=True).data

    @extend_schema_field(ChallengeSerializer(many=True))
    def get_challenges(self, gathering: Gathering) -> list[dict]:
        """The oldest first; new lists leave the count out while one is open or when it was set aside."""
        told = challenges.told(challenges.of(gathering))
        return ChallengeSerializer(told, many=True).data


class NewestFirst(BasePagination):
    """Pages by key, the newest gathering first."""

    def paginate_queryset(self, queryset: QuerySet, request: Request, view: object = None) -> list:
        """The page that `cursor` and `page_size` ask for; ValidationError (400) for what cannot be read."""
        asked = request.query_params
        try:
            size = parse_size(asked.get("page_size", ""))
            self.page = page(queryset, NEWEST_FIRST, asked.get("cursor", ""), size)
        except BadPage as error:
            raise ValidationError({"detail": str(error)}) from error
        return self.page.items

    def get_paginated_response(self, data: list) -> Response:
        """Cursors of the pages around, null at the ends."""
        return Response(
            {"next": self.page.next or None, "previous": self.page.previous or None, "results": data}
        )

    def get_paginated_response_schema(self, schema: dict) -> dict:
        """The OpenAPI schema of the answer."""
        cursor = {"type": "string", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": cursor, "previous": cursor, "results": schema},
        }

    def get_schema_operation_parameters(self, view: object) -> list[dict]:
        """The two words of the address."""
        return [
            {"name": "cursor", "in": "query", "schema": {"type": "string"}},
            {"name": "page_size", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}},
        ]


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("territory", OpenApiTypes.INT, description="Number of a neighbourhood."),
            OpenApiParameter("state", OpenApiTypes.STR, enum=GatheringState.values),
        ]
    )
)
class GatheringViewSet(viewsets.ReadOnlyModelViewSet):
    """The agenda and the results of all gatherings."""

    queryset = Gathering.objects.none()
    pagination_class = NewestFirst
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Gathering]:
        """What this person may see, filtered as asked."""
        found = Gathering.objects.visible_to(self.request.user).with_names()
        asked = self.request.query_params
        if asked.get("territory"):
            found = found.filter(territory__code=_code(asked["territory"]))
        if asked.get("state"):
            found = found.filter(state=_state(asked["state"]))
        return found

    def get_serializer_class(self) -> type[GatheringSerializer]:
        """Short in lists, whole alone."""
        return GatheringDetailSerializer if self.action == "retrieve" else GatheringSerializer


def _code(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:10]) < 2**31):
        raise ValidationError({"detail": _("territory es el número de un barrio, por ejemplo 7.")})
    return int(text)


def _state(text: str) -> str:
    if text not in GatheringState.values:
        states = ", ".join(GatheringState.values)
        raise ValidationError({"detail": _("state es uno de: %(states)s.") % {"states": states}})
    return text


ROUTES: list[tuple] = [("gatherings", GatheringViewSet, "gathering")]
urlpatterns: list[URLPattern] = []
