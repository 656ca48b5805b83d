"""The clock of the workers, which a wrong clock of the machine neither floods nor stops nor makes forget."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from procrastinate.periodic import PeriodicDeferrer, PeriodicTask
from procrastinate.worker import Worker

from core.jobs import LONGEST_WAIT
from core.models import Chore

# Of the row that notes since when the house lives, and when it last did by a clock nobody doubts.
CLOCK = "clock"


class Clock(PeriodicDeferrer):
    """Looks only at what was due last before now; the database knows whether it was written down already.

    The library's own one goes on from its last look: after a jump of a year ahead it writes down every turn
    of that year, three million of them, and after one back nothing until the year is over.
    """

    def get_timestamps(self, periodic_task: PeriodicTask, since: int | None, until: float) -> Iterable[int]:
        """The turn before `until` (seconds since 1970), unless it was due ten minutes ago or more."""
        return super().get_timestamps(periodic_task, None, until)


class ClockedWorker(Worker):
    """A worker with this clock in it."""

    async def _periodic_deferrer(self) -> None:
        await Clock(self.app.periodic_registry, **self.app.periodic_defaults).worker()


@transaction.atomic
def believe_no_future() -> int:
    """Bring to now what a clock that was wrong put far ahead; returns how many jobs waited for it.

    Signs of life of workers that died then would never grow old, and their jobs would never be taken up.
    """
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() WHERE last_heartbeat > now()")
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now()"
            " WHERE status = 'todo' AND scheduled_at > now() + make_interval(secs => %s)",
            [2 * LONGEST_WAIT],
        )
        return cursor.rowcount


def believed(at: dt.datetime | None = None) -> bool:
    """Note that the house lives at this moment; False while its clock is in doubt, and then nothing is noted.

    In doubt is what lies more than CLOCK_JUMP_DAYS after it last lived: the clock jumped, or nobody was here
    for so long. It ends when the clock is set right, or when a person confirms the hour.
    """
    now = at or timezone.now()
    if not Chore.objects.filter(name=CLOCK).exists():
        ran = Chore.objects.aggregate(last=Max("run_at"))["last"]
        Chore.objects.get_or_create(name=CLOCK, defaults={"run_at": now, "success_at": ran or now})
    # One statement: two workers may look at once.
    return Chore.objects.filter(name=CLOCK, success_at__gte=now - _longest()).update(success_at=now) == 1


def doubted_since(now: dt.datetime) -> dt.datetime | None:
    """When the house last lived, while its clock is in doubt."""
    noted = Chore.objects.filter(name=CLOCK, success_at__lt=now - _longest())
    return noted.values_list("success_at", flat=True).first()


def confirm(now: dt.datetime) -> None:
    """A person says that the hour is right: what ends by its date ends again."""
    Chore.objects.filter(name=CLOCK).update(success_at=now)


def in_its_time(work: Callable[[], int]) -> Callable[[], int]:
    """The same work, left undone while the clock is in doubt: what ended too early comes never back."""

    @wraps(work)
    def wait() -> int:
        return work() if believed() else 0

    return wait


def _longest() -> dt.timedelta:
    return dt.timedelta(days=settings.CLOCK_JUMP_DAYS)
