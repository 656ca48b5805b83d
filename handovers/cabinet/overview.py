"""The cabinet's questions: what was promised, where, how it stands, what is silent."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Func, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Department
from core.together.seen import Fact, signature
from core.typing import present
from gatherings.models import Gathering, GatheringState
from handovers.life.delivery import SYSTEM_OFFICE, WAITING
from handovers.models import Answer, Handover, HandoverItem
from issues.models import Category, EntryKind, HistoryEntry, Issue, RoutingRule
from issues.statuses import STATUS_LABELS
from issues.workflow import FINISHED, WITH_DEPARTMENT, Status
from rankings.models import ListPlace, RankedList
from territories.models import Territory

LONG_WITHOUT_GATHERING = dt.timedelta(days=60)
COUNTS = {
    "handed": Count("pk"),
    "no_receipt": Count("pk", filter=Q(issue__status=Status.HANDED_OVER)),
    "no_answer": Count("pk", filter=Q(issue__status=Status.ACKNOWLEDGED)),
    "promised": Count(
        "pk", filter=Q(issue__status__in=[Status.SCHEDULED, Status.IN_PROGRESS, Status.ON_HOLD])
    ),
    "done": Count("pk", filter=Q(issue__status=Status.REPORTED_DONE)),
    "unverified": Count("pk", filter=Q(issue__status=Status.DONE_UNVERIFIED)),
    "finished": Count("pk", filter=Q(issue__status__in=FINISHED)),
    "refused": Count("pk", filter=Q(answer=Answer.REFUSE)),
}


DEPARTMENT = ("department__code", "department__name")
TERRITORY = ("issue__territory__code", "issue__territory__name", "issue__territory__slug")
KEYS = ("department_id", "issue__territory_id")


@dataclass(frozen=True)
class Neighbourhood:
    """A neighbourhood and its last gathering; `days` is None when it never had one."""

    territory: Territory
    last: dt.datetime | None
    days: int | None


@dataclass(frozen=True)
class Tallies:
    """How all running handovers stand: in all, for each department and for each neighbourhood."""

    totals: dict[str, int]
    by_department: list[dict[str, object]]
    by_territory: list[dict[str, object]]


def tallies() -> Tallies:
    """Counted once by department and neighbourhood, then added up: the most silent departments first."""
    grouped = _named(_counted().values(*KEYS).annotate(**_counts(timezone.localdate())))
    departments = sorted(_added(grouped, DEPARTMENT), key=lambda row: (-row["late"], row[DEPARTMENT[1]]))
    territories = sorted(_added(grouped, TERRITORY), key=lambda row: row[TERRITORY[0]] or sys.maxsize)
    totals = _added(grouped, ())
    return Tallies(totals[0] if totals else dict.fromkeys((*COUNTS, "late"), 0), departments, territories)


def _named(rows: Iterable[dict]) -> list[dict]:
    """The same rows with the names of their departments and neighbourhoods."""
    offices = {row[0]: row[1:] for row in Department.objects.order_by().values_list("pk", "code", "name")}
    columns = Territory.objects.order_by().values_list("pk", "code", "name", "slug")
    hoods = {None: (None, None, None)} | {row[0]: row[1:] for row in columns}
    return [
        row
        | dict(zip(DEPARTMENT, offices[row["department_id"]], strict=True))
        | dict(zip(TERRITORY, hoods[row["issue__territory_id"]], strict=True))
        for row in rows
    ]


def _added(rows: list[dict], keys: tuple[str, ...]) -> list[dict]:
    """The counts of rows that agree in some keys, added."""
    sums: dict[tuple, dict] = {}
    for row in rows:
        group = sums.setdefault(tuple(row[key] for key in keys), {key: row[key] for key in keys})
        for name in (*COUNTS, "late"):
            group[name] = group.get(name, 0) + row[name]
    return list(sums.values())


def silent(limit: int = 10) -> QuerySet:
    """The problems whose deadline passed longest ago."""
    late = _items().filter(issue__due_date__lt=timezone.localdate(), issue__status__in=WITH_DEPARTMENT)
    return (
        late.select_related("issue__territory", "department")
        .defer("issue__territory__boundary", "issue__territory__outline", "issue__shape")
        .order_by("issue__due_date", "place")[:limit]
    )


def without_gathering(now: dt.datetime | None = None) -> list[Neighbourhood]:
    """Neighbourhoods whose last gathering is long ago, those that never had one first."""
    now = now or timezone.now()
    last = dict(
        Gathering.objects.filter(state=GatheringState.CLOSED)
        .values_list("territory__code")
        .annotate(Max("starts_at"))
    )
    found = [
        _neighbourhood(territory, last.get(territory.code), now)
        for territory in Territory.objects.current().without_boundary()
    ]
    waiting = [each for each in found if each.last is None or now - each.last > LONG_WITHOUT_GATHERING]
    return sorted(waiting, key=lambda each: (each.days is not None, -(each.days or 0)))


def dissolved() -> QuerySet:
    """Offices out of function on which something hangs still.

    Each has `waiting`, `running` (problems before and after the handover), `categories_count`, `rules_count`.
    """
    own = OuterRef("pk")
    counts = {
        "waiting": _count_of(Issue.objects.filter(department=own, status__in=WAITING)),
        "running": _count_of(_items().filter(department=own, issue__status__in=WITH_DEPARTMENT)),
        "categories_count": _count_of(Category.objects.filter(department=own)),
        "rules_count": _count_of(RoutingRule.objects.filter(department=own)),
    }
    hangs = Q(*((f"{name}__gt", 0) for name in counts), _connector=Q.OR)
    return Department.objects.filter(is_open=False).annotate(**counts).filter(hangs).order_by("name")


def lists(limit: int = 10) -> QuerySet:
    """The newest published lists with how many places each has and how many were handed over."""
    places = ListPlace.objects.filter(ranked_list=OuterRef("pk"))
    handed = HandoverItem.objects.filter(list_place__ranked_list=OuterRef("pk"))
    counts = {"places_count": _count_of(places), "handed_count": _count_of(handed)}
    return RankedList.objects.without_document().annotate(**counts).order_by("-number")[:limit]


def handovers(limit: int = 12) -> QuerySet:
    """The newest handovers with how many problems each has and how many were finished."""
    items = HandoverItem.objects.filter(handover=OuterRef("pk"))
    return (
        Handover.objects.select_related("department", "ranked_list")
        .defer("ranked_list__document")
        .annotate(
            items_count=_count_of(items),
            finished_count=_count_of(items.filter(issue__status__in=FINISHED)),
        )
        .order_by("-number")[:limit]
    )


def jumped_over(limit: int = 10) -> QuerySet:
    """Problems still without an answer although their department accepted a later place of their list."""
    waiting = Q(pk__in=[])
    for ranked_list, department, place in _furthest_accepted():
        waiting |= Q(list_place__ranked_list_id=ranked_list, department_id=department, place__lt=place)
    return (
        _items()
        .filter(waiting, answer="", issue__status__in=[Status.HANDED_OVER, Status.ACKNOWLEDGED])
        .select_related("issue__territory", "department")
        .defer("issue__territory__boundary", "issue__territory__outline", "issue__shape")
        .order_by("place")[:limit]
    )


def _furthest_accepted() -> QuerySet:
    """(list, department, the last place the department accepted in it)."""
    accepted = _items().filter(answer=Answer.ACCEPT, list_place__isnull=False).order_by()
    columns = ("list_place__ranked_list_id", "department_id")
    return accepted.values_list(*columns).annotate(Max("place")).values_list(*columns, "place__max")


def _count_of(rows: QuerySet) -> Subquery:
    """How many rows belong to each row outside: counted for those that are shown, not for all."""
    every = Func(Value(1), function="count", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(every=every).values("every"))


def _items() -> QuerySet:
    return HandoverItem.objects.current()


def _counted() -> QuerySet:
    return HandoverItem.objects.current().counted()


def _counts(today: dt.date) -> dict[str, Count]:
    late = Q(issue__due_date__lt=today, issue__status__in=WITH_DEPARTMENT)
    return COUNTS | {"late": Count("pk", filter=late)}


def _neighbourhood(territory: Territory, last: dt.datetime | None, now: dt.datetime) -> Neighbourhood:
    return Neighbourhood(territory, last, (now - last).days if last else None)


def of_list(request: HttpRequest, number: int) -> list[Fact]:
    """What handing a list over depends on: what of it was handed over, and where its problems stand."""
    return [_handed(number), _statuses(number)]


def _handed(number: int) -> Fact:
    items = HandoverItem.objects.filter(handover__ranked_list__number=number).order_by("-pk")
    last = items.select_related("handover__handed_by").first()
    name = gettext_lazy("lo ya entregado")
    if last is None:
        return Fact(name, None)
    given = last.handover
    office = given.handed_by.office if given.handed_by else SYSTEM_OFFICE
    return Fact(name, last.pk, f"N.º {given.number}", signature(office, given.handed_at))


def _statuses(number: int) -> Fact:
    kinds = [EntryKind.STATUS, EntryKind.DEPARTMENT]
    listed = Issue.objects.filter(places__ranked_list__number=number).values("pk")
    lines = HistoryEntry.objects.filter(issue__in=listed, kind__in=kinds).order_by("-pk")
    last = lines.select_related("issue").first()
    name = gettext_lazy("sus problemas")
    if last is None:
        return Fact(name, None)
    label = STATUS_LABELS.get(last.to_value, last.to_value)
    return Fact(name, last.pk, f"{present(last.issue).reference}: {label}", signature(last.office, last.at))
