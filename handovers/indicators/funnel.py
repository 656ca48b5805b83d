"""A funnel plot: each office or neighbourhood by its cases and share, between the limits of chance. Pure.

Nobody is ranked: the rows keep the order they are given in, and each says only whether chance explains it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handovers.indicators.binomial import limits

WIDTH, HEIGHT = 700, 300
LEFT, TOP, BOTTOM = 50, 12, 260
STEPS = 80


@dataclass(frozen=True)
class Row:
    """So many of so many; few cases are shown as a number, without share or verdict."""

    name: str
    count: int
    cases: int
    moved: int = 0


@dataclass(frozen=True)
class Mark:
    """One row as drawn and told: its number, its place in units of the view box, on which side it lies."""

    number: int
    row: Row
    x: float
    y: float
    side: int


@dataclass(frozen=True)
class Funnel:
    """The marks, the two limits as points of a line, and the height of the target."""

    marks: Sequence[Mark]
    few: Sequence[Row]
    lower: str
    upper: str
    target: float
    target_y: float
    most_cases: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    top: int = TOP
    bottom: int = BOTTOM


def side(count: int, cases: int, target: float) -> int:
    """-1 below what chance explains, 1 above it, 0 within."""
    found = limits(cases, target)
    return (count > found.most) - (count < found.least)


def funnel(rows: Sequence[Row], target: float, min_cases: int) -> Funnel:
    """The plot of these rows around a share between 0 and 1, in their order."""
    many = [row for row in rows if row.cases >= min_cases]
    most = max((row.cases for row in many), default=min_cases)
    lower, upper = _lines(min_cases, most, target)
    return Funnel(
        marks=[_mark(number, row, most, target) for number, row in enumerate(many, 1)],
        few=[row for row in rows if row.cases < min_cases],
        lower=lower,
        upper=upper,
        target=target,
        target_y=_y(target),
        most_cases=most,
    )


def _lines(least: int, most: int, target: float) -> tuple[str, str]:
    step = max(1, (most - least) // STEPS)
    sizes = [*range(least, most, step), most]
    found = [(size, limits(size, target)) for size in sizes]
    return (
        " ".join(f"{_x(size, most)},{_y(each.least / size)}" for size, each in found),
        " ".join(f"{_x(size, most)},{_y(each.most / size)}" for size, each in found),
    )


def _mark(number: int, row: Row, most: int, target: float) -> Mark:
    where = _x(row.cases, most), _y(row.count / row.cases)
    return Mark(number, row, *where, side(row.count, row.cases, target))


def _x(cases: int, most: int) -> float:
    return round(LEFT + (WIDTH - LEFT - 30) * cases / most, 1)


def _y(share: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * share, 1)
