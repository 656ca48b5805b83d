"""Seals follow each other by number, whatever the clock says; a broken one is declared, never deleted."""

from __future__ import annotations

import csv
import datetime as dt
import io
from importlib import import_module

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from issues.life.broken_seals import NotDeclared, broken_seals, declare
from issues.life.seal import broken_heads, seal_history
from issues.models import DailyHead, HistoryEntry
from issues.tasks import seals
from tests.roles import owner

UTC = dt.UTC
NOW = dt.datetime(2026, 11, 30, 15, tzinfo=UTC)
JUMPS = {"one day back": dt.timedelta(days=-1), "a year ahead": dt.timedelta(days=365)}
WHY = "Un disco dañado cambió una línea el 3 de marzo; el respaldo la conserva."


def sealed_at(*moments: dt.datetime) -> list[tuple[int, bool]]:
    """Number and mark of the seals that were made at these moments."""
    made = []
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            head = seal_history()
            made.append(head and (head.number, DailyHead.objects.in_order().last().is_clock_corrected))
    return made


@pytest.mark.parametrize(
    ("jump", "marks"), [("one day back", [False, True, False]), ("a year ahead", [False, False, True])]
)
def test_after_a_jump_the_next_seal_has_the_next_number_and_says_so(make_issue, jump, marks):
    make_issue()
    made = sealed_at(NOW, NOW + JUMPS[jump], NOW + dt.timedelta(minutes=5))
    assert made == list(enumerate(marks, 1))
    assert broken_heads() == []
    call_command("seal_history", "--check", stdout=io.StringIO())


@pytest.mark.parametrize("jump", JUMPS)
def test_the_days_after_a_jump_are_sealed_as_ever(make_issue, jump):
    make_issue()
    days = [NOW + dt.timedelta(days=n) for n in range(1, 4)]
    assert [number for number, _ in sealed_at(NOW, NOW + JUMPS[jump], *days)] == [1, 2, 3, 4, 5]
    assert broken_heads() == []


# Chile's clock: back at the end of 4 April 2026, ahead at the end of 5 September 2026.
CHANGES = {
    "back": dt.datetime(2026, 4, 5, 3, tzinfo=UTC),
    "ahead": dt.datetime(2026, 9, 6, 4, tzinfo=UTC),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_chiles_clock_makes_no_second_seal_and_leaves_none_out(db, change):
    hours = [CHANGES[change] + dt.timedelta(hours=n) for n in range(-30, 31)]
    made = [head for head in sealed_at(*hours) if head]
    assert [number for number, _ in made] == list(range(1, len(made) + 1))
    days = list(DailyHead.objects.order_by("number").values_list("day", flat=True))
    assert days == sorted(set(days))
    assert len(days) == (days[-1] - days[0]).days + 1
    assert not any(mark for _, mark in made)


@pytest.mark.parametrize("jump", JUMPS)
def test_a_house_whose_clock_jumped_is_told_ill_until_it_seals_again(db, jump):
    sealed_at(NOW, NOW + JUMPS[jump])
    later = NOW + dt.timedelta(minutes=5)
    sealed_at(later)
    assert [one.is_ill for one in seals(later)] == [False]
    assert [one.is_ill for one in seals(NOW + dt.timedelta(days=3))] == [True]


def test_a_seal_taken_out_behind_the_guard_is_missed(make_issue):
    make_issue()
    sealed_at(*(NOW + dt.timedelta(days=n) for n in range(3)))
    behind_the_guard("DELETE FROM issues_dailyhead WHERE number = 2", "issues_dailyhead", "daily_head")
    assert broken_heads() == [3]


def test_the_first_seal_taken_out_is_missed(make_issue):
    sealed_at(*(NOW + dt.timedelta(days=n) for n in range(2)))
    behind_the_guard("DELETE FROM issues_dailyhead WHERE number = 1", "issues_dailyhead", "daily_head")
    assert broken_heads() == [2]


def test_seals_of_before_are_numbered_as_they_follow_each_other(make_issue):
    """A wrong clock had put the second under 2027: by their days they could never be read again."""
    make_issue()
    sealed_at(NOW, NOW + JUMPS["a year ahead"], NOW + dt.timedelta(days=1))
    days = list(DailyHead.objects.order_by("number").values_list("day", flat=True))
    migration = import_module("issues.migrations.0007_seals_by_number")
    with owner(), connection.cursor() as cursor:
        cursor.execute(migration.BY_DAY)
        cursor.execute(migration.NUMBERED)
    assert list(DailyHead.objects.order_by("number").values_list("day", flat=True)) == days
    assert broken_heads() == []


# --- A broken seal ------------------------------------------------------------------------------


def behind_the_guard(sql: str, table: str, guard: str) -> None:
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}_append_only")
        cursor.execute(sql)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {guard}_append_only")


