"""What really decided that a problem stands where it does: in which round, and where in it.

A cause is named when the place would be another without it; the reasons of a place are made of these.
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import groupby
from typing import NamedTuple

from rankings.rules.rounds import COEFFICIENT_EQUAL, Place, round_of


class By(Enum):
    """What two problems of one round were told apart by, in the order in which it is asked."""

    NOTHING = "nothing"
    OWN_ORDER = "own order"
    INDEX = "index"
    SUPPORT = "support"
    DAY = "day"
    NUMBER = "number"


class Decision(NamedTuple):
    """Why a problem stands after `rival` in its round; before it, when it opens the round.

    Alone in its round it has no rival and nothing decided.
    """

    by: By
    rival: str = ""
    is_after: bool = True


def turns_decided(own_place: int, accepted: int, coefficient: int) -> bool:
    """Whether the turns that its neighbourhood has used put a problem in another round."""
    return round_of(own_place, coefficient) != round_of(own_place + accepted, coefficient)


def coefficient_decided(turn: int, coefficient: int) -> bool:
    """Whether the coefficient of its neighbourhood, in hundredths, puts a problem in another round."""
    return round_of(turn, coefficient) != round_of(turn, COEFFICIENT_EQUAL)


def decisions(places: Sequence[Place]) -> Iterator[Decision]:
    """One for each place of the city, in the order of the places."""
    for _, together in groupby(places, key=lambda place: place.round):
        yield from _decisions_in(list(together))


def _decisions_in(places: list[Place]) -> Iterator[Decision]:
    """A held-back problem against the one that holds it, another against the free one before it."""
    first, *others = places
    yield _opening(first, others)
    free = first
    for place in others:
        if place.kept_behind:
            yield Decision(By.OWN_ORDER, place.kept_behind)
        else:
            yield Decision(told_apart_by(free, place), free.problem.reference)
            free = place


def _opening(first: Place, others: list[Place]) -> Decision:
    if not others:
        return Decision(By.NOTHING)
    second = others[0]
    by = By.OWN_ORDER if second.kept_behind else told_apart_by(first, second)
    return Decision(by, second.problem.reference, is_after=False)


def told_apart_by(one: Place, other: Place) -> By:
    """The first of index, support, day and number in which two problems differ."""
    first, second = one.problem, other.problem
    if first.index != second.index:
        return By.INDEX
    if first.support != second.support:
        return By.SUPPORT
    return By.DAY if first.voted_on != second.voted_on else By.NUMBER
