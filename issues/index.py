"""The index of a problem: a weighted sum of four fixed scales, in integers.

Pure: imports no Django, so that anyone can recompute a published list with it.
"""

from decimal import Decimal
from typing import NamedTuple

LIFE_AT_RISK = 3


class Levels(NamedTuple):
    """How bad a problem is on the four scales, each 0 to 3."""

    severity: int
    reach: int
    duration: int
    vulnerability: int


# The names of the four scales, in the order of the formula.
SCALES = Levels._fields


class Weights(NamedTuple):
    """What each scale counts, in hundredths; together they make 100."""

    severity: int = 40
    reach: int = 30
    duration: int = 20
    vulnerability: int = 10


DEFAULT_WEIGHTS = Weights()


def index_i3(levels: Levels, weights: Weights = DEFAULT_WEIGHTS) -> int:
    """Three times the index of `levels`: an integer from 0 to 300.

    Raises ValueError when a level is not 0, 1, 2 or 3 or the weights do not make 100.
    """
    check_levels(levels)
    check_weights(weights)
    return sum(level * weight for level, weight in zip(levels, weights, strict=True))


def display(i3: int) -> Decimal:
    """The index as shown, 0.0 to 100.0: a third of `i3` rounded half up to one decimal."""
    tenths = (20 * i3 + 3) // 6
    return Decimal(tenths).scaleb(-1)


def is_urgent(levels: Levels) -> bool:
    """Whether life is at risk: such a problem is sent at once and leaves the ranking."""
    return levels.severity == LIFE_AT_RISK


def check_levels(levels: Levels) -> None:
    """Raise ValueError unless each of the four levels is the integer 0, 1, 2 or 3."""
    for name, level in zip(Levels._fields, levels, strict=True):
        if type(level) is not int or level not in range(4):
            raise ValueError(f"{name} must be 0, 1, 2 or 3, not {level!r}")


def check_weights(weights: Weights) -> None:
    """Raise ValueError unless the weights are integers of 0 or more that make 100."""
    if any(type(weight) is not int or weight < 0 for weight in weights):
        raise ValueError(f"weights must be integers of 0 or more, not {tuple(weights)}")
    if sum(weights) != 100:
        raise ValueError(f"weights must make 100, not {sum(weights)}")
