"""Two people change one issue at once: the second waits, and is judged by what the first left."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic

import pytest
from django.db import connection, transaction

from issues.life import edits, lifecycle
from issues.life.lifecycle import Change
from issues.models import Issue
from issues.workflow import Status
from tests.roles import owner

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def closing_connection(act):
    try:
        return act()
    finally:
        connection.close()


def wait_until_it_waits(act: Future) -> None:
    """Until another connection stands in front of a lock of ours."""
    until = monotonic() + 30
    with owner(), connection.cursor() as cursor:
        while monotonic() < until and not act.done():
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw first
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited for the lock")


def while_the_category_changes(issue, category, act):
    """What `act` gives, begun on another connection before the issue's new category is committed."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            Issue.objects.filter(pk=issue.pk).update(category=category)
            result = other.submit(closing_connection, act)
            wait_until_it_waits(result)
        return result.result(30)


def test_a_status_changes_although_the_category_changed_meanwhile(issue, insecurity, facilitator):
    moved = while_the_category_changes(
        issue,
        insecurity,
        lambda: lifecycle.move(issue, Change(to=Status.VALIDATED), actor=facilitator, office="Barrio"),
    )
    assert (moved.status, moved.category) == (Status.VALIDATED, insecurity)


def test_a_note_of_visibility_finds_the_issue_whose_category_changed_meanwhile(issue, insecurity, cabinet):
    hidden = while_the_category_changes(
        issue,
        insecurity,
        lambda: edits.set_visibility(issue, "hidden", actor=cabinet, office="Alcaldía", reason="Un nombre."),
    )
    assert (hidden.visibility, hidden.category) == ("hidden", insecurity)
