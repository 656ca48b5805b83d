"""Work done after the answer: a row written in the caller's transaction, done by a worker once it is stored.

docs/decisions/jobs.md
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from django.db import connection
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

# No job waits longer for its next try, in seconds.
LONGEST_WAIT = 3 * 60 * 60
Work = TypeVar("Work", bound=Callable[..., object])


class Queue(StrEnum):
    """The mail has a worker of its own: a server that says nothing holds up no chore and no file."""

    CHORES = "chores"
    LONG = "long"
    MAIL = "mail"


class Patience(BaseRetryStrategy):
    """Each job waits on its own: `first` seconds after the first fault, twice that after each further one."""

    def __init__(self, attempts: int, first: int, longest: int) -> None:
        self.attempts, self.first, self.longest = attempts, first, longest

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None when it was tried often enough."""
        if job.attempts + 1 >= self.attempts:
            return None
        return RetryDecision(retry_in={"seconds": self.wait(job.attempts)})

    def wait(self, attempts: int) -> int:
        """Seconds between the fault after so many attempts and the next one."""
        return min(self.first * 2 ** min(attempts, 30), self.longest)


USUAL = Patience(attempts=6, first=5, longest=600)


def job(name: str, queue: Queue, retry: BaseRetryStrategy | None = USUAL) -> Callable[[Work], Work]:
    """Mark a function as what `defer(name, …)` lets a worker do; it must bear being done twice."""

    def mark(work: Work) -> Work:
        app.task(name=name, queue=queue, retry=retry or False)(work)
        return work

    return mark


def defer(name: str, **words: object) -> int:
    """Write a job down in the open transaction, to be done after it; returns its number."""
    return app.tasks[name].defer(**words)


def try_again(number: int) -> bool:
    """Put a failed job back into the queue, on a person's word; False when it has not failed."""
    if not _failed(number):
        return False
    app.job_manager.retry_job_by_id(number, retry_at=timezone.now())
    return True


def forget(number: int) -> bool:
    """Take a failed job out, on a person's word; False when it has not failed."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s AND status = 'failed'", [number])
        return cursor.rowcount == 1


def _failed(number: int) -> bool:
    return ProcrastinateJob.objects.filter(pk=number, status="failed").exists()
