"""Two people do things in the same room at the same moment, over two real connections."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection

from gatherings.models import Attendance, BallotItem, RoomAction
from gatherings.refusals import RoomRefused
from gatherings.room.acts import act
from issues.models import HistoryEntry

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {"tokens_before": None, "people_before": None}


def at_once(*wishes) -> list[str]:
    """Run every wish in a thread of its own; what each came to: «done» or the code of its refusal."""
    barrier = threading.Barrier(len(wishes))
    outcomes = []

    def run(wish):
        barrier.wait(timeout=10)
        try:
            wish()
            outcomes.append("done")
        except RoomRefused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(wish,)) for wish in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


def wish(room, user, action, key=None, **body):
    body = {"key": key or str(uuid.uuid4()), **body}
    return lambda: act(room.pk, user, action, body)


@pytest.fixture
def counted(voting, do, seven, again):
    """Everything typed twice, ready to close."""
    for issue in seven:
        do("total", issue=str(issue.pk), tokens=2, people=1, **NEW)
    do("witnesses", names=["a", "b"])
    return again()


def test_of_two_who_close_one_closes_and_the_other_finds_it_done(counted, facilitator, colleague):
    outcomes = at_once(wish(counted, facilitator, "close"), wish(counted, colleague, "close"))
    assert outcomes == ["done", "done"]
    assert counted.actions.filter(action="close").count() == 1
    assert HistoryEntry.objects.filter(to_value="validated").count() == 7
    assert sorted(BallotItem.objects.values_list("place", flat=True)) == list(range(1, 8))


def test_the_same_close_sent_twice_at_once_is_done_once(counted, facilitator):
    key = str(uuid.uuid4())
    same = wish(counted, facilitator, "close", key)
    assert at_once(same, same, same) == ["done", "done", "done"]
    assert RoomAction.objects.filter(action="close").count() == 1


def test_a_close_and_a_late_total_never_mix(counted, do, facilitator, seven):
    late = wish(
        counted,
        facilitator,
        "total",
        issue=str(seven[0].pk),
        tokens=4,
        people=2,
        tokens_before=2,
        people_before=1,
    )
    outcomes = at_once(wish(counted, facilitator, "close"), late)
    counted.refresh_from_db()
    stored = BallotItem.objects.get(issue=seven[0])
    told = {"closed": (2, 1, ["done", "not_now"]), "voting": (4, None, ["done", "twice"])}
    assert (stored.tokens, stored.place, outcomes) == told[counted.state]


def test_of_two_who_type_different_totals_for_one_problem_one_is_told(
    voting, do, facilitator, colleague, seven
):
    do("count", user=colleague, side=1)
    issue = str(seven[0].pk)
    outcomes = at_once(
        wish(voting, facilitator, "total", issue=issue, tokens=10, people=6, **NEW),
        wish(voting, colleague, "total", issue=issue, tokens=12, people=6, **NEW),
    )
    assert outcomes == ["conflict", "done"]


def test_two_totals_that_fit_alone_but_not_together_are_not_both_taken(
    voting, do, facilitator, colleague, seven
):
    do("count", user=colleague, side=1)
    for issue in seven[:2]:
        do("total", issue=str(issue.pk), tokens=20, people=12, **NEW)
    outcomes = at_once(
        wish(voting, facilitator, "total", issue=str(seven[2].pk), tokens=15, people=12, **NEW),
        wish(voting, colleague, "total", issue=str(seven[3].pk), tokens=15, people=12, **NEW),
    )
    assert outcomes == ["done", "total"]


def test_two_doors_note_attendance_at_once(do, gathering, junta, facilitator, colleague):
    do("open")
    outcomes = at_once(
        wish(gathering, facilitator, "attendance", organisation=junta.pk, people=4, voters=None),
        wish(gathering, colleague, "attendance", organisation=None, people=9, voters=None),
        wish(gathering, facilitator, "organisation", name="Club Nuevo", kind="", people=2, voters=None),
        wish(gathering, colleague, "organisation", name="Club Nuevo", kind="", people=2, voters=None),
    )
    assert outcomes == ["done"] * 4
    assert Attendance.objects.count() == 3
    gathering.refresh_from_db()
    assert gathering.revision == 5
