"""The queue's own housekeeping."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.utils.translation import gettext_lazy as _
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from core import alarms
from core.chores import chore
from core.clock import believe_no_future, believed
from core.jobs import Queue

MOST_LIVES = 5
KEEP_FAILED_HOURS = 30 * 24


async def take_up_abandoned(context: JobContext, timestamp: int) -> None:
    """Give the jobs of workers that died back to the queue; one that outlives none of them has failed."""
    manager = context.app.job_manager
    await sync_to_async(believe_no_future)()
    for job in await manager.get_stalled_jobs():
        if job.attempts >= MOST_LIVES and job.queue != Queue.MAIL:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
        else:
            await manager.retry_job(job)
    if await sync_to_async(believed)():
        hours = KEEP_FAILED_HOURS
        await manager.delete_old_jobs(
            hours, include_failed=True, include_cancelled=True, include_aborted=True
        )


def _on_every_queue() -> None:
    """Whichever worker lives takes up what the other left."""
    for queue in (Queue.CHORES, Queue.MAIL):
        name = f"core.take_up_abandoned.{queue}"
        task = app.task(name=name, queue=queue, pass_context=True)(take_up_abandoned)
        app.periodic(cron="* * * * *")(task)


_on_every_queue()

chore("watch", _("alarmas avisadas"), alarms.watch)
# The worker of the mail watches too, in case the other one is what is ill.
chore("watch_from_mail", _("alarmas avisadas (desde el correo)"), alarms.watch, queue=Queue.MAIL)
