"""The optional yearly coefficient of a neighbourhood, from population and vulnerability."""

from decimal import Decimal
from fractions import Fraction

LOWEST, HIGHEST, STEP = 70, 140, 5

Exact = Fraction | Decimal | int | str


def coefficient(population: Exact, vulnerability: Exact) -> int:
    """The coefficient in hundredths, 70 to 140, in steps of 5 rounded half up.

    Both arguments are ratios to the mean of all neighbourhoods; texts such as "1.6" are exact.
    Raises ValueError for a negative ratio or one that is no number.
    """
    ratios = [_ratio(population), _ratio(vulnerability)]
    return clamped(half_up_to_step(50 + 25 * ratios[0] + 25 * ratios[1]))


def half_up_to_step(value: Fraction) -> int:
    """`value` rounded to the nearest multiple of 5, halves upwards."""
    return STEP * ((value / STEP + Fraction(1, 2)).__floor__())


def clamped(value: int) -> int:
    """`value` kept between 70 and 140."""
    return max(LOWEST, min(HIGHEST, value))


def _ratio(number: Exact) -> Fraction:
    try:
        ratio = Fraction(number)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
        raise ValueError(f"not a number: {number!r}") from error
    if ratio < 0:
        raise ValueError(f"a ratio is 0 or more, not {number!r}")
    return ratio
