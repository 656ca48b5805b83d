"""How far the executed order kept to the published one."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from rankings.rules.inversions import order_kept


def test_the_worked_example_keeps_half_of_the_order():
    kept = order_kept(["B1", "C1", "A1", "A2", "B2", "C2"], ["A1", "B1", "A2", "C1"])
    assert (kept.inversions, kept.pairs, kept.share) == (3, 6, Fraction(1, 2))


def test_one_repair_or_none_keeps_the_order():
    assert order_kept("ab", "b").share == order_kept("ab", "").share == 1


def test_what_was_not_on_the_list_is_left_out():
    assert order_kept("ab", "azb") == order_kept("ab", "ab")


@given(st.permutations(range(12)), st.integers(0, 12))
def test_it_counts_the_pairs_that_were_turned_round(executed, many):
    turned = sum(first > second for first, second in combinations(executed[:many], 2))
    assert order_kept(range(12), executed[:many]).inversions == turned
