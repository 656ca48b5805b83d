"""Planning, moving, calling off, and the reminder."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from gatherings.calendar import planner
from gatherings.models import Gathering
from tests.workers import delivered

STRANGER, OWN, OTHER, OFFICE, CABINET = "stranger", "facilitator", "other_facilitator", "manager", "cabinet"


@pytest.fixture
def come(client, request):
    def enter(who: str):
        if who != STRANGER:
            client.force_login(request.getfixturevalue(who))
        return client

    return enter


@pytest.fixture
def tomorrow():
    return timezone.now() + dt.timedelta(days=1)


def test_the_proposal_gives_each_neighbourhood_its_turn(town, cabinet):
    found = planner.proposals(cabinet, dt.date(2026, 11, 22))
    assert [proposal.territory.code for proposal in found[:6]] == [1, 2, 3, 1, 2, 3]
    assert {timezone.localtime(proposal.starts_at).hour for proposal in found} == {19}


def test_no_proposal_falls_on_a_holiday_or_on_a_taken_day(town, cabinet, make_gathering):
    # 8 December 2026, a Tuesday, is a holiday in Chile.
    make_gathering(starts_at=dt.datetime(2026, 12, 1, 21, tzinfo=dt.UTC))
    days = {
        timezone.localdate(proposal.starts_at)
        for proposal in planner.proposals(cabinet, dt.date(2026, 11, 22))
    }
    assert not days & {dt.date(2026, 12, 1), dt.date(2026, 12, 8)}


def test_no_proposal_falls_on_christmas_eve_or_on_the_last_of_december(town, cabinet):
    # In 2026 both are a Thursday, a day of meetings.
    days = {timezone.localdate(each.starts_at) for each in planner.proposals(cabinet, dt.date(2026, 12, 1))}
    assert dt.date(2026, 12, 22) in days
    assert not days & {dt.date(2026, 12, 24), dt.date(2026, 12, 31)}


@pytest.mark.parametrize(
    ("who", "status"), [(STRANGER, 302), (OWN, 200), (OTHER, 200), (OFFICE, 404), (CABINET, 200)]
)
def test_who_sees_the_planner(come, town, who, status):
    assert come(who).get(reverse("gatherings-calendar")).status_code == status


def test_a_facilitator_is_offered_the_own_neighbourhoods_only(come, town):
    page = come(OWN).get(reverse("gatherings-calendar"))
    assert {proposal.territory.code for proposal in page.context["proposals"]} == {1}


@pytest.mark.parametrize(("who", "status", "made"), [(OWN, 302, 1), (OTHER, 404, 0), (OFFICE, 404, 0)])
def test_who_accepts_a_turn_of_norte(come, town, facilitator, cabinet, who, status, made):
    turn = next(p for p in planner.proposals(cabinet) if p.territory.code == 1)
    form = {"territory": "1", "day": timezone.localdate(turn.starts_at).isoformat()}
    assert come(who).post(reverse("gatherings-calendar"), form).status_code == status
    assert Gathering.objects.filter(territory__code=1, facilitator=facilitator).count() == made


@pytest.mark.parametrize(
    ("who", "status"), [(STRANGER, 302), (OWN, 302), (OTHER, 404), (OFFICE, 404), (CABINET, 302)]
)
def test_who_moves_a_gathering(come, gathering, norte, who, status):
    form = form_of(norte, place="Plaza Norte", location="-33.51,-70.79")
    assert come(who).post(reverse("gathering-edit", args=[gathering.pk]), form).status_code == status
    gathering.refresh_from_db()
    moved = who in (OWN, CABINET)
    assert (gathering.place == "Plaza Norte", gathering.revision == 1) == (moved, moved)
    assert not moved or gathering.location.coords == (-70.79, -33.51)


@pytest.mark.parametrize(
    "location",
    ["-33.51", "nan,-70.79", "-70.79,-33.51", "-33.51,-70.79,1", "x,y", "-33.51,-200", "inf,inf", ","],
)
def test_a_place_that_cannot_be_is_refused(come, gathering, norte, location):
    answer = come(OWN).post(reverse("gathering-edit", args=[gathering.pk]), form_of(norte, location=location))
    assert answer.status_code == 400


@pytest.mark.parametrize("state", ["open", "voting", "closed", "cancelled"])
def test_a_gathering_that_began_does_not_move(come, make_gathering, norte, state):
    room = make_gathering(state=state, closed_at=timezone.now() if state == "closed" else None)
    answer = come(OWN).post(reverse("gathering-edit", args=[room.pk]), form_of(norte))
    assert answer.status_code == 400
    assert "todavía no empieza" in answer.content.decode()


def test_a_gathering_is_called_off_with_a_public_reason(come, gathering):
    url = reverse("gathering-edit", args=[gathering.pk])
    assert come(OWN).post(url, {"cancel": "1", "reason": " "}).status_code == 400
    assert come(OWN).post(url, {"cancel": "1", "reason": "Lluvia"}).status_code == 302
    page = come(OWN).get(reverse("gathering", args=[gathering.pk])).content.decode()
    assert "Lluvia" in page


def test_a_walk_is_on_the_agenda_and_in_the_feed(client, make_gathering, tomorrow):
    make_gathering(
        starts_at=tomorrow, walk_at=tomorrow - dt.timedelta(hours=3), walk_from="Plaza Norte", place="Sede"
    )
    assert "Plaza Norte" in client.get(reverse("gatherings")).content.decode()
    events = Calendar.from_ical(client.get("/reuniones.ics").content).walk("VEVENT")
    assert [str(event["location"]) for event in events] == ["Sede", "Plaza Norte"]


OFFERED = {
    "has_ramp": "se entra sin escalones",
    "has_interpreter": "hay intérprete de lengua de señas",
    "has_child_care": "se cuida a niñas y niños",
}


@pytest.mark.parametrize(("field", "words"), OFFERED.items())
def test_ramp_interpreter_and_child_care_are_told_wherever_the_gathering_is(
    come, make_gathering, tomorrow, field, words
):
    planned = make_gathering(starts_at=tomorrow)
    page = reverse("gathering", args=[planned.pk])
    form = {
        "territory": planned.territory_id, "place": "Sede", "starts_at": "2099-12-01T19:00",
        "ends_at": "2099-12-01T21:00", "mode": "tokens",
    }  # fmt: skip
    for offered in (False, True):
        sent = form | ({field: "on"} if offered else {})
        assert come(OWN).post(reverse("gathering-edit", args=[planned.pk]), sent).status_code == 302
        for address in (page, reverse("gatherings"), "/reuniones.ics"):
            # A calendar folds its lines.
            told = come(OWN).get(address).content.decode().replace("\r\n ", "")
            assert (words in told) == offered


def test_the_reminder_goes_out_once_two_days_before(make_gathering, tomorrow):
    make_gathering(starts_at=tomorrow)
    make_gathering(starts_at=tomorrow + dt.timedelta(days=3))
    make_gathering(starts_at=tomorrow, state="cancelled")
    call_command("remind_gatherings", verbosity=0)
    call_command("remind_gatherings", verbosity=0)
    (letter,) = delivered()
    assert letter.to == ["facilitadora@example.cl"]
    assert "Norte" in letter.subject
    assert "/sala/" in letter.body


def test_a_moved_gathering_is_reminded_again(make_gathering, tomorrow):
    room = make_gathering(starts_at=tomorrow)
    planner.remind()
    planner.move(room, {"starts_at": tomorrow + dt.timedelta(hours=1)})
    planner.remind()
    assert len(delivered()) == 2


def test_an_hour_that_the_clocks_jump_over_is_told_as_such(come, gathering, norte):
    form = form_of(norte, starts_at="2099-09-06T00:30", ends_at="2099-09-06T02:00", walk_at="")
    page = come(OWN).post(reverse("gathering-edit", args=[gathering.pk]), form).content.decode()
    assert "no existe o se repite por el cambio de hora" in page


def form_of(territory, **more) -> dict:
    return {
        "territory": territory.pk,
        "place": "Sede",
        "starts_at": "2099-12-01T19:00",
        "ends_at": "2099-12-01T21:00",
        "walk_at": "2099-12-01T17:00",
        "mode": "tokens",
        "location": "",
    } | more
