"""Favours the database itself refuses: nothing is handed over without its list, nothing is forgotten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from handovers.life.delivery import hand_over, hand_over_urgent
from handovers.models import Handover, HandoverItem
from issues.life.lifecycle import Change, move
from issues.models import HistoryEntry, Issue
from issues.workflow import ClosingKind, Status
from rankings.models import ListPlace
from tests.town import open_room

pytestmark = pytest.mark.usefixtures("by_owner")
REFUSED = (IntegrityError, InternalError)


def run(sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def refused(sentence: str, sql: str, *params: object) -> None:
    """The statement and the end of its transaction are refused with a sentence."""
    with pytest.raises(REFUSED, match=sentence), transaction.atomic():
        run(sql, *params)
        connection.check_constraints()


@pytest.fixture
def handover_of() -> Callable[..., Handover]:
    """A numbered handover to a department, of a list or of none."""

    def make(department, ranked_list=None) -> Handover:
        number = Handover.objects.count() + 1
        return Handover.objects.create(
            number=number,
            department=department,
            ranked_list=ranked_list,
            handed_at=timezone.now(),
            asked_by="" if ranked_list else "nobody",
        )

    return make


def put(handover: Handover, issue: Issue, place: ListPlace | None) -> HandoverItem:
    today = timezone.localdate()
    return HandoverItem.objects.create(
        handover=handover, issue=issue, list_place=place, department=handover.department,
        receipt_due=today, answer_due=today, written_answer_due=today,
    )  # fmt: skip


@pytest.mark.parametrize("table", ["handovers_handover", "handovers_handoveritem"])
def test_nothing_that_was_handed_over_is_deleted(item, table):
    refused("append-only", f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("table", "guard"),
    [("handovers_handover", "handover"), ("handovers_handoveritem", "handover_item")],
)
def test_the_handovers_cannot_be_truncated(item, table, guard):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(f"ALTER TABLE {table} ENABLE TRIGGER {guard}_no_truncate")
    refused("append-only", f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "change",
    [
        "issue_id = (SELECT id FROM issues_issue WHERE id <> issue_id LIMIT 1)",
        "list_place_id = NULL",
        "place = 1 + place",
        "round = 1 + round",
        "handover_id = handover_id + 1",
    ],
)
def test_what_came_by_which_list_is_not_rewritten(item, validated, change):
    validated(2)
    refused("append-only", f"UPDATE handovers_handoveritem SET {change}")


@pytest.mark.parametrize(
    "change",
    [
        "handed_at = handed_at - interval '30 days'",
        "number = 77",
        "ranked_list_id = NULL",
        "department_id = (SELECT id FROM accounts_department WHERE code = 'daoga')",
        "handed_by_id = NULL",
    ],
)
def test_when_and_to_whom_it_was_handed_over_is_not_rewritten(item, parks, change):
    refused("append-only", f"UPDATE handovers_handover SET {change}")


def test_a_receipt_is_not_dated_back(item, manager):
    run("UPDATE handovers_handover SET received_at = now(), received_by_id = %s", manager.pk)
    refused("append-only", "UPDATE handovers_handover SET received_at = now() - interval '9 days'")
    refused("append-only", "UPDATE handovers_handover SET received_at = NULL")


def test_an_older_handover_does_not_become_the_running_one_again(item, cabinet):
    HandoverItem.objects.filter(pk=item.pk).update(is_current=False)
    refused("append-only", "UPDATE handovers_handoveritem SET is_current = true WHERE id = %s", item.pk)


def test_a_status_alone_hands_nothing_over(validated):
    issue = validated(1)
    with pytest.raises(REFUSED, match="by no handover"), transaction.atomic():
        move(issue, Change(to=Status.HANDED_OVER), actor=None, office="Un favor")
        connection.check_constraints()
    assert Issue.objects.get(pk=issue.pk).status == Status.VALIDATED


def test_a_status_alone_hands_nothing_over_a_second_time(handed, cabinet, publish):
    item = handed(1)
    closing = Change(to=Status.CLOSED, closing_kind=ClosingKind.WITHDRAWN, public_text="Se retiró.")
    move(item.issue, closing, actor=None, office="Prueba")
    room = open_room(item.issue.territory)
    appeal = Change(to=Status.VALIDATED, appeal=True, gathering_number=room.number)
    issue = move(item.issue, appeal, actor=None, office="Reunión")
    with pytest.raises(REFUSED, match="by no handover"), transaction.atomic():
        move(issue, Change(to=Status.HANDED_OVER), actor=None, office="Un favor")
        connection.check_constraints()
    hand_over(publish(issue), cabinet)
    connection.check_constraints()


def test_nothing_but_urgent_problems_is_handed_over_without_a_list(validated, streets, handover_of):
    with pytest.raises(REFUSED, match="no place in the list"), transaction.atomic():
        put(handover_of(streets), validated(1), None)


@pytest.mark.parametrize("urgent", [{"severity": 3}, {"track": "urgencia"}])
def test_urgent_problems_are(make_issue, pothole, cabinet, urgent):
    if "track" in urgent:
        type(pothole).objects.update(**urgent)
    issue = make_issue(1, **({} if "track" in urgent else urgent))
    hand_over_urgent(Issue.objects.get(pk=issue.pk), cabinet)
    connection.check_constraints()
    assert HandoverItem.objects.get().list_place is None


def test_a_problem_does_not_borrow_the_place_of_another(validated, publish, streets, handover_of):
    listed, favoured = validated(1), validated(1)
    ranked_list = publish(listed)
    with pytest.raises(REFUSED, match="no place in the list"), transaction.atomic():
        put(handover_of(streets, ranked_list), favoured, ranked_list.places.get())


def test_a_place_counts_in_its_own_list_only(validated, publish, streets, parks, handover_of):
    issue = validated(1)
    older, newer = publish(issue), publish(issue)
    for handover in (handover_of(streets, newer), handover_of(parks)):
        with pytest.raises(REFUSED, match="no place in the list"), transaction.atomic():
            put(handover, issue, older.places.get())


def test_a_list_carries_nothing_without_a_place(make_issue, publish, streets, handover_of, validated):
    urgent = make_issue(1, severity=3)
    with pytest.raises(REFUSED, match="no place in the list"), transaction.atomic():
        put(handover_of(streets, publish(validated(1))), urgent, None)


def test_nothing_is_told_as_done_without_evidence(bring_to):
    item = bring_to(Status.IN_PROGRESS)
    with pytest.raises(REFUSED, match="history_done_has_evidence"), transaction.atomic():
        HistoryEntry.objects.create(
            issue=item.issue, kind="status", from_value="in_progress", to_value="reported_done",
            office="Un favor", at=timezone.now(),
        )  # fmt: skip
