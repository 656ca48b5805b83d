"""What the storm counts: each kind of act, found once; a planted loss and a planted double are seen."""

from __future__ import annotations

import random

import pytest
from django.db import connection, transaction

from handovers.models import HandoverItem
from tests.roles import owner
from tests.storm.acts import KINDS, hire, season
from tests.storm.clerk import count, whole_lines


@pytest.fixture
def done(db, settings) -> list[str]:
    """The journal of two seasons."""
    settings.BULK_WAIT_MINUTES = 0
    staff, dice = hire(), random.Random(1)
    return [f"{kind} {key}" for _ in range(2) for kind, key in season(staff, dice)]


def test_each_kind_of_act_is_done_and_is_there_once(done):
    counted = count(done)
    assert tuple(counted) == KINDS
    assert all(each["acknowledged"] > 0 for each in counted.values()), counted
    assert {(each["lost"], each["doubled"]) for each in counted.values()} == {(0, 0)}


def test_planted_what_was_told_before_it_was_stored_is_found_for_each_kind(db, settings):
    settings.BULK_WAIT_MINUTES = 0
    staff = hire()
    with transaction.atomic():
        told = [f"{kind} {key}" for kind, key in season(staff, random.Random(1))]
        transaction.set_rollback(True)
    counted = count(told)
    assert all(each["lost"] == each["acknowledged"] > 0 for each in counted.values()), counted


def test_planted_a_problem_that_was_handed_over_twice_is_found(done):
    item = HandoverItem.objects.order_by("pk").first()
    other = HandoverItem.objects.exclude(handover=item.handover).first().handover
    item.pk, item.handover, item.list_place, item.is_current = None, other, None, False
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE handovers_handoveritem DISABLE TRIGGER USER")
        item.save(force_insert=True)
    assert count(done)["handover"]["doubled"] >= 1


def test_a_line_that_was_cut_by_the_kill_counts_for_nothing(tmp_path):
    journal = tmp_path / "journal"
    journal.write_text("list abc\nended OperationalError\nhandov")
    assert whole_lines(journal) == ["list abc", "ended OperationalError"]
