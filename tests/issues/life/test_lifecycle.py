"""The life of an issue is one table, kept by the model and by the database."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from gatherings.models import Gathering
from issues import workflow
from issues.life.lifecycle import Change, move
from issues.models import HistoryEntry, Issue
from issues.workflow import ClosingKind, Status, TransitionRefused
from tests.town import open_room, sent_by_hand

S = Status
PAIRS = list(itertools.product(Status, Status))
TODAY = dt.date(2026, 11, 22)
# Slow enough for the neighbourhood's time to judge to pass.
PACE = dt.timedelta(days=workflow.UNVERIFIED_AT_MOST_DAYS)


@pytest.fixture
def room(norte) -> Gathering:
    """A room of Norte that has been open for years."""
    return open_room(norte, dt.datetime(2015, 1, 1, tzinfo=dt.UTC))


@pytest.fixture
def walk_to(issue, parks, room):
    """Moves the issue along a legal way to a status."""
    ways = {
        S.REGISTERED: [],
        S.VALIDATED: [S.VALIDATED],
        S.HANDED_OVER: [S.VALIDATED, S.HANDED_OVER],
        S.ACKNOWLEDGED: [S.VALIDATED, S.HANDED_OVER, S.ACKNOWLEDGED],
        S.SCHEDULED: [S.VALIDATED, S.HANDED_OVER, S.ACKNOWLEDGED, S.SCHEDULED],
        S.IN_PROGRESS: [S.VALIDATED, S.HANDED_OVER, S.ACKNOWLEDGED, S.SCHEDULED, S.IN_PROGRESS],
    }
    ways[S.ON_HOLD] = [*ways[S.ACKNOWLEDGED], S.ON_HOLD]
    ways[S.REPORTED_DONE] = [*ways[S.IN_PROGRESS], S.REPORTED_DONE]
    ways[S.VERIFIED] = [*ways[S.REPORTED_DONE], S.VERIFIED]
    ways[S.DONE_UNVERIFIED] = [*ways[S.REPORTED_DONE], S.DONE_UNVERIFIED]
    ways[S.CLOSED] = [S.CLOSED]

    def go(status: Status) -> Issue:
        if S.HANDED_OVER in ways[status]:
            sent_by_hand(issue)
        now = timezone.now() - PACE * len(ways[status])
        for step in ways[status]:
            now += PACE
            number = room.number if step == S.VERIFIED else None
            move(issue, complete(step, now, gathering_number=number), actor=None, office="Prueba", at=now)
        issue.refresh_from_db()
        return issue

    return go


def complete(to: Status, now=None, **more) -> Change:
    """A change with everything any status could ask for."""
    day = timezone.localdate(now) if now else timezone.localdate()
    facts = {
        "public_text": "Se explica.",
        "evidence": ["foto"],
        "committed_date": day + dt.timedelta(days=10) if to == S.SCHEDULED else None,
        "review_date": day + dt.timedelta(days=10) if to == S.ON_HOLD else None,
        "closing_kind": ClosingKind.NOT_FEASIBLE if to == S.CLOSED else None,
    }
    return Change(to=to, **(facts | more))


def database_allows(from_status: str, to_status: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT issue_transition_allowed(%s, %s)", [from_status, to_status])
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_database_and_workflow_hold_the_same_table(before, after):
    assert database_allows(before, after) == workflow.is_allowed(before, after)


@pytest.mark.parametrize(("before", "after"), [p for p in PAIRS if p not in workflow.TRANSITIONS])
def test_a_change_outside_the_table_is_refused_and_changes_nothing(walk_to, before, after):
    issue = walk_to(before)
    lines = issue.history.count()
    with pytest.raises(TransitionRefused, match="no puede pasar"):
        move(issue, complete(after), actor=None, office="Prueba")
    issue.refresh_from_db()
    assert (issue.status, issue.history.count()) == (before, lines)


@pytest.mark.parametrize(("before", "after"), sorted(workflow.TRANSITIONS))
def test_a_change_in_the_table_is_stored_with_its_line(walk_to, parks, room, before, after):
    issue = walk_to(before)
    if (before, after) == (S.VALIDATED, S.HANDED_OVER):
        sent_by_hand(issue)
    later = issue.status_since + (PACE if after == S.DONE_UNVERIFIED else dt.timedelta(days=1))
    number = room.number if workflow.is_verdict(before, after) else None
    change = complete(after, later, department=parks, appeal=True, gathering_number=number)
    moved = move(issue, change, actor=None, office="Prueba", at=later)
    line = issue.history.last()
    assert (moved.status, line.from_value, line.to_value) == (after, before, after)
    assert line.gathering_number == number


VERDICTS = sorted(pair for pair in workflow.TRANSITIONS if workflow.is_verdict(*pair))


def test_the_word_of_the_neighbourhood_is_asked_for_exactly_here():
    assert VERDICTS == [
        (S.CLOSED, S.VALIDATED),
        (S.DONE_UNVERIFIED, S.IN_PROGRESS), (S.DONE_UNVERIFIED, S.VERIFIED),
        (S.REPORTED_DONE, S.IN_PROGRESS), (S.REPORTED_DONE, S.VERIFIED),
        (S.VERIFIED, S.IN_PROGRESS),
    ]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), VERDICTS)
def test_nobody_judges_without_the_number_of_a_gathering(walk_to, before, after):
    issue = walk_to(before)
    with pytest.raises(TransitionRefused, match="lo decide el barrio"):
        move(issue, complete(after, appeal=True), actor=None, office="Alcaldía")


@pytest.mark.parametrize(
    ("before", "after", "missing", "sentence"),
    [
        (S.ACKNOWLEDGED, S.SCHEDULED, {"committed_date": None}, "fecha comprometida"),
        (S.ACKNOWLEDGED, S.SCHEDULED, {"committed_date": dt.date(2020, 1, 1)}, "ya pasó"),
        (S.ACKNOWLEDGED, S.ON_HOLD, {"review_date": None}, "se revisará"),
        (S.ACKNOWLEDGED, S.ON_HOLD, {"review_date": dt.date(2020, 1, 1)}, "futura"),
        (S.ACKNOWLEDGED, S.ON_HOLD, {"public_text": " "}, "en pausa"),
        (S.IN_PROGRESS, S.REPORTED_DONE, {"evidence": []}, "evidencia"),
        (S.REPORTED_DONE, S.DONE_UNVERIFIED, {}, "28 días"),
        (S.REPORTED_DONE, S.IN_PROGRESS, {"public_text": "", "gathering_number": 1}, "qué falta"),
        (S.DONE_UNVERIFIED, S.IN_PROGRESS, {"public_text": "", "gathering_number": 1}, "qué falta"),
        (S.REGISTERED, S.CLOSED, {"closing_kind": None}, "tipo de cierre"),
        (S.REGISTERED, S.CLOSED, {"public_text": ""}, "por qué se cierra"),
        (S.REGISTERED, S.CLOSED, {"closing_kind": ClosingKind.DUPLICATE}, "de cuál"),
        (S.CLOSED, S.VALIDATED, {"gathering_number": 1}, "apela"),
        (S.HANDED_OVER, S.HANDED_OVER, {}, "Ya está en esa dirección"),
    ],
)
def test_a_change_without_its_condition_is_refused(walk_to, before, after, missing, sentence):
    issue = walk_to(before)
    with pytest.raises(TransitionRefused, match=sentence):
        move(issue, complete(after, **missing), actor=None, office="Prueba")


def test_a_third_redirect_is_refused(walk_to, streets, parks):
    issue = walk_to(S.HANDED_OVER)
    for department in (parks, streets):
        move(issue, complete(S.HANDED_OVER, department=department), actor=None, office="Prueba")
    with pytest.raises(TransitionRefused, match="dos veces"):
        move(issue, complete(S.HANDED_OVER, department=parks), actor=None, office="Prueba")


def test_a_verified_repair_does_not_reopen_after_90_days(walk_to):
    issue = walk_to(S.VERIFIED)
    late = issue.status_since + dt.timedelta(days=91)
    with pytest.raises(TransitionRefused, match="90 días"):
        change = complete(S.IN_PROGRESS, late, gathering_number=1)
        move(issue, change, actor=None, office="Prueba", at=late)


def test_the_database_refuses_a_status_that_no_line_tells(issue):
    with pytest.raises(IntegrityError, match="history says"), transaction.atomic():
        Issue.objects.filter(pk=issue.pk).update(status=S.VALIDATED)
        connection.check_constraints()


@pytest.mark.parametrize(
    ("before", "after"), [("", "verified"), ("registered", "verified"), ("validated", "handed_over")]
)
def test_the_database_refuses_a_line_that_does_not_follow(issue, before, after):
    with pytest.raises(IntegrityError, match="may not follow"), transaction.atomic():
        HistoryEntry.objects.create(
            issue=issue, kind="status", from_value=before, to_value=after, office="x", at=timezone.now()
        )


def test_the_database_refuses_a_line_that_the_issue_does_not_follow(issue):
    with pytest.raises(IntegrityError, match="says validated but it is registered"), transaction.atomic():
        HistoryEntry.objects.create(
            issue=issue, kind="status", from_value="registered", to_value="validated", office="x",
            at=timezone.now(),
        )  # fmt: skip


@pytest.mark.usefixtures("by_owner")
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_history_is_append_only(issue, act):
    lines = HistoryEntry.objects.filter(issue=issue)
    with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
        lines.update(public_text="otro") if act == "update" else lines._raw_delete(lines.db)


@pytest.mark.usefixtures("by_owner")
def test_the_history_cannot_be_truncated(issue):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE issues_historyentry ENABLE TRIGGER history_no_truncate")
        with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE issues_historyentry CASCADE")


def test_each_line_is_sealed_over_the_line_before(walk_to):
    issue = walk_to(S.ACKNOWLEDGED)
    lines = list(issue.history.all())
    assert lines[0].previous_hash == ""
    assert [line.previous_hash for line in lines[1:]] == [line.hash for line in lines[:-1]]
    assert len({line.hash for line in lines}) == len(lines)
