"""Handovers and indicators under /api/v1/: what was promised and how it stands, without persons."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Department
from core.postgis import identity
from handovers.indicators.figures import MIN_CASES, AreaIndicators, Figure, indicators
from handovers.models import Handover, HandoverItem
from issues.models import Issue, answer_as_shown
from rankings.api_views import NewestNumberFirst
from rankings.list_page import MAX_NUMBER


class HandoverSerializer(serializers.ModelSerializer):
    """One handover without its problems."""

    ranked_list = serializers.IntegerField(
        source="ranked_list.number", allow_null=True, default=None, help_text="Null in the urgent lane."
    )
    department = serializers.CharField(source="department.code")
    department_name = serializers.CharField(source="department.name")
    items = serializers.IntegerField(source="items_count", read_only=True)

    class Meta:
        model = Handover
        fields = [
            "number", "ranked_list", "department", "department_name", "memo", "handed_at", "received_at",
            "items",
        ]  # fmt: skip


class HandoverItemSerializer(serializers.ModelSerializer):
    """One handed-over public problem: its clock, its answer, its cost in pesos."""

    reference = serializers.CharField(source="issue.reference")
    public_text = serializers.CharField(source="shown_text")
    title = serializers.CharField(source="issue.title")
    territory = serializers.IntegerField(source="issue.territory.code", allow_null=True, default=None)
    status = serializers.CharField(source="issue.status")
    department = serializers.CharField(source="department.code", help_text="That has it now.")
    reason = serializers.CharField(source="list_place.reason", allow_null=True, default=None)
    finished_at = serializers.DateTimeField(
        source="told_done_at", allow_null=True, help_text="Told as done; `status` has the verdict."
    )

    class Meta:
        model = HandoverItem
        fields = [
            "reference", "title", "territory", "status", "place", "round", "reason", "department",
            "receipt_due", "answer_due", "written_answer_due", "received_at", "answer", "answered_at",
            "refusal_kind", "public_text", "committed_date", "finished_at", "cost_class", "cost_spent",
        ]  # fmt: skip
        extra_kwargs = {"place": {"help_text": "0 in the urgent lane."}}


class WholeHandoverSerializer(HandoverSerializer):
    """One handover with its public problems, in the order of the list."""

    items = serializers.SerializerMethodField()

    @extend_schema(responses=HandoverItemSerializer(many=True))
    def get_items(self, handover: Handover) -> list[dict]:
        """The items whose problem anyone may see."""
        items = (
            handover.items.filter(issue__in=Issue.objects.public())
            .annotate(shown_text=answer_as_shown())
            .select_related("issue__territory", "department", "list_place")
            .defer("issue__territory__boundary", "issue__territory__outline", "issue__shape")
            .order_by("place", "pk")
        )
        return HandoverItemSerializer(items, many=True).data


@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("department", OpenApiTypes.STR, description="Code of a department."),
            OpenApiParameter("lane", OpenApiTypes.STR, enum=["list", "urgent"]),
        ]
    ),
    retrieve=extend_schema(
        parameters=[OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH)],
        responses=WholeHandoverSerializer,
    ),
)
class HandoverViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """What went to which department, the newest first; `lane=urgent` is the public log of urgencies."""

    queryset = Handover.objects.none()
    serializer_class = HandoverSerializer
    pagination_class = NewestNumberFirst
    filter_backends = ()
    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,10}"

    def get_queryset(self) -> QuerySet[Handover]:
        """Handovers of the asked department and lane."""
        rows = Handover.objects.visible_to(self.request.user).select_related("department", "ranked_list")
        rows = rows.defer("ranked_list__document").annotate(items_count=Count("items"))
        return self._of_lane(self._of_department(rows))

    @identity.behind("counts")
    def retrieve(self, request: Request, number: str) -> Response:
        """One handover with its problems; 404 if there is none."""
        known = int(number) if int(number) <= MAX_NUMBER else 0
        rows = Handover.objects.visible_to(request.user).select_related("department", "ranked_list")
        found = rows.defer("ranked_list__document").filter(number=known).first()
        if found is None:
            raise NotFound(_("Esa entrega no existe."))
        return Response(WholeHandoverSerializer(found).data)

    def _of_department(self, rows: QuerySet) -> QuerySet:
        code = self.request.query_params.get("department", "")
        if not code:
            return rows
        if not Department.objects.filter(code=code).exists():
            raise ValidationError({"detail": _("Esa dirección no existe.")})
        return rows.filter(department__code=code)

    def _of_lane(self, rows: QuerySet) -> QuerySet:
        lane = self.request.query_params.get("lane", "")
        if lane not in ("", "list", "urgent"):
            raise ValidationError({"detail": _("«lane» es list o urgent.")})
        return rows.filter(ranked_list__isnull=lane == "urgent") if lane else rows


class FigureSerializer(serializers.Serializer):
    """A value and the number of cases behind it."""

    value = serializers.FloatField(allow_null=True, help_text=f"Null under {MIN_CASES} cases.")
    cases = serializers.IntegerField()


class StandingSerializer(serializers.Serializer):
    """The indicators of one neighbourhood; code 0 is the commune."""

    code = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    conversion = FigureSerializer(help_text="Verified by the neighbourhood / handed over.")
    told_done = FigureSerializer(help_text="Told as done and not verified / handed over; in no other figure.")
    equity = FigureSerializer(help_text="Finished / coefficient.")
    coherence = FigureSerializer(help_text="Finished whose theme is in the neighbourhood's first three.")
    order_kept = FigureSerializer(help_text="Pairs finished in the published order.")
    days_to_receipt = FigureSerializer(help_text="Median days from handover to receipt.")


class IndicatorsSerializer(serializers.Serializer):
    """All indicators."""

    commune = StandingSerializer()
    neighbourhoods = StandingSerializer(many=True)
    equity_least = serializers.FloatField(allow_null=True)
    equity_most = serializers.FloatField(allow_null=True)
    furthest_behind = serializers.ListField(child=serializers.CharField())


class IndicatorsView(APIView):
    """How the promises stand in each neighbourhood."""

    @extend_schema(responses=IndicatorsSerializer, operation_id="indicators")
    @identity.behind("counts")
    def get(self, request: Request) -> Response:
        """Conversion, equity, coherence, order kept and days to receipt."""
        found = indicators()
        data = {
            "commune": _figures(found.commune),
            "neighbourhoods": [_figures(each) for each in found.neighbourhoods],
            "equity_least": found.equity_least,
            "equity_most": found.equity_most,
            "furthest_behind": found.furthest_behind,
        }
        return Response(IndicatorsSerializer(data).data)


def _figures(area: AreaIndicators) -> dict[str, object]:
    figures = {name: value._asdict() for name, value in vars(area).items() if isinstance(value, Figure)}
    return {"code": area.code, "name": area.name} | figures


ROUTES: list[tuple] = [("handovers", HandoverViewSet, "handover")]
urlpatterns: list[URLPattern] = [path("indicators/", IndicatorsView.as_view(), name="indicators")]
