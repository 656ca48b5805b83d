"""What the storm counts: each kind of act, found once; a planted loss and a planted double are seen."""

from __future__ import annotations

import random

import pytest
from django.db import connection

from handovers.models import HandoverItem
from tests.storm.acts import FOUND, KINDS, hire, season
from tests.storm.clerk import count

TABLES = {
    "registration": ("issues_issue", "id"),
    "total": ("gatherings_roomaction", "id"),
    "closing": ("gatherings_gathering", "id"),
    "list": ("rankings_rankedlist", "digest"),
    "handover": ("handovers_handoveritem", "handover_id"),
    "bulk": ("handovers_bulkrun", "id"),
    "export": ("handovers_deskfile", "id"),
    "mail": ("core_letter", "message_id"),
    "activation": ("territories_activation", "id"),
}


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


@pytest.mark.parametrize("kind", KINDS)
def test_planted_an_acknowledged_act_that_is_gone_is_found(done, kind):
    key = next(line.split()[1] for line in done if line.startswith(f"{kind} "))
    table, column = TABLES[kind]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f'DELETE FROM "{table}" WHERE "{column}"::text = %s', [key])
    assert count(done)[kind]["lost"] == 1


def test_planted_a_problem_that_was_handed_over_twice_is_found(done):
    item = HandoverItem.objects.order_by("pk").first()
    other = HandoverItem.objects.exclude(handover=item.handover).first().handover
    item.pk, item.handover, item.place = None, other, None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        item.save(force_insert=True)
    assert count(done)["handover"]["doubled"] >= 1


def test_a_line_that_was_cut_by_the_kill_counts_for_nothing(done):
    assert set(FOUND) == set(KINDS)
    assert count(["ended OperationalError"]) == count([])
