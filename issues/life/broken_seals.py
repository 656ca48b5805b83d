"""Owning up to a broken seal: a public line says which, by whom and why. Nothing is mended or deleted."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from issues.life.seal import broken_heads, broken_lines
from issues.models import DailyHead, EntryKind, HistoryEntry

WORD = "seal broken"
MAX_REASON = 500


class NotDeclared(ValueError):
    """A declaration that cannot be; the text is one sentence for the person."""


def broken_seals() -> set[int]:
    """Numbers of the seals that do not hold, by themselves or by a line under them."""
    lines = broken_lines()
    return {*broken_heads(), *(number for number in map(_seal_over, lines) if number)}


def unsealed_broken_lines() -> int:
    """How many broken lines no seal was put on yet."""
    return sum(_seal_over(line) is None for line in broken_lines())


@transaction.atomic
def declare(number: int, reason: str, *, actor: User) -> HistoryEntry:
    """Say in public that this seal is broken; raises NotDeclared for one that holds or was declared."""
    text = reason.strip()
    if not 10 <= len(text) <= MAX_REASON:
        raise NotDeclared(_("Escribe qué pasó, de 10 a 500 letras: lo leerá cualquiera."))
    if number in declared([number]):
        raise NotDeclared(_("El sello N.º %(number)s ya está declarado como roto.") % {"number": number})
    if number not in broken_seals():
        raise NotDeclared(_("El sello N.º %(number)s calza o no existe.") % {"number": number})
    return HistoryEntry.objects.create(
        kind=EntryKind.CONFIG,
        from_value=WORD,
        to_value=_name(number),
        actor=actor,
        office=actor.office,
        at=timezone.now(),
        public_text=text,
    )


def declared(numbers: Iterable[int]) -> dict[int, HistoryEntry]:
    """What was declared of some seals, by number."""
    names = {_name(number): number for number in numbers}
    lines = HistoryEntry.objects.filter(
        issue=None, kind=EntryKind.CONFIG, from_value=WORD, to_value__in=names
    )
    return {names[line.to_value]: line for line in lines}


def told(heads: Iterable[DailyHead]) -> list[DailyHead]:
    """Some seals, each with `.broken`: the line that declares it broken, or None."""
    found = list(heads)
    lines = declared(head.number for head in found)
    for head in found:
        head.broken = lines.get(head.number)
    return found


def _name(number: int) -> str:
    return f"issues.DailyHead {number}"


def _seal_over(line: int) -> int | None:
    heads = DailyHead.objects.filter(last_entry__gte=line).order_by("number")
    return heads.values_list("number", flat=True).first()
