"""How many problems each value of a filter would show, the other filters staying as they are."""

from __future__ import annotations

from django.db.models import Case, CharField, Count, F, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from accounts.models import User
from handovers.filters import desk, without
from issues.filters import Params
from issues.models import IssueQuerySet
from issues.workflow import OPEN

ABSENT = "none"
# Name of the filter → what a row counts for.
FACETS: dict[str, Combinable] = {
    "territory": Cast("territory__code", CharField()),
    "category": F("category__code"),
    "status": F("status"),
    "track": F("category__track"),
    "origin": F("origin"),
    "department": F("department__code"),
    "assigned": F("assigned"),
    "round": Cast("round", CharField()),
}


def facet_counts(user: User, params: Params) -> dict[str, dict[str, int]]:
    """For each filter its values with the number of problems behind each; one query for each filter."""
    counts = {name: _counts(desk(user, without(params, name)), key) for name, key in FACETS.items()}
    counts["overdue"] = _overdue(desk(user, without(params, "overdue")))
    return counts


def _counts(rows: IssueQuerySet, key: Combinable) -> dict[str, int]:
    value = Coalesce(key, Value(""), output_field=CharField())
    grouped = rows.order_by().values(facet=value).annotate(n=Count("pk"))
    return {facet or ABSENT: n for facet, n in grouped.values_list("facet", "n")}


def _overdue(rows: IssueQuerySet) -> dict[str, int]:
    late = Case(
        When(due_date__lt=timezone.localdate(), status__in=OPEN, then=Value("true")),
        default=Value("false"),
        output_field=CharField(),
    )
    return _counts(rows, late)
