"""Taking an internal reason out of the history for good; the chain and the seals go on holding."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from issues.models import EntryKind, HistoryEntry


class NothingToErase(LookupError):
    """There is no such line, or it was erased before."""


@transaction.atomic
def erase_reason(line: int, *, actor: User) -> None:
    """Erase reason and salt of the line with this id, and write down who did it; raises NothingToErase.

    The database refuses the one without the other.
    """
    HistoryEntry.objects.create(
        kind=EntryKind.CONFIG,
        from_value="erased",
        to_value=f"issues.HistoryEntry {line}",
        actor=actor,
        office=actor.office,
        at=timezone.now(),
    )
    if not HistoryEntry.objects.filter(pk=line).exclude(salt="").update(salt="", reason=""):
        raise NothingToErase(line)