@pytest.fixture
def broken(make_issue) -> DailyHead:
    """The first of two seals, over a line that somebody changed."""
    make_issue()
    sealed_at(NOW - dt.timedelta(days=2), NOW - dt.timedelta(days=1))
    changed = "UPDATE issues_historyentry SET public_text = 'falso'"
    behind_the_guard(changed, "issues_historyentry", "history")
    return DailyHead.objects.get(number=1)


def check() -> str:
    said = io.StringIO()
    call_command("seal_history", "--check", stdout=said)
    return said.getvalue()


def test_the_seal_over_a_changed_line_is_told_broken(broken):
    assert broken_seals() == {1}
    with pytest.raises(CommandError, match=r"sellos rotos: \[1\]"):
        check()


def test_a_declared_seal_is_told_with_its_reason_and_the_rest_is_checked(broken, administrator):
    said = io.StringIO()
    call_command("seal_history", "--declare", "1", "--reason", WHY, "--by", "admin", stdout=said)
    assert "N.º 1" in said.getvalue()
    assert WHY in check()
    assert "Lo demás calza" in check()


def test_declaring_one_hides_no_other(broken, administrator):
    declare(1, WHY, actor=administrator)
    behind_the_guard("UPDATE issues_dailyhead SET entries = 9, digest = 'x' WHERE number = 2",
                     "issues_dailyhead", "daily_head")  # fmt: skip
    with pytest.raises(CommandError, match=r"sellos rotos: \[2\]"):
        check()


def test_declaring_is_a_public_line_and_deletes_nothing(client, broken, administrator):
    before = (DailyHead.objects.count(), HistoryEntry.objects.count())
    line = declare(1, WHY, actor=administrator)
    assert (DailyHead.objects.count(), HistoryEntry.objects.count()) == (before[0], before[1] + 1)
    assert (line.office, line.actor) == (administrator.office, administrator)
    page = client.get("/datos/").content.decode()
    assert WHY in page
    rows = list(csv.DictReader(io.StringIO(client.get("/datos/sellos.csv").content.decode())))
    assert [row["declared_broken"] for row in rows] == [WHY, ""]
    assert administrator.username not in page


@pytest.mark.parametrize(
    ("number", "reason", "sentence"),
    [
        (2, WHY, "calza o no existe"),
        (99, WHY, "calza o no existe"),
        (1, "", "Escribe qué pasó"),
        (1, "corto", "Escribe qué pasó"),
        (1, "x" * 501, "Escribe qué pasó"),
    ],
)
def test_what_holds_or_has_no_reason_is_not_declared(broken, administrator, number, reason, sentence):
    with pytest.raises(NotDeclared, match=sentence):
        declare(number, reason, actor=administrator)


def test_a_seal_is_declared_once(broken, administrator):
    declare(1, WHY, actor=administrator)
    with pytest.raises(NotDeclared, match="ya está declarado"):
        declare(1, WHY, actor=administrator)


@pytest.mark.parametrize("who", ["facilitator", "manager", "cabinet"])
def test_only_the_administration_declares(broken, request, who):
    person = request.getfixturevalue(who)
    with pytest.raises(CommandError, match="No hay una cuenta de administración"):
        call_command("seal_history", "--declare", "1", "--reason", WHY, "--by", person.username)
    assert broken_seals() == {1}


def test_the_page_and_the_file_say_where_the_clock_was_corrected(client, make_issue):
    make_issue()
    sealed_at(NOW, NOW + JUMPS["a year ahead"], NOW)
    assert client.get("/datos/").content.decode().count("reloj corregido") == 1
    rows = list(csv.DictReader(io.StringIO(client.get("/datos/sellos.csv").content.decode())))
    assert [(row["number"], row["clock_corrected"]) for row in rows] == [("1", "0"), ("2", "0"), ("3", "1")]
