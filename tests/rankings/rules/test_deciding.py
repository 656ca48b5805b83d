"""The reason of a place names what decided it, and nothing else."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.rules.deciding import By, Decision, coefficient_decided, decisions, turns_decided
from rankings.rules.listing import rule_order
from rankings.rules.rounds import Neighbourhood, Pending, city_order, key_of, round_of
from tests.rankings.imaginary import queues

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def decided(*problems):
    """The decisions of one round: each problem is the first of a neighbourhood of its own."""
    city = [Neighbourhood(str(code), [problem]) for code, problem in enumerate(problems)]
    return list(decisions(city_order(city)))


def problem(number, index=100, support=0, day=None):
    return Pending(f"M-2026-{number:06d}", index, support, day)


@pytest.mark.parametrize(
    ("first", "second", "by"),
    [
        (problem(9, 120), problem(1, 100, Fraction(1, 2), MARCH), By.INDEX),
        (
            problem(9, support=Fraction(3, 5), day=APRIL),
            problem(1, support=Fraction(1, 2), day=MARCH),
            By.SUPPORT,
        ),
        (
            problem(9, support=Fraction(1, 2), day=MARCH),
            problem(1, support=Fraction(2, 4), day=APRIL),
            By.DAY,
        ),
        (problem(9, day=MARCH), problem(1), By.DAY),
        (problem(1), problem(9), By.NUMBER),
        (
            problem(1, support=Fraction(1, 2), day=MARCH),
            problem(9, support=Fraction(1, 2), day=MARCH),
            By.NUMBER,
        ),
    ],
)
def test_two_of_one_round_are_told_apart_by_the_first_thing_in_which_they_differ(first, second, by):
    assert decided(second, first) == [
        Decision(by, second.reference, is_after=False),
        Decision(by, first.reference),
    ]


def test_one_alone_in_its_round_has_no_rival():
    city = [Neighbourhood("1", [problem(1), problem(2)])]
    assert list(decisions(city_order(city))) == [Decision(By.NOTHING)] * 2


def test_a_held_back_problem_is_told_against_the_one_that_holds_it_and_the_next_against_it_too():
    alto = Neighbourhood("1", [problem(1, 100), problem(2, 100), problem(3, 200)], coefficient=300)
    bajo = Neighbourhood("2", [problem(4, 90)])
    places = city_order([alto, bajo])
    assert [place.problem.reference[-1] for place in places] == ["1", "2", "3", "4"]
    assert list(decisions(places)) == [
        Decision(By.NUMBER, "M-2026-000002", is_after=False),
        Decision(By.NUMBER, "M-2026-000001"),
        Decision(By.OWN_ORDER, "M-2026-000002"),
        Decision(By.INDEX, "M-2026-000002"),
    ]


def test_who_opens_a_round_before_one_it_holds_back_does_so_by_the_order_of_its_neighbourhood():
    places = city_order([Neighbourhood("1", [problem(1, 100), problem(2, 200)], coefficient=300)])
    assert next(decisions(places)) == Decision(By.OWN_ORDER, "M-2026-000002", is_after=False)


@pytest.mark.parametrize(
    ("own_place", "accepted", "coefficient", "turns", "share"),
    [
        (1, 0, 100, False, False),
        (1, 2, 100, True, False),
        (1, 0, 140, False, False),
        (2, 0, 140, False, False),
        (3, 0, 140, False, True),
        (2, 1, 140, False, True),
        (3, 1, 140, True, True),
        (2, 0, 70, False, True),
        (1, 1, 70, True, True),
        (1, 0, 70, False, False),
    ],
)
def test_turns_and_coefficient_are_named_only_when_the_round_would_be_another(
    own_place, accepted, coefficient, turns, share
):
    assert turns_decided(own_place, accepted, coefficient) is turns
    assert coefficient_decided(own_place + accepted, coefficient) is share


@given(st.integers(1, 500), st.integers(0, 50), st.integers(14, 28).map(lambda step: step * 5))
def test_without_what_is_not_named_the_round_is_the_same(own_place, accepted, coefficient):
    turns = accepted if turns_decided(own_place, accepted, coefficient) else 0
    share = coefficient if coefficient_decided(own_place + accepted, coefficient) else 100
    assert round_of(own_place + turns, share) == round_of(own_place + accepted, coefficient)


LATER = {By.INDEX: "support voted_on reference", By.SUPPORT: "voted_on reference", By.DAY: "reference"}


@given(queues(), st.data())
def test_whatever_the_reason_does_not_name_could_be_otherwise(city, data):
    places = rule_order(city)
    known = {place.problem.reference: place for place in places}
    for place, decision in zip(places, decisions(places), strict=True):
        if decision.by in LATER:
            mine, theirs = place.problem, known[decision.rival].problem
            other = mine._replace(**{name: data.draw(ANY[name]) for name in LATER[decision.by].split()})
            assert (key_of(theirs) < key_of(other)) is decision.is_after


ANY = {
    "support": st.fractions(0, 1, max_denominator=100),
    "voted_on": st.none() | st.dates(),
    "reference": st.integers(1, 999_999).map(lambda number: f"M-2026-{number:06d}"),
}


@given(queues())
def test_every_rival_stands_on_its_side_in_the_same_round(city):
    places = rule_order(city)
    known = {place.problem.reference: place for place in places}
    for place, decision in zip(places, decisions(places), strict=True):
        if decision.rival:
            rival = known[decision.rival]
            assert rival.round == place.round
            assert (rival.number < place.number) is decision.is_after
        else:
            assert sum(each.round == place.round for each in places) == 1
