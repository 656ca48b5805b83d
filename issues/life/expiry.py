"""What is kept of persons beside a problem, and for how long."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from issues.models import Reporter


def forget_reporters(at: dt.datetime | None = None) -> int:
    """Delete the data of those who reported, from the day they name on; returns of how many."""
    today = timezone.localdate(at or timezone.now())
    return Reporter.objects.filter(expires_on__lte=today).delete()[0]
