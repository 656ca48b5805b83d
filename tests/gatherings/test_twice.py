"""Two typings of one count: no wrong digit passes, wherever it stands and however right it looks."""

from __future__ import annotations

import copy
import random

import pytest

from gatherings.tokens import Count, ImpossibleCount, Rules, check_count, counted, rules_for
from gatherings.twice import differences, typing_digest

ROOMS = 10_000


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        ({}, {}, []),
        ({"A": [4, 2]}, {"A": [4, 2]}, []),
        ({"A": [4, 2]}, {"A": [4, 3]}, ["A"]),
        ({"A": [4, 2]}, {}, ["A"]),
        ({}, {"A": [0, 0]}, ["A"]),
        ({"10": {"a": 1}, "9": {"a": 2}}, {"10": {"a": 2}, "9": {"b": 2}}, ["9", "10"]),
        ({"1": {}}, {"1": {"a": 1}}, ["1"]),
        ({"1": {"a": 1, "b": 2}}, {"1": {"b": 2, "a": 1}}, []),
    ],
)
def test_what_is_not_alike_is_named_in_order(first, second, differ):
    assert differences(first, second) == differ
    assert differences(second, first) == differ


def room(luck: random.Random) -> tuple[list[dict[str, int]], Rules, int]:
    """The papers of one invented room: what each voter put where."""
    size, voters = luck.randint(1, 12), luck.randint(1, 40)
    rules = rules_for("ballots", size)
    return [paper(luck, size, rules) for _voter in range(voters)], rules, voters


def paper(luck: random.Random, size: int, rules: Rules) -> dict[str, int]:
    given: dict[str, int] = {}
    for _token in range(rules.tokens_each):
        where = f"M-{luck.randrange(size)}"
        if given.get(where, 0) < rules.cap:
            given[where] = given.get(where, 0) + 1
    return given


def wrong(number: int, luck: random.Random) -> int:
    """The number with one digit typed wrong."""
    digits = list(str(number))
    where = luck.randrange(len(digits))
    digits[where] = luck.choice([each for each in "0123456789" if each != digits[where]])
    return int("".join(digits))


def test_every_single_wrong_digit_of_ten_thousand_counts_of_papers_is_caught():
    luck, caught = random.Random(16), 0
    for _room in range(ROOMS):
        papers, _rules, _voters = room(luck)
        first = {str(number): given for number, given in enumerate(papers, 1)}
        second = copy.deepcopy(first)
        at = luck.choice(list(second))
        problem = luck.choice(list(second[at]))
        second[at][problem] = wrong(second[at][problem], luck)
        caught += differences(first, second) == [at] == differences(second, first)
    assert caught == ROOMS


def test_every_single_wrong_digit_of_ten_thousand_counts_of_totals_is_caught():
    """Most of them would pass a single typing: no rule of counting sees them."""
    luck, caught, plausible = random.Random(13), 0, 0
    for _room in range(ROOMS):
        papers, rules, voters = room(luck)
        first = {problem: list(figures) for problem, figures in counted(papers, rules).items()}
        second = copy.deepcopy(first)
        at, column = luck.choice(list(second)), luck.randrange(2)
        second[at][column] = wrong(second[at][column], luck)
        caught += differences(first, second) == [at] == differences(second, first)
        plausible += is_possible(second, voters, rules)
    assert caught == ROOMS
    assert plausible > 0


def is_possible(typed: dict[str, list[int]], voters: int, rules: Rules) -> bool:
    try:
        check_count([Count(name, *figures) for name, figures in typed.items()], voters, rules)
    except ImpossibleCount:
        return False
    return True


def test_the_digest_of_a_typing_depends_on_its_salt_and_not_on_the_order_of_typing():
    one, other = {"A": [4, 2], "B": [1, 1]}, {"B": [1, 1], "A": [4, 2]}
    assert typing_digest(one, "s") == typing_digest(other, "s") != typing_digest(one, "t")
    assert typing_digest(one, "s") != typing_digest({**one, "B": [2, 1]}, "s")
