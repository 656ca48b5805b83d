"""What is kept of persons beside a problem, and for how long."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import ledger
from issues.models import Issue, Reporter


def forget_reporters(at: dt.datetime | None = None) -> int:
    """Delete the data of those who reported, from the day they name on; returns of how many."""
    today = timezone.localdate(at or timezone.now())
    return Reporter.objects.filter(expires_on__lte=today).delete()[0]


@transaction.atomic
def erase_reporter(issue: Issue) -> int:
    """Delete who reported a problem now, because a person asked for it; returns of how many."""
    ledger.note("reporter", issue.pk)
    ledger.drop(issue.pk)
    return forget_reporter(str(issue.pk))


def forget_reporter(issue_id: str) -> int:
    """Delete who reported the problem with this id; returns of how many."""
    return Reporter.objects.filter(issue__pk=issue_id).delete()[0]
