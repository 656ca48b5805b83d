"""The city list by rounds (Sainte-Laguë): equal shares between unequal neighbourhoods.

Each neighbourhood brings its pending problems in its own order. The j-th of them, after
e problems already accepted, is its k-th, k = e + j, and stands in round ⌈(k − ½)/c⌉.
The index orders only inside one round, where a neighbourhood's own order is kept.
"""

import gc
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from issues.reference import ReferenceKey, reference_key

COEFFICIENT_EQUAL = 100
_NEVER = date.max
_DENOMINATOR_BITS = 64
_SUPPORT_BITS = 2 * _DENOMINATOR_BITS
_ONE = 1 << _SUPPORT_BITS
_DAY_BITS = 22
_INDEX_BITS = 16
_INDEX_SHIFT = _SUPPORT_BITS + 1 + _DAY_BITS
_LARGEST_INDEX = (1 << _INDEX_BITS) - 1

Key = tuple[int, ReferenceKey]
# key in two parts (the round on top), turn, own place, round, neighbourhood's code, problem
Row = tuple[int, ReferenceKey, int, int, int, str, "Pending"]


class Pending(NamedTuple):
    """A problem that waits: index I3 0 to 300, support σ 0 to 1, day of the gathering.

    Without a vote the support is 0 and there is no day.
    """

    reference: str
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody calls
    support: Fraction | int = 0
    voted_on: date | None = None


class Neighbourhood(NamedTuple):
    """A neighbourhood's problems in its own order.

    coefficient: in hundredths, above 0; accepted: e, of the last twelve months.
    """

    code: str
    pending: Sequence[Pending]
    coefficient: int = COEFFICIENT_EQUAL
    accepted: int = 0


class Share(NamedTuple):
    """What a neighbourhood brings, without its problems: how many wait, and its parameters."""

    name: str
    waiting: int
    coefficient: int = COEFFICIENT_EQUAL
    accepted: int = 0

    def until(self, rounds: int) -> int:
        """How many of those that wait stand in the first so many rounds."""
        return max(0, min(self.waiting, places_after(rounds, self.coefficient) - self.accepted))


class Place(NamedTuple):
    """Where a problem stands: number in the city from 1, round, k and j in its neighbourhood.

    kept_behind: the reference of the problem of its own neighbourhood, in the same round,
    that holds it back because the neighbours put it first; mostly empty.
    """

    number: int
    round: int
    neighbourhood: str
    turn: int
    own_place: int
    kept_behind: str
    problem: Pending


