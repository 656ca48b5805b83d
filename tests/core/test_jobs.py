"""Jobs: a worker that died leaves none behind, and one that kills its workers is given up."""

from __future__ import annotations

import pytest
from django.db import connection

from core.jobs import Patience, Queue
from core.models import Letter, LetterState, WaitingJob
from core.outbox import post as write
from core.tasks import MOST_LIVES
from tests.workers import a_worker, wait_until

DEAD = """
WITH dead AS (
    INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id
)
UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id, attempts = %s, queue_name = %s FROM dead
"""


def left_by_a_dead_worker(attempts: int = 0, queue: Queue = Queue.MAIL) -> None:
    """All jobs are being done by a worker that was last heard of an hour ago."""
    with connection.cursor() as cursor:
        cursor.execute(DEAD, [attempts, queue])


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_worker_that_died_is_taken_up_by_the_next(post):
    letter = write("vecina@example.cl", "Novedades", "Hola")
    left_by_a_dead_worker()
    with a_worker(Queue.MAIL, EMAIL_URL=post.url):
        wait_until(lambda: Letter.objects.get(pk=letter.pk).state == LetterState.SENT)
    assert len(post.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_that_outlived_none_of_its_workers_has_failed(post):
    write("vecina@example.cl", "Novedades", "Hola")
    left_by_a_dead_worker(attempts=MOST_LIVES, queue=Queue.LONG)
    with a_worker(Queue.MAIL):
        wait_until(lambda: WaitingJob.objects.filter(queue_name="long", status="failed").exists())
    assert post.taken == []


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 5), (1, 10), (3, 40), (20, 600), (10**6, 600)])
def test_each_fault_doubles_the_wait_up_to_the_longest(attempts, seconds):
    assert Patience(attempts=6, first=5, longest=600).wait(attempts) == seconds
