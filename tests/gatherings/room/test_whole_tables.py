"""What a gathering counted and wrote down cannot be emptied as a whole table, not even by SQL."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

pytestmark = pytest.mark.usefixtures("by_owner")
TABLES = [
    "gathering", "ballotitem", "castballot", "attendance", "roomaction", "roommerge", "minute", "acta",
    "addendum", "annulledcount", "counter", "paperagain", "gatheringrecord", "challenge", "challengeword",
]  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_a_gathering_can_be_truncated(db, table):
    guard = {
        "roomaction": "room_action",
        "annulledcount": "annulled_count",
        "paperagain": "paper_again",
        "gatheringrecord": "record",
        "challengeword": "challenge_word",
    }.get(table, table)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE gatherings_{table} ENABLE TRIGGER {guard}_no_truncate")
        with pytest.raises((IntegrityError, InternalError), match="append-only"), transaction.atomic():
            cursor.execute(f"TRUNCATE gatherings_{table} CASCADE")
