"""«Cumplió la fecha que prometió»: the first date a department gave in public, and whether it held.

What counts is the first date: one that was moved stays what was promised, and each move is counted.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import (
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf, TruncDate
from django.utils import timezone

from handovers.indicators.figures import public_items
from handovers.indicators.funnel import Row
from handovers.models import Answer
from issues.models import EntryKind, HistoryEntry
from issues.workflow import TOLD_DONE, ClosingKind

# Told as done by that day, and not sent back by the neighbourhood since.
_KEPT = Q(issue__status__in=TOLD_DONE, finished_on__lte=F("first_date"))


def dates_kept(today: dt.date | None = None, since: dt.datetime | None = None) -> list[Row]:
    """Of each department the first dates that have passed, how many it kept, how often one was put off."""
    due = (
        public_items(since)
        .filter(answer=Answer.ACCEPT)
        .exclude(issue__closing_kind=ClosingKind.DUPLICATE)
        .annotate(first_date=_first_date(), finished_on=TruncDate("finished_at"), moves=_moves())
        .filter(first_date__lt=today or timezone.localdate())
    )
    counted = (
        due.order_by()
        .values("department__name")
        .annotate(cases=Count("pk"), kept=Count("pk", filter=_KEPT), moved=Sum("moves"))
        .order_by("department__name")
        .values_list("department__name", "kept", "cases", "moved")
    )
    return [Row(*row) for row in counted]


def _changes() -> QuerySet[HistoryEntry]:
    """The lines that changed the date of an item's answer; none from before it was handed over anew."""
    return HistoryEntry.objects.filter(
        issue=OuterRef("issue"), kind=EntryKind.ANSWER, at__gte=OuterRef("answered_at")
    )


def _first_date() -> Coalesce:
    before = Subquery(_changes().order_by("pk").values("from_value")[:1])
    return Coalesce(Cast(NullIf(before, Value("")), DateField()), F("committed_date"))


def _moves() -> Coalesce:
    """How often the date was put off; dates are written as year, month and day and compare as text."""
    put_off = _changes().filter(to_value__gt=F("from_value")).order_by().values("issue")
    return Coalesce(Subquery(put_off.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
