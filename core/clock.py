"""The clock of the workers, which a wrong clock of the machine neither floods nor stops."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from procrastinate.periodic import PeriodicDeferrer, PeriodicTask
from procrastinate.worker import Worker

from core.jobs import LONGEST_WAIT


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
