"""Workers for tests: one within the test's own transaction, and one that is a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from procrastinate.contrib.django import app

from core.jobs import Queue
from core.postgis.rights import WORKER


def work_off(queue: Queue) -> list[str]:
    """Do what waits in a queue, each job once, as a worker does after the commit; returns what raised."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = %s"
            " RETURNING id, task_name, args::text::jsonb",
            [queue],
        )
        jobs = sorted(cursor.fetchall())
    return [fault for _id, name, words in jobs if (fault := _fault_of(name, words))]


def _fault_of(name: str, words: str) -> str:
    try:
        app.tasks[name](**json.loads(words))
    except Exception as error:
        return type(error).__name__
    return ""


def wait_until(what: Callable[[], bool], seconds: float = 90) -> None:
    """Look again and again until it is so; fails after so many seconds."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.05)


def database_url() -> str:
    """Where a process of its own finds the test's database."""
    told = connection.settings_dict
    return f"postgis://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


@contextmanager
def a_worker(*queues: Queue, **more: str) -> Iterator[subprocess.Popen]:
    """`manage.py work` on the test's database until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work", *queues],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url(), "DATABASE_ROLE": WORKER} | more,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def delivered() -> list[EmailMessage]:
    """What the worker of the mail has handed to a mail server that only remembers."""
    work_off(Queue.MAIL)
    return mail.outbox


def heed_ctrl_c() -> None:
    """For a child: whoever runs the tests in the background ignores Ctrl-C, a person's command does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
