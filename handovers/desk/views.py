"""`/gestion/`: the managers' desk. The address is the filter; every part reads the same address."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import NamedTuple

from django.db.models import Case, CharField, F, QuerySet, UUIDField, Value, When
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from handovers.access import for_desk
from handovers.acts import bulk_runs
from handovers.models import Handover, SavedView
from handovers.query import facets, filters, options, saved_filters
from issues.models import Issue, IssueQuerySet
from issues.query import keyset
from issues.query.files import TooMany
from issues.query.filters import BadFilter, Params, values_of
from issues.workflow import OPEN
from territories.compiled_queries import CompiledQuery, InArray
from territories.geojson import feature, feature_collection
from territories.media_types import GEOJSON

MAX_ON_MAP = 1500
COUNT_UP_TO = 50_000
COLUMNS = (
    ("place", gettext_lazy("Lugar")),
    ("title", gettext_lazy("Problema")),
    ("territory", gettext_lazy("Barrio")),
    ("status", gettext_lazy("Estado")),
    ("-index", gettext_lazy("Puntaje")),
    ("due_date", gettext_lazy("Plazo")),
    ("assigned", gettext_lazy("A cargo")),
    ("reported_at", gettext_lazy("Informado")),
)
# What each cell of a line is called where the table stands as cards.
ROW_WORDS = {
    "mark": gettext_lazy("Marcar"),
    "place": gettext_lazy("Lugar"),
    "territory": gettext_lazy("Barrio"),
    "status": gettext_lazy("Estado"),
    "index": gettext_lazy("Puntaje"),
    "due": gettext_lazy("Plazo"),
    "assigned": gettext_lazy("A cargo"),
    "reported": gettext_lazy("Informado"),
}
STAGE_LABELS = {
    "desk": gettext_lazy("En mi escritorio"),
    "coming": gettext_lazy("Por venir"),
    "unverified": gettext_lazy("Listos sin verificar"),
    "finished": gettext_lazy("Terminados"),
    "closed": gettext_lazy("Cerrados"),
    "all": gettext_lazy("Todos"),
}


class Line(NamedTuple):
    """What a line of the table shows, as plain columns: a page of models costs several times as much."""

    pk: uuid.UUID
    reference: str
    title: str
    status: str
    index: int | None  # type: ignore[assignment]  # hides tuple.index, which nobody calls
    due_date: dt.date | None
    is_late: bool
    reported_at: dt.datetime
    place: int | None
    round: int | None
    assigned: str
    category__name: str
    territory__name: str | None
    department__name: str | None


# Parts of the address that have no field in the form of filters.
KEPT = ("stage", "sort", "list", "area", "bbox", "cost", "group", "page_size")
# Filters whose value is one shape, not several words.
WHOLE = ("bbox", "area")
View = Callable[..., HttpResponseBase]


class DeskLines:
    """The lines of a page, by a statement that is written once for each stage of the address."""

    def __init__(self, stage: str) -> None:
        self._statement = CompiledQuery(
            lambda keys, today: _lines(QueryDict(f"stage={stage}"), keys, today),
            keys=[uuid.UUID(int=0)],
            today=dt.date.min,
        )

    def of(self, keys: list[keyset.Position]) -> list[Line]:
        """The lines of these keys, in their order; what is gone by now is left out."""
        wanted = [pk for _value, pk in keys]
        found = self._statement.rows(keys=wanted, today=timezone.localdate())
        by_key = {row[0]: Line(*row) for row in found}
        return [by_key[pk] for pk in wanted if pk in by_key]


def _lines(params: Params, keys: list[uuid.UUID], today: dt.date) -> QuerySet:
    late = When(due_date__lt=today, status__in=OPEN, then=Value(True))
    rows = filters.all_with_handover(params).annotate(is_late=Case(late, default=Value(False)))
    return rows.filter(InArray(F("pk"), keys, UUIDField())).order_by().values_list(*Line._fields)


DESK_LINES, ALL_LINES = DeskLines("desk"), DeskLines("all")


@dataclass(frozen=True)
class Link:
    """A link of a tab, a column or a chip: where it goes and whether that is where we are."""

    label: str
    query: str
    state: str = ""


def readable(view: View) -> View:
    """Answer a filter or page that cannot be read with 400 and its sentence."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except (BadFilter, keyset.BadPage, TooMany) as error:
            if request.path.endswith(".json"):
                return JsonResponse({"detail": str(error)}, status=HTTPStatus.BAD_REQUEST)
            words = {"status": 400, "sentence": str(error)}
            return render(request, "error.html", words, status=HTTPStatus.BAD_REQUEST)

    return guarded


@require_safe
@never_cache
@for_desk
@readable
def desk(request: SignedInRequest) -> HttpResponse:
    """One page of the problems on this desk, with the filters that led here."""
    params = request.GET
    home = "" if params else saved_filters.home_of(request.user)
    if home:
        return redirect(f"{request.path}?{home}")
    rows = filters.matching(request.user, params)
    choices = options.choices_of(request.user)
    order = filters.ordering(params)
    size = keyset.parse_size(params.get("page_size", ""))
    page = page_of(rows, params, order, size)
    words = {
        "rows": page.items,
        "next": _query(params, cursor=page.next) if page.next else "",
        "previous": _query(params, cursor=page.previous) if page.previous else "",
        "total": total_of(rows, page),
        "count_up_to": COUNT_UP_TO,
        "query": _query(params),
        "kept": [(name, value) for name in KEPT for value in params.getlist(name) if value.strip()],
        "stages": _stages(params),
        "columns": _columns(params, order),
        "words": {key: str(label) for key, label in ROW_WORDS.items()},
        "shows_department": request.user.department_id is None,
        "chips": _chips(params, options.labels(choices)),
        "views": SavedView.objects.visible_to(request.user).select_related("owner__department"),
        "bulk_actions": bulk_runs.offered(),
        "options": options.marked(choices, params),
        "receipts": Handover.objects.waiting_for_receipt(request.user),
        "desk_settings": _settings(request),
    }
    return render(request, "handovers/desk/desk.html", words)


