"""Counting in the room: order, support, refusals and the minority alarm."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatherings.tokens import (
    LARGE,
    SMALL,
    Count,
    ImpossibleCount,
    Mode,
    check_ballot,
    check_count,
    counted,
    minority_share,
    ranked,
    rules_for,
    screen_order,
    support,
    votes_allowed,
)

EXAMPLE_A = [
    Count("P4", 14, 8),
    Count("P1", 13, 8),
    Count("P2", 11, 7),
    Count("P3", 8, 6),
    Count("P6", 8, 5),
    Count("P5", 5, 3),
]
REFERENCES = [f"M-2026-{number:06d}" for number in range(1, 13)]


def references_of(counts):
    return [count.reference for count in counts]


@st.composite
def ballots_of_a_room(draw):
    """Ballots that keep the rules: 1 to 40 voters over 7 to 12 problems."""
    references = REFERENCES[: draw(st.integers(7, 12))]
    ballots = []
    for _ in range(draw(st.integers(1, 40))):
        given_tokens = draw(st.permutations(references * LARGE.cap))[: draw(st.integers(0, 5))]
        ballots.append({each: given_tokens.count(each) for each in set(given_tokens)})
    return ballots


def counts_of(ballots):
    return [Count(each, *got) for each, got in counted(ballots, LARGE).items()]


def test_example_a_stands_in_its_order_with_its_support():
    check_count(EXAMPLE_A, voters=12, rules=LARGE)
    assert references_of(ranked(reversed(EXAMPLE_A))) == ["P4", "P1", "P2", "P3", "P6", "P5"]
    assert sum(count.tokens for count in EXAMPLE_A) == 59
    assert support(14, voters=12, tokens_each=5) == Fraction(14, 60)


def test_a_cohesive_minority_keeps_a_place_among_the_first_three():
    ballots = [{"X1": 2, "X2": 2, "X3": 1}] * 6 + [{"Y1": 2, "Y2": 2, "Y3": 1}] * 4
    assert references_of(ranked(counts_of(ballots)))[:3] == ["X1", "X2", "Y1"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Count("b", 9, 5), Count("a", 8, 8, 300)),
        (Count("b", 8, 6), Count("a", 8, 5, 300)),
        (Count("b", 8, 5, 200), Count("a", 8, 5, 100, date(2020, 1, 1))),
        (Count("b", 8, 5, 100, date(2026, 1, 1)), Count("a", 8, 5, 100, date(2026, 1, 2))),
        (Count("M-2026-000002", 8, 5), Count("M-2026-000010", 8, 5)),
        (Count("M-2026-999999", 8, 5), Count("M-2026-1000000", 8, 5)),
    ],
)
def test_ties_break_by_people_then_index_then_age_then_reference(first, second):
    assert ranked([second, first]) == [first, second]


@pytest.mark.parametrize(
    ("mode", "size", "rules"),
    [
        (Mode.TOKENS, 12, LARGE),
        (Mode.TOKENS, 7, LARGE),
        (Mode.TOKENS, 6, SMALL),
        (Mode.BALLOTS, 1, SMALL),
        (Mode.PHONES, 9, LARGE),
        (Mode.HANDS, 12, SMALL),
        ("hands", 2, SMALL),
    ],
)
def test_the_mode_and_the_ballot_decide_how_many_tokens(mode, size, rules):
    assert rules_for(mode, size) == rules


@pytest.mark.parametrize("size", [0, 13, -1])
def test_a_ballot_has_one_to_twelve_problems(size):
    with pytest.raises(ImpossibleCount) as refusal:
        rules_for(Mode.TOKENS, size)
    assert refusal.value.kind == "size"


@pytest.mark.parametrize(
    ("counts", "voters", "kind"),
    [
        ([Count("a", 4, 2), Count("b", 4, 2), Count("c", 3, 2)], 2, "total"),
        ([Count("a", 5, 2)], 4, "cap"),
        ([Count("a", 2, 3)], 4, "people_over_tokens"),
        ([Count("a", 5, 5)], 4, "people_over_voters"),
        ([Count("a", -1, 0)], 4, "negative"),
        ([Count("a", 0, -1)], 4, "negative"),
        ([Count("a", 1, 1)], -4, "negative"),
        ([Count("a", 1.0, 1)], 4, "not_whole"),
        ([Count("a", True, 1)], 4, "not_whole"),
        ([Count("a", float("nan"), 1)], 4, "not_whole"),
        ([Count("a", 2**63, 1)], 4, "not_whole"),
        ([Count("a", 1, 1), Count("a", 1, 1)], 4, "twice"),
        ([Count("a", 1, 0)], 4, "cap"),
    ],
)
def test_an_impossible_count_is_refused_with_its_reason(counts, voters, kind):
    with pytest.raises(ImpossibleCount) as refusal:
        check_count(counts, voters, LARGE)
    assert refusal.value.kind == kind


@pytest.mark.parametrize(
    ("ballot", "kind"),
    [
        ({"a": 3}, "cap"),
        ({"a": 2, "b": 2, "c": 2}, "total"),
        ({"z": 1}, "unknown"),
        ({"a": -1}, "negative"),
        ({"a": "2"}, "not_whole"),
    ],
)
def test_an_impossible_ballot_is_refused_with_its_reason(ballot, kind):
    with pytest.raises(ImpossibleCount) as refusal:
        check_ballot(ballot, LARGE, allowed=["a", "b", "c"])
    assert refusal.value.kind == kind


@pytest.mark.parametrize(
    ("count", "kind", "facts"),
    [
        (Count("a", 6, 1), "cap", {"reference": "a", "tokens": 6, "people": 1, "most": LARGE.cap}),
        (Count("a", 2, 3), "people_over_tokens", {"reference": "a", "tokens": 2, "people": 3, "most": 2}),
        (
            Count("a", 30, 11),
            "people_over_voters",
            {"reference": "a", "tokens": 30, "people": 11, "most": 10},
        ),
        (Count("a", -1, 0), "negative", {"name": "tokens", "number": -1, "reference": "a"}),
        (Count("a", 1, -1), "negative", {"name": "people", "number": -1, "reference": "a"}),
        (Count("a", 1.5, 1), "not_whole", {"name": "tokens", "number": 1.5, "reference": "a"}),
        (Count("a", 1, "1"), "not_whole", {"name": "people", "number": "1", "reference": "a"}),
    ],
)
def test_a_refused_count_tells_the_problem_and_its_numbers(count, kind, facts):
    with pytest.raises(ImpossibleCount) as refusal:
        check_count([count], 10, LARGE)
    assert (refusal.value.kind, refusal.value.facts) == (kind, facts)


def test_other_refusals_tell_their_numbers_too():
    def facts_of(act, *arguments, **more):
        with pytest.raises(ImpossibleCount) as refusal:
            act(*arguments, **more)
        return refusal.value.facts

    full = LARGE.cap * 10
    twice = [Count("a", 1, 1), Count("a", 1, 1)]
    packed = [Count(name, full, 10) for name in "abc"]
    assert facts_of(rules_for, Mode.TOKENS, 13) == {"size": 13, "most": 12}
    assert facts_of(check_count, [], -1, LARGE) == {"name": "voters", "number": -1}
    assert facts_of(check_count, twice, 10, LARGE) == {"reference": "a"}
    assert facts_of(check_count, packed, 10, LARGE) == {"tokens": 3 * full, "most": 10 * LARGE.tokens_each}
    assert facts_of(check_ballot, {"a": -1}, LARGE) == {"name": "tokens", "number": -1, "reference": "a"}


def test_nobody_is_counted_for_a_problem_without_a_token():
    assert counted([{"a": 1, "b": 0}, {"a": 2}], LARGE) == {"a": (3, 2), "b": (0, 0)}


def test_people_come_with_organisations_unless_told_otherwise():
    assert votes_allowed({"Junta 4": 3, "Club": 1}) == 3


def test_an_empty_room_has_no_support():
    assert support(0, voters=0, tokens_each=5) == 0


def test_the_minority_alarm_is_the_share_of_ballots_with_none_of_the_first_five():
    ballots = [{"a": 2, "f": 1}, {"f": 2}, {"g": 2, "a": 0}, {}]
    assert minority_share(ballots, ["a", "b", "c", "d", "e", "f", "g"]) == Fraction(3, 4)
    assert minority_share([], ["a"]) == 0


def test_an_organisation_has_at_most_two_votes():
    assert votes_allowed({"junta": 9, "club": 1, "coro": 2}, without_organisation=4) == 9


def test_the_screen_order_is_drawn_again_from_its_seed():
    drawn = screen_order(REFERENCES, "2f7a")
    assert drawn == screen_order(reversed(REFERENCES), "2f7a")
    assert sorted(drawn) == REFERENCES
    assert drawn != screen_order(REFERENCES, "2f7b")


@given(ballots_of_a_room())
def test_what_ballots_add_up_to_is_always_a_possible_count(ballots):
    counts = counts_of(ballots)
    check_count(counts, len(ballots), LARGE)
    assert sum(support(each.tokens, len(ballots), 5) for each in counts) <= 1


@given(ballots_of_a_room(), st.randoms())
def test_the_order_of_the_input_plays_no_part(ballots, random):
    counts = counts_of(ballots)
    mixed = random.sample(counts, len(counts))
    assert ranked(mixed) == ranked(counts)


@given(ballots_of_a_room(), st.integers(2, 9))
def test_a_room_many_times_larger_has_the_same_order_and_support(ballots, times):
    small, large = counts_of(ballots), counts_of(ballots * times)
    assert references_of(ranked(small)) == references_of(ranked(large))
    for one, many in zip(ranked(small), ranked(large), strict=True):
        assert support(one.tokens, len(ballots), 5) == support(many.tokens, len(ballots) * times, 5)


@given(ballots_of_a_room(), st.data())
def test_one_more_token_never_lowers_a_problem(ballots, data):
    counts = counts_of([*ballots, {REFERENCES[0]: 1}])
    lucky = data.draw(st.sampled_from(counts))
    more = Count(lucky.reference, lucky.tokens + 1, lucky.people)
    after = [more if each == lucky else each for each in counts]
    assert ranked(after).index(more) <= ranked(counts).index(lucky)


def test_a_refusal_in_a_log_says_its_kind_and_its_facts():
    assert str(ImpossibleCount("cap", reference="M-2026-000001", most=2)) == (
        "cap: {'reference': 'M-2026-000001', 'most': 2}"
    )
