"""Taking an internal reason out of the history for good; the chain and the seals go on holding."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts import ledger
from accounts.models import User
from issues.models import EntryKind, HistoryEntry


class NothingToErase(LookupError):
    """There is no such line, or it was erased before."""


@transaction.atomic
def erase_reason(line: int, *, actor: User | None, office: str = "") -> None:
    """Erase reason and salt of the line with this id, and write down who did it; raises NothingToErase.

    The database refuses the one without the other.
    """
    HistoryEntry.objects.create(
        kind=EntryKind.CONFIG,
        from_value="erased",
        to_value=f"issues.HistoryEntry {line}",
        actor=actor,
        office=actor.office if actor else office,
        at=timezone.now(),
    )
    found = HistoryEntry.objects.filter(pk=line).exclude(salt="")
    for digest in found.values_list("hash", flat=True):
        ledger.note("reason", digest)
    if not found.update(salt="", reason=""):
        raise NothingToErase(line)


def forget_reason(digest: str) -> int:
    """Erase the reason of the line with this hash, which came back with a backup; returns of how many."""
    lines = list(HistoryEntry.objects.filter(hash=digest).exclude(salt="").values_list("pk", flat=True))
    for line in lines:
        erase_reason(line, actor=None, office=gettext("Copia restaurada"))
    return len(lines)
