"""Only the neighbourhood says that a repair is well: in its open room, and the database keeps to it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from gatherings.models import Gathering, GatheringState, Panel
from gatherings.refusals import RoomRefused
from gatherings.room import commitments
from issues.life.lifecycle import Change, move
from issues.life.seal import broken_lines
from issues.models import DOUBTED, EntryKind, HistoryEntry, Issue
from issues.workflow import Status
from tests.town import closed_room, judged, open_room

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def write(reported):
    """Moves the reported repair by SQL alone, as somebody would who owns the connection."""

    def insert(to: str, number: int | None, *, at: dt.datetime) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE issues_issue SET status = %s WHERE id = %s", [to, reported.pk])
            cursor.execute(
                "INSERT INTO issues_historyentry (issue_id, kind, from_value, to_value, office, at, reason,"
                " public_text, evidence, previous_hash, hash, gathering_number)"
                " VALUES (%s, 'status', 'reported_done', %s, 'Alcaldía', %s, '', 'Listo.', '[]', '', '', %s)",
                [reported.pk, to, at, number],
            )

    return insert


@pytest.fixture
def silent(reported) -> Issue:
    """A repair that nobody judged in 120 days."""
    late = reported.status_since + 120 * DAY
    return move(reported, Change(to=Status.DONE_UNVERIFIED), actor=None, office="Mapa Barrial", at=late)


def in_a_year() -> dt.datetime:
    return timezone.now() + 365 * DAY


# --- The verdict ----------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["reported", "silent"])
@pytest.mark.parametrize(("is_done", "status"), [(True, "verified"), (False, "in_progress")])
def test_an_open_room_judges_what_was_told_as_done_however_long_ago(request, before, is_done, status):
    issue = judged(request.getfixturevalue(before), is_done=is_done, text="Lo vimos.", at=in_a_year())
    line = issue.history.last()
    assert (issue.status, line.to_value, line.gathering_number) == (status, status, 1)
    assert line.office == "Reunión barrial N.º 1"
    assert broken_lines() == []


def test_a_room_reopens_what_was_verified_within_90_days(reported):
    verified = judged(reported, is_done=True)
    late = verified.status_since + 91 * DAY
    with pytest.raises(RoomRefused, match="90 días"):
        judged(verified, is_done=False, text="Se abrió.", at=late)
    assert judged(verified, is_done=False, text="Se abrió.", at=late - DAY).status == Status.IN_PROGRESS


def test_what_is_verified_is_not_verified_again(reported):
    judged(reported, is_done=True)
    with pytest.raises(RoomRefused, match="no está informado como listo"):
        judged(reported, is_done=True)


@pytest.mark.parametrize("state", ["planned", "closed", "cancelled"])
def test_a_room_that_is_not_open_judges_nothing(reported, make_gathering, facilitator, state):
    now = timezone.now()
    room = make_gathering(state=state, opened_at=now, closed_at=now)
    with pytest.raises(RoomRefused, match="reunión abierta"):
        commitments.judge(room, reported.pk, True, "", facilitator)


def test_the_room_of_another_neighbourhood_judges_nothing(reported, centro, facilitator):
    with pytest.raises(RoomRefused, match="en este barrio"):
        commitments.judge(open_room(centro), reported.pk, True, "", facilitator)


# --- The same without the application: more is refused than let through ----------------------------


def in_state(territory, moment, state) -> int:
    times = {"starts_at": moment - HOUR, "ends_at": moment + HOUR, "opened_at": moment - HOUR}
    person = open_room(territory, moment + DAY).facilitator
    made = Gathering.objects.create(
        number=70, territory=territory, place="Sede", facilitator=person, state=state, **times
    )
    return made.number


def of_a_council(territory, moment) -> int:
    room = open_room(territory, moment - HOUR)
    Gathering.objects.filter(pk=room.pk).update(territory=None, council="COSOC")
    return room.number


ROOMS = {
    "without a number": lambda norte, centro, moment: None,
    "of a number that nobody has": lambda norte, centro, moment: 99,
    "of another neighbourhood": lambda norte, centro, moment: open_room(centro, moment - HOUR).number,
    "that opened afterwards": lambda norte, centro, moment: open_room(norte, moment + HOUR).number,
    "that has closed": lambda norte, centro, moment: closed_room(norte, moment - HOUR, moment + HOUR).number,
    "that is planned": lambda norte, centro, moment: in_state(norte, moment, GatheringState.PLANNED),
    "that was called off": lambda norte, centro, moment: in_state(norte, moment, GatheringState.CANCELLED),
    "of a council": lambda norte, centro, moment: of_a_council(norte, moment),
}


@pytest.mark.parametrize("to", ["verified", "in_progress"])
@pytest.mark.parametrize("room", ROOMS)
def test_the_database_refuses_the_verdict_of_a_room(write, reported, norte, centro, room, to):
    moment = reported.status_since + DAY
    number = ROOMS[room](norte, centro, moment)
    with pytest.raises(IntegrityError, match="no open room of its neighbourhood"):
        write(to, number, at=moment)
    assert Issue.objects.get(pk=reported.pk).status == Status.REPORTED_DONE


@pytest.mark.parametrize("to", ["verified", "in_progress"])
def test_the_database_lets_the_open_room_of_the_neighbourhood_judge(write, reported, norte, to):
    moment = reported.status_since + DAY
    write(to, open_room(norte, moment - HOUR).number, at=moment)
    assert Issue.objects.get(pk=reported.pk).status == to


def test_the_database_gives_the_name_of_a_gathering_to_nothing_else(write, reported, norte):
    moment = reported.status_since + 130 * DAY
    with pytest.raises(IntegrityError, match="history_number_is_of_a_verdict"):
        write("done_unverified", open_room(norte, moment).number, at=moment)


# --- The agenda -----------------------------------------------------------------------------------


def agenda(room: Gathering) -> list[str]:
    return [issue.title for issue in commitments.of(room)]


def test_what_nobody_judged_stays_on_the_agenda_of_every_gathering_to_come(silent, norte):
    closed_room(norte, silent.status_since + DAY, silent.status_since + 2 * DAY)
    assert agenda(open_room(norte, in_a_year())) == ["Grifo sin tapa"]


def test_a_no_of_a_neighbour_puts_what_was_verified_before_on_the_agenda(reported, norte):
    verified = judged(reported, is_done=True)
    closed_room(norte, verified.status_since + DAY, verified.status_since + DAY + HOUR)
    following = open_room(norte, verified.status_since + 3 * DAY)
    assert agenda(following) == []
    HistoryEntry.objects.create(
        issue=verified, kind=EntryKind.NOTE, to_value=DOUBTED, office="Vecinas y vecinos",
        at=verified.status_since + 2 * DAY,
    )  # fmt: skip
    assert agenda(following) == ["Grifo sin tapa"]


# --- The clock ------------------------------------------------------------------------------------

# Days after the report on which rooms open and close (None: still open), and the day from which the
# repair may expire.
CASES = [
    ("no gathering at all", [], 120),
    ("one within the 28 days", [(10, 10.1)], 28),
    ("one on the last of the 28 days", [(27.9, 28.1)], 28.1),
    ("the first one later than that", [(40, 40.1)], 40.1),
    ("only the first one counts", [(40, 40.1), (80, 80.1)], 40.1),
    ("one after 120 days", [(130, 130.1)], 120),
    ("one that ends after 120 days", [(119.9, 120.1)], 120),
    ("one that opened before the report", [(-0.1, 10)], 120),
    ("one before the report", [(-20, -19.9)], 120),
    ("one that is open still", [(20, None)], 120),
]


def hold(territory, since, rooms) -> None:
    for opened, closed in rooms:
        if closed is None:
            open_room(territory, since + opened * DAY)
        else:
            closed_room(territory, since + opened * DAY, since + closed * DAY)


@pytest.mark.parametrize(("case", "rooms", "day"), CASES, ids=[case[0] for case in CASES])
def test_the_database_keeps_the_clock(write, reported, norte, case, rooms, day):
    since = reported.status_since
    hold(norte, since, rooms)
    for moment in (since, since + 27 * DAY, since + day * DAY - dt.timedelta(minutes=1)):
        with pytest.raises(IntegrityError, match="may still judge"):
            write("done_unverified", None, at=moment)
    write("done_unverified", None, at=since + day * DAY + dt.timedelta(minutes=1))


def test_a_gathering_of_another_neighbourhood_ends_nothing(write, reported, centro):
    hold(centro, reported.status_since, [(10, 10.1)])
    with pytest.raises(IntegrityError, match="may still judge"):
        write("done_unverified", None, at=reported.status_since + 119 * DAY)


def test_a_gathering_that_could_not_see_the_problem_ends_nothing(write, reported, norte):
    hold(norte, reported.status_since, [(10, 10.1)])
    Issue.objects.filter(pk=reported.pk).update(visibility="staff")
    with pytest.raises(IntegrityError, match="may still judge"):
        write("done_unverified", None, at=reported.status_since + 119 * DAY)


def test_the_room_opens_where_repairs_are_judged(gathering, do, reported):
    assert do("open").shown == Panel.COMMITMENTS


def test_a_room_without_repairs_opens_where_people_are_counted(gathering, do):
    assert do("open").shown == Panel.ATTENDANCE
