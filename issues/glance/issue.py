"""The glance at a problem: title, description and address, each with what was seen in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from issues.glance.gazetteer import is_place
from issues.glance.hints import Hint
from issues.glance.look import look


@dataclass(frozen=True)
class Piece:
    """Letters of a text; `label` says what they look like, «» nothing."""

    text: str
    label: str = ""


def shows_somebody(title: str, description: str, address: str) -> bool:
    """Whether any of the texts looks like a person."""
    told = look(title, is_place) or look(description, is_place)
    return bool(told or look(address, is_place, is_address=True))


def pieces(text: str, *, is_address: bool = False) -> list[Piece]:
    """A text cut where something looks like a person, for who decides."""
    return list(_cut(text, look(text, is_place, is_address=is_address)))


def _cut(text: str, hints: list[Hint]) -> Iterator[Piece]:
    at = 0
    for hint in hints:
        if hint.end > at:
            start = max(hint.start, at)
            yield from [Piece(text[at:start])] * (start > at)
            yield Piece(text[start : hint.end], str(hint.kind.label))
            at = hint.end
    if at < len(text):
        yield Piece(text[at:])
