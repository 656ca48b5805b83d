"""Every chore under a clock that jumps: it neither fails, nor writes twice, nor stops for ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Department
from core.chores import DUTIES, run
from core.health import BACKUP, readings
from core.models import Chore, Letter, LetterState
from gatherings.calendar import agenda
from handovers.acts import bulk_runs
from handovers.models import Follow, HandoverItem, RepairQuestion
from issues.life.lifecycle import Change, move
from issues.models import Issue, Reporter
from issues.workflow import Status

UTC = dt.UTC
DAY, MINUTES = dt.timedelta(days=1), dt.timedelta(minutes=5)
TUESDAY = dt.datetime(2026, 12, 1, 15, tzinfo=UTC)
# When it was true, and what the clock said then.
JUMPS = {
    "a day back": (TUESDAY, TUESDAY - DAY),
    "a year ahead": (TUESDAY, TUESDAY + 365 * DAY),
    "Chile's clock goes back": (
        dt.datetime(2026, 4, 5, 2, 50, tzinfo=UTC),
        dt.datetime(2026, 4, 5, 3, 10, tzinfo=UTC),
    ),
    "Chile's clock goes ahead": (
        dt.datetime(2026, 9, 6, 3, 50, tzinfo=UTC),
        dt.datetime(2026, 9, 6, 4, 10, tzinfo=UTC),
    ),
}


@pytest.fixture(params=JUMPS)
def jump(request) -> tuple[dt.datetime, dt.datetime]:
    return JUMPS[request.param]


@pytest.fixture
def clock(jump) -> Iterator[time_machine.Traveller]:
    """The machine's clock, three days before the jump; it goes on by itself."""
    with time_machine.travel(jump[0] - 3 * DAY) as machine:
        yield machine


@pytest.fixture
def lived_in(clock, jump, settings, bring_to, handed, norte, facilitator, streets) -> HandoverItem:
    """A town in which every chore has something to do."""
    settings.ALARM_EMAIL, settings.ALARM_BACKUP_HOURS = ["guardia@example.cl"], 36
    now = timezone.now()
    Department.objects.update(escalation_email="jefatura@example.cl")
    late = handed(title="Otro hoyo")
    Issue.objects.filter(pk=late.issue_id).update(due_date=now.date())
    done = bring_to(Status.REPORTED_DONE)
    follow = Follow.objects.create(
        email="vecina@example.cl", issue=done.issue, confirmed_at=now, token_digest="a"
    )
    Follow.objects.create(email="otra@example.cl", issue=done.issue, token_digest="b")
    RepairQuestion.objects.create(
        follow=follow, item=done, finished_at=done.finished_at, round="done", token_digest="c",
        asked_at=now, said="no", said_at=now, text="Volvió.",
    )  # fmt: skip
    evening = {"starts_at": jump[0] + 2 * MINUTES, "ends_at": jump[0] + DAY, "facilitator": facilitator}
    agenda.plan({"territory": norte, "place": "Sede"} | evening, facilitator)
    return late


def did(clock, moment: dt.datetime, name: str) -> bool:
    """Do a chore at a moment of the machine's clock, after the one of every minute; the mail all leaves."""
    clock.move_to(moment)
    # The worker of the mails is alive too.
    Chore.objects.update_or_create(name="watch_from_mail", defaults={"run_at": timezone.now()})
    Letter.objects.update(state=LetterState.SENT)
    return run("carry_out_bulk") and run(name)