@require_safe
@never_cache
@for_desk
@readable
def desk_map(request: SignedInRequest) -> HttpResponse:
    """The first problems of the same address, in the same order, as GeoJSON written by the database."""
    order = filters.ordering(request.GET)
    rows = filters.matching(request.user, request.GET)
    ordered = order.expressions(backwards=False)
    first = filters.sortable(rows, request.GET, order).order_by(*ordered).values("pk")[:MAX_ON_MAP]
    shown = filters.all_with_handover(request.GET).filter(pk__in=first).order_by(*ordered)
    return HttpResponse(feature_collection(shown.values_list(desk_feature(), flat=True)), GEOJSON)


@require_safe
@never_cache
@for_desk
@readable
def desk_facets(request: SignedInRequest) -> JsonResponse:
    """How many problems stand behind each value of each filter."""
    return JsonResponse(facets.facet_counts(request.user, request.GET))


def desk_feature() -> Cast:
    """Expression: a problem of the desk as the text of a GeoJSON feature."""
    urgent = Case(When(place=0, then=Value("true")), default=Value("false"), output_field=CharField())
    return feature(
        "location",
        {
            "reference": F("reference"),
            "title": F("title"),
            "status": F("status"),
            "place": F("place"),
            "index": F("index"),
            "urgent": urgent,
        },
    )


def page_of(rows: IssueQuerySet, params: Params, order: keyset.Ordering, size: int) -> keyset.Page:
    """One page of what `filters.matching` found, with everything a line of the table shows."""
    lines = DESK_LINES if filters.stage_of(params) == "desk" else ALL_LINES
    return keyset.page(filters.sortable(rows, params, order), order, params.get("cursor", ""), size, lines)


def total_of(rows: IssueQuerySet, page: keyset.Page | None = None) -> int:
    """How many rows there are, counted exactly up to COUNT_UP_TO; COUNT_UP_TO + 1 means more.

    A page that holds all of them is counted by itself.
    """
    if page and page.items and not (page.next or page.previous):
        return len(page.items)
    return rows.order_by().values("pk")[: COUNT_UP_TO + 1].count()


def is_late(issue: Issue) -> bool:
    """Whether the next deadline of an open problem has passed."""
    return bool(issue.due_date and issue.due_date < timezone.localdate() and issue.status in OPEN)


def _query(params: QueryDict, **changes: str) -> str:
    """The address with some parts changed; empty parts and the page are left out."""
    kept = params.copy()
    kept.pop("cursor", None)
    for name, value in changes.items():
        kept[name] = value
    for name in [name for name in kept if not any(kept.getlist(name))]:
        kept.pop(name)
    return "?" + kept.urlencode() if kept else ""


def _stages(params: QueryDict) -> list[Link]:
    now = filters.stage_of(params)
    rest = filters.without(params, "status")
    return [
        Link(
            str(label),
            _query(rest, stage="" if stage == "desk" else stage) or "?",
            "page" if stage == now else "",
        )
        for stage, label in STAGE_LABELS.items()
    ]


def _columns(params: QueryDict, order: keyset.Ordering) -> list[Link]:
    return [_column(params, order, key, str(label)) for key, label in COLUMNS]


def _column(params: QueryDict, order: keyset.Ordering, key: str, label: str) -> Link:
    field = keyset.PUBLIC_NAMES.get(key.lstrip("-"), key.lstrip("-"))
    if field != order.field:
        return Link(label, _query(params, sort=key), "none")
    turned = field if order.descending else f"-{field}"
    public = {value: name for name, value in keyset.PUBLIC_NAMES.items()}
    sort = turned.replace(field, public.get(field, field))
    return Link(label, _query(params, sort=sort), "descending" if order.descending else "ascending")


def _chips(params: QueryDict, labels: dict[str, dict[str, str]]) -> list[Link]:
    chips = []
    for name, label in options.FILTER_LABELS.items():
        values = _values(params, name)
        for value in values:
            shown = _("en el mapa") if name in WHOLE else labels.get(name, {}).get(value, value)
            rest = [other for other in values if other != value]
            chips.append(Link(f"{label}: {shown}", _with_values(params, name, rest)))
    return chips


def _values(params: QueryDict, name: str) -> list[str]:
    if name in WHOLE:
        return [value for value in params.getlist(name) if value.strip()]
    return values_of(params, name)


def _with_values(params: QueryDict, name: str, values: list[str]) -> str:
    kept = params.copy()
    kept.setlist(name, values)
    return _query(kept) or "?"


def _settings(request: HttpRequest) -> dict[str, object]:
    query = _query(request.GET)
    return {
        "map_url": f"{request.path}mapa.json{query}",
        "facets_url": f"{request.path}facetas.json{query}",
        "item_url": request.path,
        "max_on_map": MAX_ON_MAP,
    }
