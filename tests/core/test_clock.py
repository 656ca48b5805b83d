"""The workers' clock under a wrong clock: no flood of turns, no standstill, no job left for 2027."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.worker import Worker

from core.clock import Clock, ClockedWorker, believe_no_future
from core.jobs import Queue
from core.models import Letter, LetterState, WaitingJob
from core.outbox import post as write
from tests.workers import a_worker, wait_until

NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC).timestamp()
MINUTE, DAY = 60, 86_400
# Seconds that the machine's clock is put ahead; back again a minute later.
JUMPS = {
    "none": 0,
    "a day back": -DAY,
    "a year ahead": 365 * DAY,
    "an hour back": -3600,
    "an hour ahead": 3600,
}


def turns(clock: Clock, at: float) -> list[tuple[str, int]]:
    """What it would write down at a moment: which task, and when it was due."""
    return [(task.task.name, timestamp) for task, timestamp in clock.get_previous_tasks(at)]


@pytest.mark.parametrize("jump", JUMPS)
def test_after_a_jump_every_task_has_at_most_the_one_turn_that_is_due(jump):
    clock = Clock(app.periodic_registry)
    for at in (NOON, NOON + JUMPS[jump], NOON + MINUTE, NOON + 2 * MINUTE):
        found = turns(clock, at)
        assert len(found) == len({name for name, _ in found})
        assert all(at - 10 * MINUTE <= due <= at for _, due in found)
        assert len(found) > 10


def test_the_same_minute_seen_twice_is_written_down_once(db):
    """By the database, whichever worker or clock asks."""
    with connection.cursor() as cursor:
        asked = (
            "SELECT procrastinate_defer_periodic_job_v2('chores', NULL, NULL, 'x', 0, '', 1800000000, '{}')"
        )
        found = []
        for _ in range(2):
            cursor.execute(asked)
            found.append(cursor.fetchone()[0])
    assert found[0] is not None
    assert found[1] is None


def test_the_library_still_has_the_place_where_our_clock_is_put_in():
    assert "_periodic_deferrer" in vars(Worker)
    assert vars(ClockedWorker).keys() >= {"_periodic_deferrer"}


@pytest.mark.parametrize(
    ("ahead", "waits"), [("1 year", False), ("1 day", False), ("3 hours", True), ("-1 day", True)]
)
def test_a_job_that_a_wrong_clock_put_far_ahead_is_due_now(db, ahead, waits):
    write("vecina@example.cl", "Novedades", "Hola")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + %s::interval", [ahead])
        before = WaitingJob.objects.get().scheduled_at
        assert believe_no_future() == (not waits)
        assert (WaitingJob.objects.get().scheduled_at == before) == waits


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_worker_that_died_a_year_ahead_is_taken_up(post):
    letter = write("vecina@example.cl", "Novedades", "Hola")
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() + interval '1 year') RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
        )
    believe_no_future()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
            " WHERE last_heartbeat <= now()"
        )
    with a_worker(Queue.MAIL, EMAIL_URL=post.url):
        wait_until(lambda: Letter.objects.get(pk=letter.pk).state == LetterState.SENT)
    assert len(post.taken) == 1
