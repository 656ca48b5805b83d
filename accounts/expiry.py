"""What is kept of where somebody signed in and of what the administration pressed, and for how long."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import Attempt, SharedCache

PRESSED_DAYS = 730


def forget_sessions(at: dt.datetime | None = None) -> int:
    """Delete sessions that are over, with address and browser of each; returns how many."""
    gone = Session.objects.filter(expire_date__lte=at or timezone.now()).delete()[0]
    is_open = Exists(Session.objects.filter(session_key=OuterRef("session_key")))
    return gone + UserSession.objects.filter(~is_open).delete()[0]


def forget_tries(at: dt.datetime | None = None) -> int:
    """Delete counted tries and short notes whose time is over; returns how many."""
    now = at or timezone.now()
    tries = Attempt.objects.filter(forget_at__lte=now).delete()[0]
    return tries + SharedCache.objects.filter(expires__lte=now).delete()[0]


def forget_pressed(at: dt.datetime | None = None) -> int:
    """Delete the administration's own notes of PRESSED_DAYS ago: the sealed history has what counts."""
    limit = (at or timezone.now()) - dt.timedelta(days=PRESSED_DAYS)
    return LogEntry.objects.filter(action_time__lte=limit).delete()[0]
