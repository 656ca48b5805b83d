"""The chores of the clock: each alone, and every run noted."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from core.chores import DUTIES, Duty, run, run_all
from core.clock import CLOCK
from core.models import Chore

pytestmark = pytest.mark.django_db


@pytest.fixture
def chores(monkeypatch):
    """Only these chores, in this order; a number is what one did, an exception what it raised."""

    def only(**ends: int | Exception) -> None:
        def work(end: int | Exception):
            def do() -> int:
                if isinstance(end, Exception):
                    raise end
                return end

            return do

        told = {name: Duty(name, name, work(end), "*/5 * * * *") for name, end in ends.items()}
        monkeypatch.setattr("core.chores.DUTIES", told)
        monkeypatch.setattr("core.management.commands.tend.DUTIES", told)

    return only


def test_what_one_did_is_noted(chores):
    chores(a=3)
    assert run("a")
    noted = Chore.objects.get(name="a")
    assert (noted.count, noted.failures, noted.error) == (3, 0, "")
    assert noted.success_at == noted.run_at


def test_one_that_raises_stops_no_other_and_its_fault_is_noted(chores):
    chores(a=ValueError("no hay vecina@example.cl"), b=1)
    assert run_all() == ["a"]
    assert not run("a")
    fault, other = Chore.objects.get(name="a"), Chore.objects.get(name="b")
    assert (fault.failures, fault.error, fault.success_at) == (2, "ValueError: no hay …@…", None)
    assert other.count == 1


def test_one_that_works_again_has_no_failures_in_a_row(chores):
    chores(a=ValueError())
    run("a")
    chores(a=0)
    run("a")
    assert Chore.objects.get(name="a").failures == 0


@pytest.mark.django_db(transaction=True)
def test_one_that_breaks_its_connection_is_noted_all_the_same(chores, monkeypatch):
    def cut() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return 0

    monkeypatch.setattr("core.chores.DUTIES", {"cut": Duty("cut", "cut", cut, "* * * * *")})
    assert not run("cut")
    assert Chore.objects.get(name="cut").failures == 1


def test_by_hand_all_are_done_once_and_a_fault_is_the_exit_status(chores):
    chores(a=2, b=ValueError())
    said = StringIO()
    with pytest.raises(CommandError, match="No resultó: b"):
        call_command("tend", stdout=said)
    assert said.getvalue().strip() == "a: 2"


def test_every_chore_of_the_house_can_be_done_in_an_empty_town(town):
    assert run_all() == []
    assert set(Chore.objects.values_list("name", flat=True)) == {CLOCK, *DUTIES}


@pytest.mark.parametrize(("cron", "minutes"), [("*/5 * * * *", 5), ("* * * * *", 1), ("17 * * * *", 60)])
def test_the_next_time_and_the_interval_follow_the_schedule(cron, minutes):
    duty, now = Duty("a", "a", int, cron), timezone.now()
    assert now < duty.next_run(now) <= now + dt.timedelta(minutes=minutes)
    assert duty.interval(now) == dt.timedelta(minutes=minutes)