def letters() -> set[int]:
    return set(Letter.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("name", DUTIES)
def test_no_chore_fails_or_repeats_a_mail_or_stops(clock, lived_in, jump, name):
    true, told = jump
    for moment in (true - DAY, true, true + MINUTES):
        assert did(clock, moment, name)
    before = letters()
    assert did(clock, told, name)
    # A year ahead is another day, with a digest and an alarm of its own; the others were all told.
    assert letters() == before or told > true + DAY
    meanwhile = letters()
    for moment in (true + 2 * MINUTES, true + 3 * MINUTES):
        assert did(clock, moment, name)
        # At most that the clock, in doubt for a while, is right again.
        more = [letter.subject for letter in Letter.objects.exclude(pk__in=meanwhile)]
        assert len(more) <= 1
        assert all("Ya está bien: El reloj pasó de golpe" in subject for subject in more)
    assert did(clock, true + DAY, name)
    noted = Chore.objects.get(name=name)
    assert (noted.failures, noted.run_at.date()) == (0, (true + DAY).date())


def test_the_town_gives_the_chores_something_to_write(clock, lived_in, jump):
    """Else the table above would prove nothing."""
    wrote = []
    for moment in (jump[0], jump[0] + 20 * dt.timedelta(hours=1)):
        clock.move_to(moment)
        for name in DUTIES:
            before = letters()
            run(name)
            wrote += [name] if letters() != before else []
    expected = {"remind_gatherings", "escalate", "tell_followers", "tell_doubts", "watch"}
    assert expected <= set(wrote)


# --- What was done while the clock was wrong, and what is new after it --------------------------


@pytest.fixture
def after_a_year(jump, clock, lived_in):
    """Every chore ran while the clock was wrong; then it was set right."""
    true, told = jump
    for moment in (true, told, true + MINUTES):
        clock.move_to(moment)
        assert all(run(name) for name in DUTIES)
    return lived_in


def new_bulk_run(item, manager):
    items = bulk_runs.chosen(manager, [item.issue.reference])
    bulk_runs.order(bulk_runs.action_named("acknowledge"), items, manager, {})


def new_doubt(item, manager):
    first = RepairQuestion.objects.get()
    RepairQuestion.objects.filter(pk=first.pk).update(said_at=timezone.now() + DAY)


def new_line(item, manager):
    issue = RepairQuestion.objects.get().item.issue
    move(issue, Change(to=Status.DONE_UNVERIFIED), actor=None, office="Mapa")


def new_deadline(item, manager):
    Issue.objects.filter(pk=item.issue_id).update(due_date=timezone.localdate() - 2 * DAY)


def new_reporter(item, manager):
    Reporter.objects.create(issue=item.issue, name="Rosa", expires_on=timezone.localdate())


def nothing(item, manager):
    """The next day is news enough."""


FRESH = {
    "seal_history": nothing,
    "carry_out_bulk": new_bulk_run,
    "escalate": new_deadline,
    "tell_doubts": new_doubt,
    "forget": new_reporter,
}


@pytest.mark.parametrize("name", FRESH)
def test_what_is_new_after_a_jump_is_done_as_ever(clock, after_a_year, jump, manager, name):
    clock.move_to(jump[0] + DAY)
    item = HandoverItem.objects.select_related("issue").get(pk=after_a_year.pk)
    FRESH[name](item, manager)
    clock.move_to(jump[0] + DAY + dt.timedelta(minutes=30))
    assert DUTIES[name].work() == (2 if name == "tell_doubts" else 1)


@pytest.mark.parametrize("jump", ["a year ahead"], indirect=True)
def test_a_bulk_act_ordered_while_the_clock_was_wrong_does_not_wait_for_that_day(
    clock, lived_in, jump, manager
):
    clock.move_to(jump[1])
    new_bulk_run(HandoverItem.objects.select_related("issue").get(pk=lived_in.pk), manager)
    clock.move_to(jump[0])
    assert DUTIES["carry_out_bulk"].work() == 1


@pytest.mark.parametrize("jump", ["a year ahead"], indirect=True)
@pytest.mark.parametrize("reading", ["clock_age_seconds", "backup_age_seconds", "seal_age_seconds"])
def test_a_mark_of_next_year_keeps_no_alarm_silent(clock, lived_in, jump, reading):
    clock.move_to(jump[1])
    Chore.objects.create(name=BACKUP, success_at=timezone.now())
    run("seal_history")
    clock.move_to(jump[0])
    run("seal_history")
    later = jump[0] + 3 * DAY
    Chore.objects.filter(name="seal_history").update(run_at=jump[1])
    assert reading in {one.name for one in readings(later) if one.is_ill}


@pytest.mark.parametrize("jump", ["a year ahead"], indirect=True)
def test_an_alarm_told_by_a_wrong_clock_is_told_again_the_next_day(clock, lived_in, jump):
    assert did(clock, jump[1], "watch")
    told = []
    for after in (MINUTES, DAY / 2, DAY + 2 * MINUTES):
        before = letters()
        assert did(clock, jump[0] + after, "watch")
        told.append(letters() != before)
    assert told == [False, False, True]
