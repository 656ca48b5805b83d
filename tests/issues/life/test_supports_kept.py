"""A support is counted once and stays: nobody takes it away, nobody invents the number."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from issues.life.duplicates import merge, support
from issues.models import Issue, Support

pytestmark = pytest.mark.usefixtures("by_owner")
REFUSED = (IntegrityError, InternalError)


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def refused(sentence: str, *statements: str) -> None:
    with pytest.raises(REFUSED, match=sentence), transaction.atomic():
        for sql in statements:
            run(sql)
        connection.check_constraints()


@pytest.fixture
def supported(issue) -> Issue:
    """A problem that two people joined."""
    support(issue, "junta de vecinos 4")
    support(issue, "club Los Aromos")
    connection.check_constraints()
    return Issue.objects.get(pk=issue.pk)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM issues_support",
        "UPDATE issues_support SET supporter = 'otra'",
        "UPDATE issues_support SET at = now() - interval '1 year'",
    ],
)
def test_a_support_stays_as_it_is(supported, sql):
    refused("append-only", sql)
    assert Support.objects.count() == supported.support_count == 2


def test_the_supports_cannot_be_truncated(supported):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE issues_support ENABLE TRIGGER support_no_truncate")
    refused("append-only", "TRUNCATE issues_support")


@pytest.mark.parametrize("number", [0, 1, 3, 999])
def test_the_number_is_that_of_the_supports(supported, number):
    refused("tells of", f"UPDATE issues_issue SET support_count = {number}")


def test_a_support_is_not_written_beside_the_number(supported):
    refused(
        "tells of",
        "INSERT INTO issues_support (issue_id, supporter, at) SELECT id, 'favor', now() FROM issues_issue",
    )


def test_a_problem_does_not_begin_with_supports(supported):
    columns = (
        "title, description, category_id, location, moved_by_hand, address, origin, visibility, "
        "hidden_reason, status, status_since, closing_kind, levels_evidence, redirects, appealed, "
        "reported_at, created_at, updated_at"
    )
    refused(
        "tells of",
        "SET CONSTRAINTS support_count_starts_true IMMEDIATE",
        f"INSERT INTO issues_issue (id, reference, support_count, {columns}) "
        f"SELECT gen_random_uuid(), 'M-2026-999999', 50, {columns} FROM issues_issue",
    )


def test_merged_problems_keep_the_number_true(make_issue):
    first, second = make_issue(), make_issue()
    for name in ("a", "b"):
        support(first, name)
    for name in ("b", "c"):
        support(second, name)
    merge(second, first, actor=None, office="Prueba")
    connection.check_constraints()
    assert Issue.objects.get(pk=first.pk).support_count == 3
