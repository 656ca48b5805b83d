"""What chance alone explains: exact binomial limits around a target, for a funnel plot. Pure.

A share of few cases swings far without anybody having done better or worse. A count k of n is outside when
it lies in a tail of Binomial(n, target) that chance reaches in fewer than `TAIL` of cases; both tails are
summed exactly, never by a normal curve. D. J. Spiegelhalter, «Funnel plots for comparing institutional
performance», Statistics in Medicine 24 (2005), 1185-1202.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

# Each side: together one case of twenty.
TAIL = 0.025


class Limits(NamedTuple):
    """The least and the largest count that chance explains."""

    least: int
    most: int


@lru_cache(maxsize=4096)
def limits(cases: int, target: float) -> Limits:
    """The counts of `cases` that chance explains; raises ValueError for no case or no share."""
    if cases < 1 or not 0 < target < 1:
        raise ValueError(f"one case or more and a share between 0 and 1, not {cases} and {target}")
    chances = [_chance(count, cases, target) for count in range(cases + 1)]
    return Limits(_outside(chances), cases - _outside(chances[::-1]))


def _outside(chances: list[float]) -> int:
    """How many of the first counts lie in the tail."""
    reached = 0.0
    for count, chance in enumerate(chances):
        reached += chance
        if reached > TAIL:
            return count
    return len(chances) - 1


def _chance(count: int, cases: int, target: float) -> float:
    """The chance of exactly `count`; by logarithms, because the binomials of many cases are huge."""
    ways = math.lgamma(cases + 1) - math.lgamma(count + 1) - math.lgamma(cases - count + 1)
    return math.exp(ways + count * math.log(target) + (cases - count) * math.log1p(-target))
