"""How far what was done kept to the published order."""

from bisect import bisect_right, insort
from collections.abc import Hashable, Sequence
from fractions import Fraction
from typing import NamedTuple


class OrderKept(NamedTuple):
    """Pairs of executed problems, and how many of them were turned round."""

    inversions: int
    pairs: int

    @property
    def share(self) -> Fraction:
        """The share of pairs done in the published order; 1 where there is no pair."""
        return 1 - Fraction(self.inversions, self.pairs) if self.pairs else Fraction(1)


def order_kept(published: Sequence[Hashable], executed: Sequence[Hashable]) -> OrderKept:
    """Compare the order in which problems were executed with the published one.

    Executed problems that are not in the published list are left out.
    """
    place = {problem: number for number, problem in enumerate(published)}
    places = [place[problem] for problem in executed if problem in place]
    return OrderKept(_inversions(places), len(places) * (len(places) - 1) // 2)


def _inversions(places: Sequence[int]) -> int:
    before: list[int] = []
    total = 0
    for place in places:
        total += len(before) - bisect_right(before, place)
        insort(before, place)
    return total
