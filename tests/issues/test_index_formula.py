"""The index: four scales, integer weights, one decimal on the screen."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.index import Levels, Weights, check_levels, display, index_i3, is_urgent

LEVELS = st.builds(Levels, *[st.integers(0, 3)] * 4)


@pytest.mark.parametrize(
    ("levels", "i3", "shown"),
    [
        ((2, 2, 3, 2), 220, "73.3"),
        ((2, 1, 3, 2), 190, "63.3"),
        ((1, 2, 1, 0), 120, "40.0"),
        ((0, 0, 0, 0), 0, "0.0"),
        ((3, 3, 3, 3), 300, "100.0"),
        ((0, 0, 1, 0), 20, "6.7"),
        ((0, 0, 0, 1), 10, "3.3"),
    ],
)
def test_the_worked_examples_come_out_to_the_digit(levels, i3, shown):
    assert index_i3(Levels(*levels)) == i3
    assert display(i3) == Decimal(shown)


@pytest.mark.parametrize("i3", range(301))
def test_the_shown_index_is_a_third_rounded_half_up(i3):
    assert abs(display(i3) * 3 - i3) <= Decimal("0.15")
    assert display(i3).as_tuple().exponent == -1


@pytest.mark.parametrize("level", [-1, 4, 2.0, True, None, "2", float("nan"), 2**63])
def test_a_level_off_the_scale_is_refused(level):
    with pytest.raises(ValueError, match="must be 0, 1, 2 or 3"):
        index_i3(Levels(2, 2, 3, level))


@pytest.mark.parametrize("weights", [(40, 30, 20, 11), (0, 0, 0, 0), (-10, 60, 40, 10), (40.0, 30, 20, 10)])
def test_weights_that_do_not_make_a_hundred_are_refused(weights):
    with pytest.raises(ValueError, match="weights must"):
        index_i3(Levels(1, 1, 1, 1), Weights(*weights))


def test_other_weights_give_another_index():
    assert index_i3(Levels(1, 0, 0, 3), Weights(25, 25, 25, 25)) == 100


def test_a_level_may_weigh_nothing():
    assert index_i3(Levels(3, 3, 3, 0), Weights(0, 0, 0, 100)) == 0


@pytest.mark.parametrize("levels", [(1, 1, 1), (1, 1, 1, 1, 1)])
def test_an_index_needs_exactly_four_levels(levels):
    with pytest.raises(ValueError, match="zip"):
        index_i3(levels)
    with pytest.raises(ValueError, match="zip"):
        check_levels(levels)


@pytest.mark.parametrize("weights", [(40, 30, 30), (40, 30, 20, 5, 5)])
def test_an_index_needs_exactly_four_weights(weights):
    with pytest.raises(ValueError, match="zip"):
        index_i3(Levels(1, 1, 1, 1), weights)


def test_only_risk_to_life_is_urgent():
    assert [is_urgent(Levels(severity, 3, 3, 3)) for severity in range(4)] == [False, False, False, True]


@given(LEVELS, st.integers(0, 3))
def test_raising_a_level_never_lowers_the_index(levels, place):
    raised = levels._replace(**{levels._fields[place]: min(levels[place] + 1, 3)})
    assert index_i3(raised) >= index_i3(levels)


@given(LEVELS)
def test_the_index_lies_between_0_and_300(levels):
    assert 0 <= index_i3(levels) <= 300
