"""Rows of persons: what a page may touch, asked of the database itself, whatever querysets say."""

from __future__ import annotations

import datetime as dt
import uuid

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from core.postgis import identity, rights, row_security, sight
from handovers.models import Follow
from issues.models import Reporter
from tests.core.postgis import row_writes
from tests.roles import owner, web

ADDRESS = "vecina@example.cl"
DIGEST = "a" * 64
KEYS = {
    "the problem's number": lambda issue: str(issue.pk),
    "another problem's number": lambda issue: str(uuid.uuid4()),
    "the link's digest": lambda issue: DIGEST,
    "the address": lambda issue: identity.key_of(ADDRESS),
    "another address": lambda issue: identity.key_of("otra@example.cl"),
    "": lambda issue: "",
}


@pytest.fixture
def rows(issue):
    """One row of each guarded table that has an address, made by a worker."""
    expires = timezone.localdate() + dt.timedelta(days=9)
    Reporter.objects.create(issue=issue, name="Rosa", email=ADDRESS, phone="", expires_on=expires)
    Follow.objects.create(issue=issue, email=ADDRESS, token_digest=DIGEST)
    return issue


def seen(person=None, key: str = "") -> set[str]:
    """Which of them a page of this person sees."""
    with identity.request(), identity.holding(key):
        if person:
            identity.introduce(person.pk)
        return {model.__name__ for model in (Reporter, Follow) if model.objects.exists()}


def test_every_table_is_guarded_for_its_owner_too(db):
    asked = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        assert {name for (name,) in cursor.fetchall()} == row_writes.tables() - rights.UNGUARDED


def test_every_guard_is_of_a_table_that_is_there(db):
    assert set(row_security.guarded()) | set(sight.seen()) <= row_writes.tables()


@pytest.mark.parametrize("who", row_writes.ROLES)
def test_what_a_page_writes_of_a_row_that_is_nobody_s(request, db, who):
    person = request.getfixturevalue(who).pk if who else None
    assert row_writes.writes_of(person) == row_writes.kept()[who]


def test_a_closed_account_writes_as_nobody(manager, administrator):
    for person in (manager, administrator):
        person.is_active = False
        person.save(update_fields=["is_active"])
        assert row_writes.writes_of(person.pk) == row_writes.writes_of(None)


@pytest.mark.parametrize(
    ("who", "what"),
    [
        (None, set()),
        ("facilitator", set()),
        ("cabinet", set()),
        ("other_manager", set()),
        ("manager", {"Reporter"}),
        ("administrator", {"Reporter", "Follow"}),
    ],
)
def test_who_sees_the_rows_of_persons(request, rows, who, what):
    assert seen(request.getfixturevalue(who) if who else None) == what


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_a_closed_account_sees_none(request, rows, who):
    person = request.getfixturevalue(who)
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert seen(person) == set()


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("the problem's number", {"Reporter"}),
        ("another problem's number", set()),
        ("the link's digest", {"Follow"}),
        ("the address", {"Follow"}),
        ("another address", set()),
        ("", set()),
    ],
)
def test_a_key_opens_its_own_rows(rows, key, what):
    assert seen(key=KEYS[key](rows)) == what


def test_workers_see_all(rows):
    assert Reporter.objects.exists()
    assert Follow.objects.exists()


WRITES = [
    "UPDATE issues_reporter SET email = 'otra@example.cl'",
    "DELETE FROM issues_reporter",
    "UPDATE handovers_follow SET email = 'otra@example.cl'",
    "DELETE FROM handovers_follow",
]


@pytest.mark.parametrize(
    ("who", "statement"),
    [(who, statement) for who in (None, "facilitator", "manager", "cabinet") for statement in WRITES]
    + [("administrator", statement) for statement in WRITES if "handovers_follow" in statement],
)
def test_no_page_of_anybody_changes_or_removes_them(request, rows, who, statement):
    person = request.getfixturevalue(who) if who else None
    with identity.request(), connection.cursor() as cursor:
        if person:
            identity.introduce(person.pk)
        cursor.execute(statement)
        assert cursor.rowcount == 0


@pytest.mark.parametrize("key", ["another problem's number", "the address", ""])
def test_no_report_is_put_beside_another_problem(rows, make_issue, key):
    other = make_issue()
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        identity.request(),
    ):
        identity_key = KEYS[key](other)
        with identity.holding(identity_key):
            Reporter.objects.create(issue=other, name="Nadie", expires_on=timezone.localdate())


def test_whoever_holds_a_link_makes_it_nobody_else_s(rows):
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        identity.request(),
        identity.holding(DIGEST),
    ):
        Follow.objects.update(email="otra@example.cl", token_digest="b" * 64)


def test_no_page_looks_past_the_guard(rows):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with transaction.atomic(), web(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL row_security = off")
        with pytest.raises(ProgrammingError) as refused, transaction.atomic():
            cursor.execute("SELECT * FROM issues_reporter")
    assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_no_page_shows_a_way_that_was_walked(db):
    with web(), connection.cursor() as cursor:
        cursor.execute("SELECT cmd FROM pg_policies WHERE tablename = 'walks_tracksegment' ORDER BY 1")
        assert cursor.fetchall() == [("ALL",), ("INSERT",)]


def test_followers_are_found_by_their_link_through_its_index(rows):
    with owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO handovers_follow (email, territory_code, token_digest, asked_at, told_until)"
            " SELECT n || '@example.cl', n, md5(n::text) || md5(n::text), now(), 0"
            " FROM generate_series(1, 5000) n"
        )
        cursor.execute("ANALYZE handovers_follow")
    with web(), identity.holding(DIGEST):
        plan = Follow.objects.filter(token_digest=DIGEST).explain()
    assert "Index" in plan
    assert "Seq Scan on handovers_follow" not in plan
