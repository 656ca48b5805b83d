"""Corrections leave a line; the daily seal shows what was tampered with."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction

from issues.life import edits
from issues.life.levels import set_levels
from issues.life.registration import IssueRefused
from issues.life.seal import broken_heads, broken_lines, digest_of, seal_history
from issues.models import Visibility
from tests.conftest import INSIDE, OUTSIDE, SUR


def kinds(issue) -> list[str]:
    return list(issue.history.values_list("kind", flat=True))


def test_a_correction_names_the_fields_but_does_not_keep_the_old_text(issue, administrator):
    edits.correct(
        issue, {"title": "Otro título"}, actor=administrator, office="Administración", reason="error"
    )
    line = issue.history.last()
    assert (line.kind, line.to_value) == ("edit", "title")
    assert "Hoyo grande" not in f"{line.from_value}{line.to_value}{line.public_text}{line.reason}"


def test_a_correction_without_a_difference_leaves_no_line(issue, administrator):
    edits.correct(issue, {"title": issue.title}, actor=administrator, office="Administración")
    assert kinds(issue) == ["status"]


def test_moving_an_issue_moves_its_neighbourhood_but_not_where_it_came_from(issue, administrator):
    moved = edits.relocate(
        issue, Point(*INSIDE[SUR], srid=4326), actor=administrator, office="Administración"
    )
    assert (moved.territory.code, moved.reported_territory.code) == (SUR, 1)
    assert kinds(issue) == ["status", "edit", "territory"]


@pytest.mark.parametrize(
    "act",
    [
        lambda issue, by: edits.correct(issue, {"title": " "}, actor=by, office="x"),
        lambda issue, by: edits.correct(issue, {"description": "x" * 4001}, actor=by, office="x"),
        lambda issue, by: edits.relocate(issue, Point(*OUTSIDE, srid=4326), actor=by, office="x"),
        lambda issue, by: set_levels(issue, {"severity": 9}, actor=by, office="x"),
        lambda issue, by: edits.set_visibility(issue, Visibility.HIDDEN, actor=by, office="x", reason=" "),
        lambda issue, by: edits.add_note(issue, " ", actor=by, office="x"),
        lambda issue, by: edits.add_note(issue, "x" * 2001, actor=by, office="x"),
    ],
)
def test_a_refused_correction_changes_nothing(issue, facilitator, act):
    with pytest.raises(IssueRefused):
        act(issue, facilitator)
    before = (issue.title, issue.visibility, issue.severity)
    issue.refresh_from_db()
    assert (issue.title, issue.visibility, issue.severity) == before
    assert kinds(issue) == ["status"]


def test_levels_make_the_index(issue, facilitator):
    levels = {"severity": 2, "reach": 1, "duration": 3, "vulnerability": 2}
    changed = set_levels(issue, levels, actor=facilitator, office="Caminata", evidence="se ve")
    assert (changed.index, issue.history.last().to_value) == (190, "190")


def test_hiding_keeps_a_public_reason(issue, administrator):
    edits.set_visibility(
        issue, Visibility.HIDDEN, actor=administrator, office="x", reason="Datos de una niña"
    )
    assert issue.history.last().public_text == "Datos de una niña"


def test_a_day_is_sealed_once_over_its_lines_and_the_head_before(make_issue):
    issue = make_issue()
    head = seal_history()
    assert (head.entries, head.previous_digest) == (1, "")
    assert head.digest == digest_of("", [issue.history.get().hash])
    assert seal_history() is None


def test_untouched_history_holds(make_issue):
    make_issue()
    seal_history()
    make_issue()
    assert (broken_heads(), broken_lines()) == ([], [])
    call_command("seal_history", "--check")


@pytest.mark.usefixtures("by_owner")
@pytest.mark.parametrize("column", ["public_text", "office", "to_value", "reason", "salt", "sealed", "hash"])
def test_a_line_changed_behind_the_guard_is_found(make_issue, column):
    make_issue()
    seal_history()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE issues_historyentry DISABLE TRIGGER history_append_only")
        cursor.execute(f"UPDATE issues_historyentry SET {column} = 'falso'")
        cursor.execute("ALTER TABLE issues_historyentry ENABLE TRIGGER history_append_only")
    assert len(broken_lines()) == 1
    with pytest.raises(CommandError, match="no calzan"):
        call_command("seal_history", "--check")


@pytest.mark.usefixtures("by_owner")
def test_a_line_taken_out_behind_the_guard_is_found_before_any_seal(make_issue, facilitator):
    issue = make_issue()
    for text in ("Uno", "Dos"):
        edits.add_note(issue, text, actor=facilitator, office="x")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE issues_historyentry DISABLE TRIGGER history_append_only")
        cursor.execute("DELETE FROM issues_historyentry WHERE public_text = 'Uno'")
        cursor.execute("ALTER TABLE issues_historyentry ENABLE TRIGGER history_append_only")
    assert len(broken_lines()) == 1


@pytest.mark.usefixtures("by_owner")
def test_a_seal_cannot_be_emptied_with_its_table(make_issue):
    seal_history()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE issues_dailyhead ENABLE TRIGGER daily_head_no_truncate")
        with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE issues_dailyhead")
