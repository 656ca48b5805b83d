"""The first places of the next list: what a screen shows, from few more problems than the screen shows.

A neighbourhood's j-th problem never stands before its round. So of each neighbourhood only those of the first
rounds are fetched; their order is the order of the whole list, which `rankings.publishing` computes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from rankings.list_page import Opening, opening_of
from rankings.models import Override, RankedList
from rankings.pending import pending_in_force, queues, shares
from rankings.publishing import move_of
from rankings.rules.listing import Move, Queue, first_items, rule_order
from rankings.rules.rounds import Share, enough

# How many times more places are looked at while a moved problem is not among them.
GROWTH = 4


@dataclass(frozen=True)
class FirstPlaces:
    """The beginning of the list that would be published now.

    items: as in the document of a list; names: of the neighbourhoods, by code; moves: what waits for it.
    """

    number: int
    total: int
    names: dict[int, str]
    items: list[dict[str, Any]]
    moves: Sequence[Override]

    @property
    def opening(self) -> Opening:
        """With which round it begins, as far as these places show."""
        return opening_of(self.items)

    @property
    def hidden(self) -> int:
        """How many places come after those."""
        return self.total - len(self.items)


def first_places(track: str, first: int, at: dt.datetime | None = None) -> FirstPlaces:
    """The first so many places of the next list of a track; stores nothing."""
    now = at or timezone.now()
    parts, moves = shares(track, now), _moves(track)
    last = RankedList.objects.without_document().first()
    return FirstPlaces(
        number=last.number + 1 if last else 1,
        total=sum(part.waiting for part in parts.values()),
        names={code: part.name for code, part in parts.items()},
        items=_items(track, now, parts, moves, first),
        moves=moves,
    )


def _items(
    track: str, now: dt.datetime, parts: dict[int, Share], overrides: Sequence[Override], first: int
) -> list[dict[str, Any]]:
    moves = [move_of(each) for each in overrides]
    # Each move shifts the others by one place at most.
    wanted, total = first + len(moves), sum(part.waiting for part in parts.values())
    found = queues(track, now, at_most=enough(parts, wanted))
    while wanted < total and not _stand_in(found, moves, wanted):
        wanted *= GROWTH
        found = queues(track, now, at_most=enough(parts, wanted))
    return first_items(found, moves, first)


def _stand_in(found: Sequence[Queue], moves: Sequence[Move], wanted: int) -> bool:
    """Whether every moved problem stands among the first places by the rule."""
    if not moves:
        return True
    known = {place.problem.reference for place in rule_order(found)[:wanted]}
    return all(move.reference in known for move in moves)


def _moves(track: str) -> list[Override]:
    waiting = Override.objects.waiting().filter(issue__in=pending_in_force(track).values("pk"))
    return list(waiting.select_related("issue").defer("issue__shape"))
