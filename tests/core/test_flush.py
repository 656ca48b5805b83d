"""Emptying the tables between two tests while a page of the first is still being answered."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from core.models import Alarm

pytestmark = pytest.mark.django_db(transaction=True)

HELD_BY_THE_WAITING = """
SELECT held.relation::regclass::text FROM pg_locks waiting JOIN pg_locks held ON held.pid = waiting.pid
WHERE waiting.relation = 'core_alarm'::regclass AND NOT waiting.granted
AND held.granted AND held.mode = 'AccessExclusiveLock' AND held.relation::regclass::text ~ '^[a-z]+_[a-z]+$'
LIMIT 1
"""


def read(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def be_in_the_way(holding: threading.Event) -> None:
    """Read one table, and once the emptying waits for it, one that the emptying holds: a deadlock."""
    with suppress(OperationalError), transaction.atomic():
        list(Alarm.objects.all())
        holding.set()
        while not (held := read(HELD_BY_THE_WAITING)):
            pass
        read(f'SELECT 1 FROM "{held[0][0]}" LIMIT 1')
    connection.close()


def test_a_page_that_is_still_being_answered_does_not_stop_the_emptying():
    Alarm.objects.create(name="a", text="x")
    holding = threading.Event()
    page = threading.Thread(target=be_in_the_way, args=[holding])
    page.start()
    holding.wait(30)
    call_command("flush", interactive=False, verbosity=0)
    page.join(60)
    assert not Alarm.objects.exists()
