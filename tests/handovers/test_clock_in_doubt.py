"""A clock that jumped far ahead ends nothing by its date until somebody confirms the hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from core import alarms
from core.chores import run
from core.clock import CLOCK, believed, doubted_since
from core.health import readings
from core.models import Chore, Letter, LetterState
from core.outbox import post as write
from issues.models import EntryKind, HistoryEntry, Issue, Reporter
from issues.workflow import Status
from tests.workers import delivered

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)
HOUR, DAY, YEAR = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=365)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The machine's clock; the house lives at its start."""
    with time_machine.travel(START) as machine:
        run("carry_out_bulk")
        yield machine


def ill() -> dict[str, str]:
    return {one.name: one.text for one in readings() if one.is_ill}


@pytest.mark.parametrize(
    ("later", "is_believed"),
    [(HOUR, True), (7 * DAY, True), (7 * DAY + HOUR, False), (YEAR, False), (-HOUR, True), (-YEAR, True)],
)
def test_only_a_jump_ahead_of_more_than_a_week_is_in_doubt(clock, later, is_believed):
    clock.move_to(START + later)
    assert believed() == is_believed
    assert (doubted_since(timezone.now()) is None) == is_believed
    assert ("clock_jump_seconds" in ill()) != is_believed


def test_how_far_a_jump_may_go_is_a_setting(clock, settings):
    settings.CLOCK_JUMP_DAYS = 400
    clock.move_to(START + YEAR)
    assert believed()


def test_a_house_that_is_new_or_of_before_this_guard_starts_with_what_it_knows(clock):
    Chore.objects.all().delete()
    assert believed()
    Chore.objects.all().delete()
    Chore.objects.create(name="digests", run_at=START - YEAR)
    assert not believed()


def test_doubt_lasts_however_often_somebody_looks_and_ends_when_the_clock_is_right(clock):
    clock.move_to(START + YEAR)
    for _ in range(3):
        run("carry_out_bulk")
        assert not believed()
    clock.move_to(START + HOUR)
    assert run("carry_out_bulk") and run("watch_from_mail")
    assert believed()
    assert ill().keys().isdisjoint({"clock_jump_seconds", "clock_age_seconds"})


# --- What waits meanwhile -------------------------------------------------------------------------


@pytest.fixture
def over_in_a_year(clock, bring_to, make_issue) -> dict[str, object]:
    """What a year ahead would end: who reported something, a letter, a repair nobody judged."""
    term = (START + 90 * DAY).date()
    Reporter.objects.create(issue=make_issue(), name="Rosa", expires_on=term)
    letter = write("vecina@example.cl", "Novedades", "Hola")
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.SENT)
    return {"item": bring_to(Status.REPORTED_DONE)}


def ended(over: dict[str, object]) -> set[str]:
    """What of it is over."""
    there = {
        "reporter": Reporter.objects.exists(),
        "letter": Letter.objects.filter(state=LetterState.SENT).exists(),
        "item": Issue.objects.filter(pk=over["item"].issue_id, status=Status.REPORTED_DONE).exists(),
    }
    return {name for name, is_there in there.items() if not is_there}


ENDING = ("forget", "expire_verifications", "show_again", "escalate", "ask_followers")


def do_all(by_hand: bool) -> None:
    for name in ENDING:
        assert run(name)
    if by_hand:
        call_command("forget_persons", verbosity=0)
        call_command("expire_verifications", verbosity=0)


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_year_ahead_ends_nothing_and_mails_nobody_by_its_date(clock, over_in_a_year, by_hand):
    before = Letter.objects.count()
    clock.move_to(START + YEAR)
    do_all(by_hand)
    assert ended(over_in_a_year) == set()
    assert Letter.objects.count() == before


def test_planted_without_the_guard_the_same_year_ends_them(clock, over_in_a_year, settings):
    settings.CLOCK_JUMP_DAYS = 10_000
    clock.move_to(START + YEAR)
    do_all(by_hand=False)
    assert ended(over_in_a_year) == {"reporter", "letter", "item"}


def test_when_the_year_has_really_passed_a_person_says_so_and_they_end(
    clock, over_in_a_year, client, administrator
):
    clock.move_to(START + YEAR)
    client.force_login(administrator)
    confirm(client)
    do_all(by_hand=False)
    assert ended(over_in_a_year) == {"reporter", "letter", "item"}


# --- Who is told, and who decides -----------------------------------------------------------------


def confirm(client, **more: str) -> str:
    """Press the button of the page as it is now; returns what the next page says."""
    typed = {"seen": str(int(timezone.now().timestamp()))} | more
    return client.post(reverse("admin:confirm_clock"), typed, follow=True).content.decode()


def test_the_guard_is_told_by_mail_and_on_the_page_which_asks(clock, client, administrator, settings):
    settings.ALARM_EMAIL = ["guardia@example.cl"]
    clock.move_to(START + YEAR)
    alarms.watch()
    assert any("El reloj pasó de golpe del 01-12-2026" in letter.body for letter in delivered())
    client.force_login(administrator)
    page = client.get("/admin/salud/").content.decode()
    assert "¿Es esta la hora?" in page
    assert "La hora es correcta" in page


def test_a_clock_nobody_doubts_asks_nothing(clock, client, administrator):
    client.force_login(administrator)
    assert "¿Es esta la hora?" not in client.get("/admin/salud/").content.decode()


def test_who_confirmed_stands_in_the_sealed_history(clock, client, administrator):
    clock.move_to(START + YEAR)
    client.force_login(administrator)
    assert "Hora confirmada" in confirm(client)
    line = HistoryEntry.objects.filter(kind=EntryKind.CONFIG).latest("pk")
    assert (line.actor, line.from_value, line.to_value) == (administrator, "confirmed", f"core.Chore {CLOCK}")
    assert believed()


@pytest.mark.parametrize("seen", ["", "ayer", "9" * 40, str(int(START.timestamp()))])
def test_an_hour_that_the_person_did_not_see_is_not_confirmed(clock, client, administrator, seen):
    clock.move_to(START + YEAR)
    client.force_login(administrator)
    assert "no se confirmó nada" in confirm(client, seen=seen)
    assert not believed()


@pytest.mark.parametrize("who", [None, "facilitator", "manager", "cabinet"])
def test_only_the_administration_confirms(clock, client, request, who):
    clock.move_to(START + YEAR)
    if who:
        client.force_login(request.getfixturevalue(who))
    confirm(client)
    assert not believed()


def test_looking_confirms_nothing(clock, client, administrator):
    clock.move_to(START + YEAR)
    client.force_login(administrator)
    assert client.get(reverse("admin:confirm_clock")).status_code == 405
    assert not believed()
