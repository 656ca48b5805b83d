"""How many problems each value of a filter would show, the other filters staying as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable

from django.db.models import Case, Count, Q, When
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Department, User
from handovers.query.filters import HOLDER_LEFT, matching, without
from issues.models import Category, IssueQuerySet
from issues.query.filters import values_of
from issues.workflow import OPEN
from territories.models import Territory

ABSENT = "none"
Facet = dict[str, int]
Named = Callable[[Hashable], str | None]
# Columns of the problem itself, which one index holds together; each facet reads one of them.
COLUMNS = {
    "territory": "territory_id",
    "category": "category_id",
    "status": "status",
    "track": "category_id",
    "origin": "origin",
    "department": "department_id",
}
# Columns of its running handover.
HANDOVER_COLUMNS = {"assigned": "current__assigned_to__username", "round": "current__round"}


def facet_counts(user: User, params: QueryDict) -> dict[str, Facet]:
    """For each filter its values with the number of problems behind each.

    The filters that are not set share one count; each that is set needs a separate count without itself.
    """
    names = _names()
    chosen = [name for name in (*COLUMNS, *HANDOVER_COLUMNS) if values_of(params, name)]
    rows = matching(user, params)
    counts = _own(rows, names, set(COLUMNS) - set(chosen))
    total = sum(next(iter(counts.values())).values()) if counts else rows.order_by().count()
    counts |= _handover_facets(rows, set(HANDOVER_COLUMNS) - set(chosen), total)
    for name in chosen:
        freed = matching(user, without(params, name))
        counts |= _own(freed, names, {name}) if name in COLUMNS else _handover_facets(freed, {name})
    timed = matching(user, without(params, "overdue"))
    return counts | {"overdue": _overdue(timed, None if values_of(params, "overdue") else total)}


def _own(rows: IssueQuerySet, names: dict[str, Named], wanted: set[str]) -> dict[str, Facet]:
    """Facets of the problem's own columns: grouped by all of them at once, separated afterwards."""
    if not wanted:
        return {}
    columns = sorted({COLUMNS[name] for name in wanted})
    groups = list(rows.order_by().values_list(*columns).annotate(Count("pk")))
    return {
        name: _summed((names[name](group[columns.index(COLUMNS[name])]), group[-1]) for group in groups)
        for name in wanted
    }


def _handover_facets(rows: IssueQuerySet, wanted: set[str], total: int | None = None) -> dict[str, Facet]:
    """Facets of the running handover; what has none is the rest of the total, counted if it is not known."""
    if not wanted:
        return {}
    total = rows.order_by().count() if total is None else total
    handed = rows.filter(Q(current__isnull=False)).order_by()
    handed = handed.annotate(gone=Case(When(HOLDER_LEFT, then=True), default=False))
    groups = list(handed.values_list(*HANDOVER_COLUMNS.values(), "gone").annotate(Count("pk")))
    rest = (None, None, False, total - sum(group[-1] for group in groups))
    left = [(None, None, True, group[-1]) for group in groups if group[2]]
    counted = {"assigned": [*groups, rest, *left], "round": [*groups, rest]}
    places = list(HANDOVER_COLUMNS)
    return {
        name: _summed((_text(group[places.index(name)]), group[-1]) for group in counted[name])
        for name in wanted
    }


def _overdue(rows: IssueQuerySet, total: int | None) -> Facet:
    total = rows.order_by().count() if total is None else total
    late = rows.filter(due_date__lt=timezone.localdate(), status__in=OPEN).order_by().count()
    return _summed([("true", late), ("false", total - late)])


def _names() -> dict[str, Named]:
    """For each column of a problem how its ids are called in an address."""
    categories = list(Category.objects.order_by().values_list("pk", "code", "track"))
    return {
        "territory": _names_in(Territory.objects.order_by().values_list("pk", "code")),
        "category": _names_in((pk, code) for pk, code, _track in categories),
        "track": _names_in((pk, track) for pk, _code, track in categories),
        "department": _names_in(Department.objects.order_by().values_list("pk", "code")),
        "status": _text,
        "origin": _text,
    }


def _names_in(pairs: Iterable[tuple[int, object]]) -> Named:
    names: dict[Hashable, str] = {pk: str(name) for pk, name in pairs}
    return names.get


def _text(value: Hashable) -> str | None:
    return None if value is None else str(value)


def _summed(counted: Iterable[tuple[str | None, int]]) -> Facet:
    """Numbers added by value; nothing where there is nothing, ABSENT for what has no value."""
    sums: Counter[str] = Counter()
    for value, number in counted:
        sums[value or ABSENT] += number
    return {value: number for value, number in sums.items() if number}
