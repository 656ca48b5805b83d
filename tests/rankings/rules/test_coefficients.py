"""The yearly coefficient of a neighbourhood."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.rules.coefficients import coefficient, half_up_to_step

RATIOS = st.fractions(0, 10, max_denominator=1000)


@pytest.mark.parametrize(
    ("population", "vulnerability", "expected"),
    [
        ("1.6", "1.2", 120),
        ("0.32", "1.3", 90),
        ("2.4", "0.5", 125),
        ("3.0", "1.25", 140),
        (1, 1, 100),
        ("0.2", "0.2", 70),
        ("1.096", 1, 100),
        (1, "1.096", 100),
        ("1.1", 1, 105),
    ],
)
def test_the_worked_examples_come_out(population, vulnerability, expected):
    assert coefficient(population, vulnerability) == expected


@pytest.mark.parametrize(("value", "rounded"), [("122.5", 125), ("122.4", 120), ("97.5", 100), ("92.5", 95)])
def test_halves_go_upwards(value, rounded):
    assert half_up_to_step(Fraction(value)) == rounded


@pytest.mark.parametrize("ratio", ["-0.1", "nan", "inf", float("nan"), float("inf"), "", "uno", None])
def test_a_ratio_that_is_no_number_of_0_or_more_is_refused(ratio):
    with pytest.raises(ValueError, match=r"number|ratio"):
        coefficient(ratio, 1)


@given(RATIOS, RATIOS)
def test_it_stays_between_70_and_140_in_steps_of_5(population, vulnerability):
    found = coefficient(population, vulnerability)
    assert 70 <= found <= 140
    assert found % 5 == 0


@given(RATIOS, RATIOS, RATIOS)
def test_more_people_never_lower_it(population, vulnerability, more):
    assert coefficient(population + more, vulnerability) >= coefficient(population, vulnerability)
