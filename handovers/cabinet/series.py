"""How the promises move: this week against the last, and the targets of the delivery unit month by month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, DateField, F, Q
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone

from handovers.models import HandoverItem
from issues.models import EntryKind, HistoryEntry
from issues.workflow import FINISHED, Status

WEEK = dt.timedelta(days=7)
COUNTED = (
    Status.VALIDATED,
    Status.HANDED_OVER,
    Status.ACKNOWLEDGED,
    Status.SCHEDULED,
    Status.REPORTED_DONE,
    Status.VERIFIED,
    Status.DONE_UNVERIFIED,
    Status.CLOSED,
)


@dataclass(frozen=True)
class Week:
    """How often a status was reached in the last seven days and in the seven before."""

    status: Status
    now: int
    before: int

    @property
    def change(self) -> int:
        """More (or less) than the week before."""
        return self.now - self.before


@dataclass(frozen=True)
class Month:
    """What was handed over in a month, and the share of it that met each target (None without cases)."""

    month: dt.date
    handed: int
    receipt_in_time: float | None
    answer_in_time: float | None
    conversion: float | None
    unverified: float | None


def weeks(at: dt.datetime | None = None) -> list[Week]:
    """This week against the last."""
    now = at or timezone.now()
    lines = HistoryEntry.objects.filter(kind=EntryKind.STATUS, to_value__in=COUNTED, at__gt=now - 2 * WEEK)
    recent = Count("pk", filter=Q(at__gt=now - WEEK))
    counts = {
        status: (fresh, every - fresh)
        for status, fresh, every in lines.filter(at__lte=now)
        .order_by()
        .values("to_value")
        .annotate(recent=recent, every=Count("pk"))
        .values_list("to_value", "recent", "every")
    }
    return [Week(status, *counts.get(status, (0, 0))) for status in COUNTED]


def months(count: int = 12, at: dt.datetime | None = None) -> list[Month]:
    """The targets over the last months that saw a handover, the oldest first.

    A receipt or an answer that is still open counts as missed once its day has passed, and is left out
    before.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    today = timezone.localdate(at or timezone.now())
    rows = (
        HandoverItem.objects.current()
        .counted()
        .annotate(
            month=TruncMonth("handover__handed_at", tzinfo=zone, output_field=DateField()),
            received_on=TruncDate("received_at", tzinfo=zone),
            answered_on=TruncDate("answered_at", tzinfo=zone),
        )
        .values("month")
        .annotate(
            handed=Count("pk"),
            received=Count("pk", filter=Q(received_on__lte=F("receipt_due"))),
            receipts=Count("pk", filter=Q(received_on__isnull=False) | Q(receipt_due__lt=today)),
            answered=Count("pk", filter=Q(answered_on__lte=F("answer_due"))),
            answers=Count("pk", filter=Q(answered_on__isnull=False) | Q(answer_due__lt=today)),
            finished=Count("pk", filter=Q(issue__status__in=FINISHED)),
            unverified=Count("pk", filter=Q(issue__status=Status.DONE_UNVERIFIED)),
        )
        .order_by("-month")[:count]
    )
    return [_month(row) for row in reversed(list(rows))]


def _month(row: dict) -> Month:
    return Month(
        month=row["month"],
        handed=row["handed"],
        receipt_in_time=_share(row["received"], row["receipts"]),
        answer_in_time=_share(row["answered"], row["answers"]),
        conversion=_share(row["finished"], row["handed"]),
        unverified=_share(row["unverified"], row["handed"]),
    )


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
