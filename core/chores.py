"""What nobody presses a button for: each chore alone, on its own schedule, with a note of how it went.

An app says its chores in its `tasks.py`. One that raises stops no other: its fault stands in its row, in the
log and on the page «Salud», and its next time comes as planned.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from croniter import croniter
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from procrastinate.contrib.django import app

from core.clock import believed
from core.discretion import told_of
from core.jobs import Queue
from core.models import Chore

log = logging.getLogger(__name__)
OFTEN = "*/5 * * * *"


@dataclass(frozen=True)
class Duty:
    """A chore as the code knows it: `work` returns how much it did, `cron` is in UTC."""

    name: str
    title: str | Promise
    work: Callable[[], int | None]
    cron: str
    queue: Queue = Queue.CHORES

    def next_run(self, now: dt.datetime) -> dt.datetime:
        """When it is due after a moment."""
        return croniter(self.cron, now).get_next(dt.datetime)

    def interval(self, now: dt.datetime) -> dt.timedelta:
        """How long from one time to the next."""
        first = self.next_run(now)
        return self.next_run(first) - first


DUTIES: dict[str, Duty] = {}


def chore(
    name: str,
    title: str | Promise,
    work: Callable[[], int | None],
    cron: str = OFTEN,
    queue: Queue = Queue.CHORES,
) -> None:
    """Let the workers do this again and again, never twice at once."""
    DUTIES[name] = Duty(name, title, work, cron, queue)

    def turn(timestamp: int) -> None:
        run(name)

    task = app.task(name=f"chore.{name}", queue=queue, lock=f"chore.{name}")(turn)
    app.periodic(cron=cron)(task)


def run(name: str) -> bool:
    """Do one chore now and note how it went; False when it raised, which is never passed on."""
    try:
        believed()
        count = DUTIES[name].work()
    except Exception as error:
        log.exception("chore %s", name)
        _note_after_a_fault(name, error)
        return False
    now = timezone.now()
    return _note(name, run_at=now, success_at=now, count=count, failures=0)


def run_all() -> list[str]:
    """Do every chore once, in the order in which they were told; returns the names of those that raised."""
    return [name for name in DUTIES if not run(name)]


def _note_after_a_fault(name: str, error: Exception) -> None:
    # Where the database itself failed, the connection is no use any more, and a note may be impossible.
    with suppress(DatabaseError, InterfaceError):
        if not connection.in_atomic_block:
            close_old_connections()
        now = timezone.now()
        _note(name, run_at=now, error_at=now, error=told_of(error), failures=F("failures") + 1)


def _note(name: str, **words: object) -> bool:
    Chore.objects.get_or_create(name=name)
    Chore.objects.filter(name=name).update(**words)
    return True
