"""One glance at one text: everything in it that looks like a person, in order."""

from __future__ import annotations

from issues.glance.contacts import contacts, homes, ruts
from issues.glance.hints import Hint, IsPlace
from issues.glance.insults import insults
from issues.glance.names import names
from issues.glance.plain import plain


def look(text: str, is_place: IsPlace, *, is_address: bool = False) -> list[Hint]:
    """What may show or insult a person; an address may be called after anybody and have any number."""
    bare = plain(text)
    numbers = list(ruts(bare))
    found = [*numbers, *insults(bare)]
    found += (one for one in contacts(bare) if not any(_overlap(one, rut) for rut in numbers))
    if not is_address:
        found += [*names(text, is_place), *homes(bare)]
    return sorted(set(found))


def _overlap(one: Hint, other: Hint) -> bool:
    return one.start < other.end and other.start < one.end
