"""Which repairs wait for the word of their neighbourhood."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from issues.models import DOUBTED, EntryKind, HistoryEntry, IssueQuerySet
from issues.workflow import AWAITING_VERDICT, REOPEN_WITHIN_DAYS, Status


def awaiting_verdict(issues: IssueQuerySet, at: dt.datetime | None = None) -> IssueQuerySet:
    """Told as done and not judged, however long ago; or verified, and doubted by a neighbour since.

    A verified one only while it may still reopen.
    """
    reopens = (at or timezone.now()) - dt.timedelta(days=REOPEN_WITHIN_DAYS)
    doubts = HistoryEntry.objects.filter(issue=OuterRef("pk"), kind=EntryKind.NOTE, to_value=DOUBTED)
    doubted = Exists(doubts.filter(at__gt=OuterRef("status_since")))
    again = Q(status=Status.VERIFIED, status_since__gt=reopens) & doubted
    return issues.filter(Q(status__in=AWAITING_VERDICT) | again)
