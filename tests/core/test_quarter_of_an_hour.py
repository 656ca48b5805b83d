"""What is ill reaches the guard within fifteen minutes of its beginning, whichever worker is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection
from django.db.models import F
from django.utils import timezone

from core import health
from core.chores import DUTIES, run
from core.jobs import Queue
from core.models import Chore, Letter
from core.outbox import post as write
from tests.roles import owner

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)
MINUTE, PROMISED = dt.timedelta(minutes=1), 15
GUARD = "guardia@example.cl"


@pytest.fixture
def clock(settings) -> Iterator[time_machine.Traveller]:
    """A house that is well, in the moment before something happens."""
    settings.ALARM_EMAIL, settings.ALARM_BACKUP_HOURS = [GUARD], 36
    with time_machine.travel(START, tick=False) as machine:
        Chore.objects.create(name=health.BACKUP, success_at=START)
        for name in DUTIES:
            run(name)
        assert not told()
        yield machine


def told() -> bool:
    return Letter.objects.filter(address=GUARD).exists()


def nothing_more() -> None:
    """Only the watch goes on."""


def chores_go_on() -> None:
    for name, duty in DUTIES.items():
        if duty.queue == Queue.CHORES:
            Chore.objects.filter(name=name).update(run_at=timezone.now())


def one_fails() -> None:
    chores_go_on()
    Chore.objects.filter(name="digests").update(failures=F("failures") + 1)


def write_a_letter() -> None:
    write("vecina@example.cl", "Novedades", "Hola")


def fail_the_hourly_one() -> None:
    Chore.objects.filter(name="forget").update(failures=1)


def fail_a_backup() -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT backup_failed('no room')")


def give_a_job_up() -> None:
    write_a_letter()
    Letter.objects.exclude(address=GUARD).delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")


# What happens at once, what goes on every five minutes, and which watch is left.
Do = Callable[[], None]
FAULTS: dict[str, tuple[Do, Do, str]] = {
    "the worker of the chores dies": (nothing_more, nothing_more, "watch_from_mail"),
    "the worker of the mail dies": (nothing_more, chores_go_on, "watch"),
    "mail stands still": (write_a_letter, chores_go_on, "watch_from_mail"),
    "a chore fails again and again": (nothing_more, one_fails, "watch_from_mail"),
    "an hourly chore fails": (fail_the_hourly_one, chores_go_on, "watch_from_mail"),
    "a backup fails": (fail_a_backup, chores_go_on, "watch_from_mail"),
    "a job is given up": (give_a_job_up, chores_go_on, "watch_from_mail"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_guard_is_told_within_fifteen_minutes(clock, fault):
    happens, goes_on, watch = FAULTS[fault]
    clock.shift(MINUTE)  # just after a look: the longest way to the next
    happens()
    for minute in range(2, PROMISED + 2):
        clock.shift(MINUTE)
        if minute % 5 == 0:
            goes_on()
            run(watch)
        if told():
            return
    pytest.fail("nobody was told")


def test_a_disk_that_fills_up_and_a_clock_that_jumps_are_told_at_the_next_look(clock, settings):
    settings.ALARM_DISK_MB = 10**12
    run("watch_from_mail")
    assert Letter.objects.filter(address=GUARD).count() == 1
    clock.shift(dt.timedelta(days=400))
    run("watch_from_mail")
    assert any("pasó de golpe" in letter.body for letter in Letter.objects.filter(address=GUARD))


@pytest.mark.parametrize("name", ["watch", "watch_from_mail"])
def test_both_workers_look_every_five_minutes(clock, name):
    assert DUTIES[name].interval(START) == 5 * MINUTE
    assert DUTIES[name].queue == {"watch": Queue.CHORES, "watch_from_mail": Queue.MAIL}[name]
