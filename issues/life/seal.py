"""The public seal of each day: whoever kept one head can prove that no line before it was changed."""

from __future__ import annotations

import hashlib

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from issues.models import DailyHead, HistoryEntry


@transaction.atomic
def seal_history() -> DailyHead | None:
    """Seal all lines written since the last seal, under the next number and today's date (commune time).

    None when the last seal is of today. Writers wait for the moment it takes, so that no line with a
    lower number can appear behind the seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE issues_historyentry IN SHARE MODE")
    today, last = timezone.localdate(), DailyHead.objects.first()
    if last and last.day == today:
        return None
    lines = list(_lines_after(last).values_list("id", "hash"))
    previous = last.digest if last else ""
    return DailyHead.objects.create(
        number=last.number + 1 if last else 1,
        day=today,
        entries=len(lines),
        last_entry=lines[-1][0] if lines else (last.last_entry if last else 0),
        previous_digest=previous,
        digest=digest_of(previous, [line_hash for _, line_hash in lines]),
    )


def digest_of(previous_digest: str, hashes: list[str]) -> str:
    """SHA-256, in hex, over the head before and the hashes of the lines, joined by line feeds."""
    return hashlib.sha256("\n".join([previous_digest, *hashes]).encode()).hexdigest()


def broken_heads() -> list[int]:
    """Numbers of the seals that do not fit: the lines in the database, or the seal that came before them.

    Empty when nothing was tampered with. Days are no part of it: the clock may have been wrong.
    """
    broken, before = [], None
    for head in DailyHead.objects.order_by("number"):
        if not _follows(head, before):
            broken.append(head.number)
        before = head
    return broken


def _follows(head: DailyHead, before: DailyHead | None) -> bool:
    number, previous = (before.number, before.digest) if before else (0, "")
    lines = _lines_after(before).filter(id__lte=head.last_entry).values_list("hash", flat=True)
    found = (head.number, head.previous_digest, head.digest)
    return found == (number + 1, previous, digest_of(previous, list(lines)))


def broken_lines() -> list[int]:
    """Lines that no longer fit their own hash or commitment, or no longer follow the line before them.

    The database recomputes all from the fields; lines without an issue are one chain. What was erased
    fits when a later line says so.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM (SELECT id, hash <> history_line_hash(h) OR NOT history_opens(h)"
            " OR previous_hash <> lag(hash, 1, '') OVER (PARTITION BY issue_id ORDER BY id) AS broken"
            " FROM issues_historyentry h) lines WHERE broken ORDER BY id"
        )
        return [number for (number,) in cursor.fetchall()]


def _lines_after(head: DailyHead | None) -> QuerySet[HistoryEntry]:
    return HistoryEntry.objects.filter(id__gt=head.last_entry if head else 0).order_by("id")
