"""Dated sets: one in force at a time, issues follow, the past stays, and it can be undone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from issues.models import HistoryEntry, Issue
from territories.boundaries import activation
from territories.boundaries.activation import ActivationRefused
from territories.boundaries.dependents import count_moves
from territories.models import BoundarySet
from tests.conftest import CENTRO, NORTE, SUR
from tests.town import NORTH, SIDE, WEST, boundary_set, square


def draft(names: dict[int, str], shape=square) -> BoundarySet:
    """A loaded set that is not in force."""
    BoundarySet.objects.update(is_active=False)
    made = boundary_set(names, shape)
    BoundarySet.objects.filter(pk=made.pk).update(is_active=False, valid=None)
    BoundarySet.objects.exclude(pk=made.pk).filter(valid__isnull=False).update(is_active=True)
    return BoundarySet.objects.get(pk=made.pk)


def moved_east(code: int) -> MultiPolygon:
    """Each neighbourhood one place further east: where Norte was is nobody's."""
    west = round(WEST + SIDE * code, 6)
    box = Polygon.from_bbox((west, NORTH - SIDE, round(west + SIDE, 6), NORTH))
    return MultiPolygon(box, srid=4326)


@pytest.fixture
def yesterday(town) -> BoundarySet:
    """The town's set, in force since ten days ago."""
    since = timezone.localdate() - dt.timedelta(days=10)
    BoundarySet.objects.filter(pk=town.pk).update(valid=DateRange(since, None))
    return BoundarySet.objects.get(pk=town.pk)


@pytest.fixture
def redrawn(yesterday) -> BoundarySet:
    """A second set in which everything lies one place further east."""
    return draft({NORTE: "Norte", CENTRO: "Centro", SUR: "Sur"}, moved_east)


def test_two_sets_are_never_in_force_on_the_same_day(yesterday, redrawn):
    with pytest.raises(IntegrityError, match="boundary_sets_never_overlap"), transaction.atomic():
        BoundarySet.objects.filter(pk=redrawn.pk).update(is_active=True, valid=yesterday.valid)


def test_an_empty_period_is_refused_by_the_database(yesterday):
    today = timezone.localdate()
    with pytest.raises(IntegrityError, match="boundary_set_period_not_empty"), transaction.atomic():
        BoundarySet.objects.filter(pk=yesterday.pk).update(valid=DateRange(today, today))


def test_the_set_of_any_day_is_known(yesterday, redrawn):
    activation.activate(redrawn)
    today = timezone.localdate()
    in_force = {
        ago: BoundarySet.objects.valid_on(today - dt.timedelta(days=ago)).first() for ago in (0, 1, 10, 11)
    }
    assert in_force == {0: redrawn, 1: yesterday, 10: yesterday, 11: None}


def test_activating_what_is_in_force_changes_nothing(yesterday):
    assert activation.activate(yesterday) is None


def test_two_sets_on_one_day_leave_the_later_one(yesterday, redrawn):
    third = draft({NORTE: "Norte"})
    activation.activate(redrawn)
    activation.activate(third)
    redrawn.refresh_from_db()
    assert BoundarySet.objects.in_force().get() == third
    assert (redrawn.is_active, redrawn.valid) == (False, None)


def test_issues_follow_and_keep_the_neighbourhood_of_their_day(yesterday, redrawn, make_issue):
    issue = make_issue(CENTRO)
    before = issue.reported_territory
    activation.activate(redrawn)
    issue.refresh_from_db()
    assert issue.territory == redrawn.territories.get(code=NORTE)
    assert issue.reported_territory == before
    assert issue.reported_territory.name == "Centro"


def test_a_move_is_a_line_of_the_issues_history(yesterday, redrawn, make_issue):
    issue = make_issue(CENTRO)
    activation.activate(redrawn)
    line = HistoryEntry.objects.get(issue=issue, kind="territory")
    assert (line.from_value, line.to_value) == ("2 Centro", "1 Norte")
    assert line.hash != line.previous_hash != ""


def test_an_issue_that_stays_where_it_was_gets_no_line(yesterday, make_issue):
    issue = make_issue(CENTRO)
    same = draft({NORTE: "Norte", CENTRO: "Centro", SUR: "Sur"})
    activation.activate(same)
    issue.refresh_from_db()
    assert issue.territory == same.territories.get(code=CENTRO)
    assert not HistoryEntry.objects.filter(issue=issue, kind="territory").exists()


def test_an_issue_outside_the_new_boundaries_has_no_neighbourhood(yesterday, redrawn, make_issue):
    issue = make_issue(NORTE)
    activation.activate(redrawn)
    issue.refresh_from_db()
    assert issue.territory is None
    assert HistoryEntry.objects.get(issue=issue, kind="territory").to_value == ""


def test_what_would_move_is_counted_before(yesterday, redrawn, make_issue):
    for code in (NORTE, CENTRO, CENTRO, SUR):
        make_issue(code)
    moves = count_moves(redrawn)
    assert (moves.moving, moves.leaving) == (3, 1)
    assert Issue.objects.filter(territory__boundary_set=yesterday).count() == 4


def test_undoing_puts_everything_back(yesterday, redrawn, make_issue):
    issue = make_issue(CENTRO)
    activation.activate(redrawn, actor="ana")
    undone = activation.undo(actor="ana")
    issue.refresh_from_db()
    redrawn.refresh_from_db()
    assert issue.territory == yesterday.territories.get(code=CENTRO)
    assert BoundarySet.objects.in_force().get().valid == yesterday.valid
    assert (redrawn.is_active, redrawn.valid) == (False, None)
    assert undone.undone_by == "ana"


def test_the_first_set_cannot_be_undone(yesterday):
    with pytest.raises(ActivationRefused, match="No hay límites anteriores"):
        activation.undo()


def test_an_undone_activation_cannot_be_undone_again(yesterday, redrawn):
    activation.activate(redrawn)
    activation.undo()
    with pytest.raises(ActivationRefused):
        activation.undo()


def test_a_dependent_that_fails_leaves_the_boundaries_as_they_were(yesterday, redrawn, settings):
    settings.BOUNDARY_DEPENDENTS = ["tests.territories.boundaries.failing_dependent"]
    with pytest.raises(RuntimeError, match="a dependent that fails"):
        activation.activate(redrawn)
    assert BoundarySet.objects.in_force().get() == yesterday


def test_all_issues_follow_in_one_statement(yesterday, redrawn, make_issue, django_assert_max_num_queries):
    for _number in range(20):
        make_issue(CENTRO)
    with django_assert_max_num_queries(13) as asked:
        activation.activate(redrawn)
    assert sum("UPDATE issues_issue" in one["sql"] for one in asked.captured_queries) == 1


def test_progress_is_told_to_the_end(yesterday, redrawn, make_issue):
    make_issue(CENTRO)
    rows: list[tuple[int, int]] = []
    activation.activate(redrawn, progress=lambda done, total: rows.append((done, total)))
    assert rows[-1] == (1, 1)
