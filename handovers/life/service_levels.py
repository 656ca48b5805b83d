"""How long offices have, as this installation decided: `LISTED_TERMS`, `URGENT_TERMS` in the settings."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from handovers.life.deadlines import DueDates, Terms, due_dates
from handovers.models import HandoverItem, Holiday


def listed() -> Terms:
    """For what came on a list."""
    return Terms(*settings.LISTED_TERMS)


def urgent() -> Terms:
    """For risk to life."""
    return Terms(*settings.URGENT_TERMS)


def terms_of(item: HandoverItem) -> Terms:
    """For a problem on the desk: the urgent lane has no place on a list."""
    return listed() if item.list_place_id else urgent()


def dates_from(now: dt.datetime, terms: Terms) -> DueDates:
    """The deadlines of what is handed over at a moment: its day is the one in the commune."""
    return due_dates(timezone.localdate(now), Holiday.objects.days(), terms)
