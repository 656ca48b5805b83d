"""Voluntary totals: never below five, and nothing to be won by subtracting."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatherings.groups import FEWEST, GROUPS, QUESTIONS, told, too_many

TABLE = [
    # people, said, told
    (20, {"women": 12, "men": 3}, {"women": 10}),
    (20, {"women": 12, "men": 8}, {"women": 10}),
    (20, {"women": 12, "men": 7, "other": 1}, {"women": 10}),
    (30, {"women": 14, "men": 9}, {"women": 10, "men": 5}),
    (20, {"women": 20}, {}),
    (20, {"women": 16}, {}),
    (20, {"women": 15}, {"women": 15}),
    (20, {"native": 4}, {}),
    (20, {"native": 5, "disabled": 6}, {"native": 5, "disabled": 5}),
    (9, {"under_30": 5}, {}),
    (10, {"under_30": 5, "from_60": 5}, {"under_30": 5}),
    (10, {"women": 11}, {}),
    (0, {}, {}),
]


@pytest.mark.parametrize(("people", "said", "wanted"), TABLE)
def test_what_is_told(people, said, wanted):
    assert told(people, said) == wanted


evenings = st.tuples(
    st.integers(0, 200), st.dictionaries(st.sampled_from(GROUPS), st.integers(0, 120), max_size=len(GROUPS))
)


@given(evenings)
def test_no_figure_is_below_five_or_more_than_was_said(evening):
    people, said = evening
    for group, figure in told(people, said).items():
        assert FEWEST <= figure <= said[group] < figure + FEWEST


@given(evenings)
def test_of_each_question_five_people_remain_of_whom_nothing_is_said(evening):
    people, said = evening
    shown = told(people, said)
    for groups in QUESTIONS.values():
        here = [said[group] for group in groups if group in shown]
        assert not here or people - sum(here) >= FEWEST


@given(evenings, evenings)
def test_two_releases_differ_by_nothing_or_by_five_and_more(one, other):
    first, second = told(*one), told(*other)
    for group in GROUPS:
        difference = abs(first.get(group, 0) - second.get(group, 0))
        assert difference == 0 or difference >= FEWEST


@given(evenings)
def test_what_was_not_asked_and_what_nobody_said_look_alike(evening):
    people, said = evening
    assert told(people, said) == told(people, dict.fromkeys(GROUPS, 0) | said)


@pytest.mark.parametrize("groups", QUESTIONS.values())
def test_who_knows_the_rule_and_how_many_came_names_no_figure_below_five(groups):
    """Every evening that leads to the same release: each untold group, and the rest, could be two numbers."""
    for people in range(19):
        behind = defaultdict(list)
        for counts in product(range(people + 1), repeat=len(groups)):
            if sum(counts) <= people:
                release = told(people, dict(zip(groups, counts, strict=True)))
                behind[tuple(sorted(release.items()))].append(counts)
        for release, evenings_behind in behind.items():
            _nothing_small_is_named(groups, people, dict(release), evenings_behind)


def _nothing_small_is_named(groups, people, release, evenings_behind):
    for place, group in enumerate(groups):
        could_be = {counts[place] for counts in evenings_behind}
        assert group in release or people == 0 or len(could_be) > 1
    rests = {people - sum(counts) for counts in evenings_behind}
    assert people == 0 or len(rests) > 1 or min(rests) >= FEWEST


@given(evenings)
def test_a_question_that_more_answered_than_came_is_named(evening):
    people, said = evening
    question = too_many(people, said)
    sums = {name: sum(said.get(group, 0) for group in groups) for name, groups in QUESTIONS.items()}
    assert (question is None) == (max(sums.values()) <= people)
    assert question is None or sums[question] > people
