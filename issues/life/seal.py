"""The public seal of each day: whoever kept one head can prove that no line before it was changed."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from issues.models import DailyHead, HistoryEntry


@transaction.atomic
def seal_history() -> DailyHead | None:
    """Seal all lines written since the last seal under today's date (commune time).

    None when today is sealed already. Writers wait for the moment it takes, so that no line with a
    lower number can appear behind the seal.
    """
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE issues_historyentry IN SHARE MODE")
    if DailyHead.objects.filter(day=today).exists():
        return None
    last = DailyHead.objects.order_by("-day").first()
    lines = list(_lines_after(last).values_list("id", "hash"))
    previous = last.digest if last else ""
    return DailyHead.objects.create(
        day=today,
        entries=len(lines),
        last_entry=lines[-1][0] if lines else (last.last_entry if last else 0),
        previous_digest=previous,
        digest=digest_of(previous, [line_hash for _, line_hash in lines]),
    )


def digest_of(previous_digest: str, hashes: list[str]) -> str:
    """SHA-256, in hex, over the head before and the hashes of the lines, joined by line feeds."""
    return hashlib.sha256("\n".join([previous_digest, *hashes]).encode()).hexdigest()


def broken_heads() -> list[dt.date]:
    """Days whose seal no longer fits the lines in the database: empty when nothing was tampered with."""
    broken, before = [], None
    for head in DailyHead.objects.order_by("day"):
        lines = _lines_after(before).filter(id__lte=head.last_entry).values_list("hash", flat=True)
        previous = before.digest if before else ""
        if (head.previous_digest, head.digest) != (previous, digest_of(previous, list(lines))):
            broken.append(head.day)
        before = head
    return broken


def broken_lines() -> int:
    """How many lines no longer fit their own hash or commitment, or no longer follow the line before them.

    The database recomputes all from the fields; lines without an issue are one chain. What was erased
    fits when a later line says so.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT hash <> history_line_hash(h) OR NOT history_opens(h)"
            " OR previous_hash <> lag(hash, 1, '') OVER (PARTITION BY issue_id ORDER BY id) AS broken"
            " FROM issues_historyentry h) lines WHERE broken"
        )
        return cursor.fetchone()[0]


def _lines_after(head: DailyHead | None) -> QuerySet[HistoryEntry]:
    return HistoryEntry.objects.filter(id__gt=head.last_entry if head else 0).order_by("id")
