"""Which promised dates were kept, by department: the first date counts, and every time it was put off."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from handovers.indicators.funnel import Row
from handovers.indicators.promises import dates_kept
from handovers.life import answers, progress
from issues.life.duplicates import merge
from issues.models import Issue

TODAY = timezone.localdate


def day(ahead: int) -> dt.date:
    return TODAY() + dt.timedelta(days=ahead)


def counted(ahead: int) -> list[tuple[int, int, int]]:
    return [(row.count, row.cases, row.moved) for row in dates_kept(day(ahead))]


@pytest.fixture
def promised(item, manager):
    """A problem with a date in ten days."""
    answers.accept(item, manager, committed_date=day(10))
    item.refresh_from_db()
    return item


@pytest.fixture
def told_done(promised, manager, photo_after):
    """Begins the work and tells it as done, that many days from now."""

    def tell(ahead: int) -> None:
        at = timezone.now() + dt.timedelta(days=ahead)
        with time_machine.travel(at, tick=True):
            progress.start(promised, manager)
            promised.refresh_from_db()
            progress.report_done(promised, manager, photos=[photo_after(promised)])

    return tell


def test_a_date_that_has_not_passed_is_no_case_yet(promised):
    assert counted(10) == []


def test_a_date_that_passed_without_a_repair_was_not_kept(promised):
    assert dates_kept(day(11)) == [Row(promised.department.name, 0, 1, 0)]


@pytest.mark.parametrize(("ahead", "kept"), [(9, 1), (10, 1), (11, 0)])
def test_told_as_done_on_the_day_is_in_time_and_a_day_later_is_not(told_done, ahead, kept):
    told_done(ahead)
    assert counted(30) == [(kept, 1, 0)]


def test_a_moved_date_stays_what_was_promised_and_each_move_is_counted(promised, told_done, manager):
    for ahead in (20, 25):
        answers.reschedule(promised, manager, committed_date=day(ahead), public_text="Falta asfalto.")
    told_done(15)
    assert counted(16) == [(0, 1, 2)]


def test_a_date_brought_forward_is_not_put_off(promised, manager):
    answers.reschedule(promised, manager, committed_date=day(5), public_text="Antes.")
    assert counted(11) == [(0, 1, 0)]


def test_a_problem_that_was_another_one_is_no_case(promised, make_issue, cabinet):
    merge(promised.issue, Issue.objects.get(pk=make_issue(1).pk), actor=cabinet, office=cabinet.office)
    assert counted(11) == []


def test_a_hidden_problem_is_in_no_public_figure(promised):
    Issue.objects.filter(pk=promised.issue_id).update(visibility="internal")
    assert counted(11) == []