def round_of(turn: int, coefficient: int) -> int:
    """The round of a neighbourhood's `turn`-th problem; `coefficient` in hundredths."""
    return -((-(2 * turn - 1) * 50) // coefficient)


def places_after(rounds: int, coefficient: int) -> int:
    """How many places a neighbourhood has had after `rounds`: ⌊R·c + ½⌋."""
    return (2 * rounds * coefficient + 100) // 200


def enough(shares: Mapping[int, Share], wanted: int) -> dict[int, int]:
    """How many problems of each neighbourhood, in its own order, the first `wanted` places are made of.

    All of the rounds in which those places stand: the rest of a list cannot change them.
    """
    wanted = min(wanted, sum(share.waiting for share in shares.values()))
    last = max(
        (round_of(each.accepted + each.waiting, each.coefficient) for each in shares.values()), default=0
    )
    rounds = bisect_left(range(last), wanted, key=lambda number: _places_until(shares, number))
    return {code: share.until(rounds) for code, share in shares.items()}


def _places_until(shares: Mapping[int, Share], rounds: int) -> int:
    return sum(share.until(rounds) for share in shares.values())


def city_order(neighbourhoods: Iterable[Neighbourhood]) -> list[Place]:
    """All pending problems from place 1 on; the order of the input plays no part.

    Raises ValueError for a coefficient not above 0, a negative number of accepted ones, an index
    outside 0 to 65535, a support outside 0 to 1 or with a denominator of more than 64 bits.
    """
    with _collector_paused():
        return numbered(sorted_rows(neighbourhoods))


def sorted_rows(neighbourhoods: Iterable[Neighbourhood]) -> list[Row]:
    """The rows of the city in order, one for each pending problem."""
    rounds: dict[int, list[Row]] = defaultdict(list)
    for neighbourhood in neighbourhoods:
        for row in rows_of(neighbourhood):
            rounds[row[4]].append(row)
    # Sorting round by round compares short lists: half the time of one long sort.
    for rows in rounds.values():
        rows.sort()
    return list(chain.from_iterable(rounds[number] for number in sorted(rounds)))


def rows_of(neighbourhood: Neighbourhood) -> Iterator[Row]:
    """The sortable rows of one neighbourhood, by round and kept key: already in order."""
    check_neighbourhood(neighbourhood)
    code, pending, coefficient, accepted = neighbourhood
    kept: Key = (0, ([], ""))
    for own_place, problem in enumerate(pending, start=1):
        turn = accepted + own_place
        number = round_of(turn, coefficient)
        # An earlier round is always the smaller key, so that only its own round holds one back.
        kept = max(key_of(problem, number), kept)
        yield (*kept, turn, own_place, number, code, problem)


def numbered(rows: Iterable[Row]) -> list[Place]:
    """Rows in city order as places, counted from 1."""
    return [_place(number, *row) for number, row in enumerate(rows, start=1)]


def replaced(rows: Iterable[Row], neighbourhood: Neighbourhood) -> list[Row]:
    """City rows after one neighbourhood changed: the others are not computed again."""
    others = [row for row in rows if row[5] != neighbourhood.code]
    # Two sorted runs: the sort finds them and only merges.
    return sorted(chain(others, rows_of(neighbourhood)))


def key_of(problem: Pending, round_: int = 0) -> Key:
    """What orders inside a round: higher index, more support, older gathering, reference.

    The round and the first three in one integer; that is exact, see `exact_order`. Raises ValueError
    for an index outside 0 to 65535.
    """
    if not 0 <= problem.index <= _LARGEST_INDEX:
        raise ValueError(f"index must be from 0 to {_LARGEST_INDEX}, not {problem.index}")
    against = _ONE - exact_order(problem.support)
    day = (problem.voted_on or _NEVER).toordinal()
    milder = (round_ << _INDEX_BITS) + _LARGEST_INDEX - problem.index
    return (milder << _INDEX_SHIFT) + (against << _DAY_BITS) + day, reference_key(problem.reference)


def exact_order(support: Fraction | int) -> int:
    """An integer that orders fractions from 0 to 1 exactly as they order themselves.

    Two different fractions with denominators below 2**64 are at least 2**-128 apart, so
    that their multiples by 2**128 differ after cutting as well. Raises ValueError for another share.
    """
    above, below = support.numerator, support.denominator
    if not 0 <= above <= below or below >> _DENOMINATOR_BITS:
        raise ValueError(f"support must be an exact share from 0 to 1, not {support}")
    return (above << _SUPPORT_BITS) // below


def _place(
    number: int,
    _: int,
    last: ReferenceKey,
    turn: int,
    own_place: int,
    round_: int,
    code: str,
    problem: Pending,
) -> Place:
    kept_behind = "" if last[1] == problem.reference else last[1]
    return Place(number, round_, code, turn, own_place, kept_behind, problem)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A million tuples hold no cycles; walking them again and again takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def check_neighbourhood(neighbourhood: Neighbourhood) -> None:
    """Raise ValueError when a neighbourhood's parameters make no sense."""
    if neighbourhood.coefficient <= 0:
        raise ValueError(f"coefficient of {neighbourhood.code} must be above 0")
    if neighbourhood.accepted < 0:
        raise ValueError(f"accepted of {neighbourhood.code} must be 0 or more")
