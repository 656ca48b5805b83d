"""What chance explains and what it does not; and that nobody is put in an order of best and worst."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handovers.indicators.binomial import limits
from handovers.indicators.funnel import Row, funnel, side

CASES = st.integers(1, 120)
PERCENT = st.integers(1, 99)
TAIL = Fraction(25, 1000)


def below(count: int, cases: int, percent: int) -> Fraction:
    """P(X <= count), as a fraction: nothing is rounded."""
    share = Fraction(percent, 100)
    return sum(
        (comb(cases, k) * share**k * (1 - share) ** (cases - k) for k in range(count + 1)), Fraction(0)
    )


@given(CASES, PERCENT)
def test_the_limits_are_the_exact_ones(cases, percent):
    least, most = limits(cases, percent / 100)
    assert below(least, cases, percent) > TAIL
    assert least == 0 or below(least - 1, cases, percent) <= TAIL
    assert 1 - below(most - 1, cases, percent) > TAIL
    assert most == cases or 1 - below(most, cases, percent) <= TAIL


@given(CASES, PERCENT)
def test_the_limits_hold_the_target_and_mirror(cases, percent):
    least, most = limits(cases, percent / 100)
    assert least - 1 < cases * percent / 100 < most + 1
    other = limits(cases, (100 - percent) / 100)
    assert (cases - other.most, cases - other.least) == (least, most)


def test_a_published_table_agrees():
    """Twenty tosses of a coin: 6 to 14 are within 95 %, 5 and 15 are not."""
    assert limits(20, 0.5) == (6, 14)


def test_many_cases_are_no_burden_for_the_numbers():
    least, most = limits(20_000, 0.8)
    assert 15_850 < least < 15_900 < 16_100 < most < 16_150


@pytest.mark.parametrize(("cases", "target"), [(0, 0.8), (5, 0.0), (5, 1.0)])
def test_no_case_and_no_share_have_no_limits(cases, target):
    with pytest.raises(ValueError, match="one case or more"):
        limits(cases, target)


@pytest.mark.parametrize(("count", "cases", "which"), [(3, 5, 0), (1, 5, -1), (11, 20, -1), (99, 100, 1)])
def test_few_cases_excuse_more_than_many(count, cases, which):
    assert side(count, cases, 0.8) == which


def test_rows_keep_their_order_and_few_cases_stay_a_number():
    drawn = funnel([Row("A", 2, 10), Row("B", 10, 10), Row("C", 1, 4)], 0.8, 5)
    assert [mark.row.name for mark in drawn.marks] == ["A", "B"]
    assert [row.name for row in drawn.few] == ["C"]


def test_without_any_case_the_plot_is_empty():
    assert funnel([], 0.8, 5).marks == []
