"""The city list by rounds: worked examples, properties, and an oracle for the rounds."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor

import pytest
from apportionment.methods import compute
from hypothesis import given
from hypothesis import strategies as st

from rankings.rules.rounds import (
    Neighbourhood,
    Pending,
    city_order,
    exact_order,
    numbered,
    places_after,
    replaced,
    round_of,
    sorted_rows,
)

DAY = date(2026, 10, 1)
COEFFICIENTS = st.integers(14, 28).map(lambda step: step * 5)
FEW = st.integers(0, 6)
ROOMS = {
    "A": (80, [120, 100, 80, 60, 40], [120, 190, 100, 100, 70]),
    "B": (25, [50, 45, 30], [220, 150, 130]),
    "C": (12, [35, 25], [190, 120]),
}


def example_c(**coefficients):
    return [room(code, *ROOMS[code], coefficients.get(code, 100)) for code in ROOMS]


def room(code, voters, tokens, indexes, coefficient=100):
    pending = [
        Pending(f"{code}{number}", index, Fraction(each, 5 * voters), DAY)
        for number, (each, index) in enumerate(zip(tokens, indexes, strict=True), 1)
    ]
    return Neighbourhood(code, pending, coefficient)


def by_round(places):
    """The order as written in the worked examples: rounds between bars."""
    rounds = {}
    for place in places:
        rounds.setdefault(place.round, []).append(place.problem.reference)
    return " | ".join(" ".join(rounds[number]) for number in sorted(rounds))


@st.composite
def neighbourhoods(draw, least=1, most=8, coefficients=COEFFICIENTS, accepted=FEW):
    """Neighbourhoods of an imaginary commune, some voted and some not."""
    numbers = iter(draw(st.permutations(range(most * 8))))
    made = []
    for code in range(draw(st.integers(least, most))):
        pending = [draw(problems(next(numbers))) for _ in range(draw(st.integers(0, 8)))]
        made.append(Neighbourhood(str(code), pending, draw(coefficients), draw(accepted)))
    return made


@st.composite
def problems(draw, number):
    index = draw(st.integers(0, 30)) * 10
    if draw(st.booleans()):
        return Pending(f"M-2026-{number:06d}", index)
    given_out = draw(st.integers(1, 40)) * 5
    share = Fraction(draw(st.integers(0, given_out)), given_out)
    return Pending(f"M-2026-{number:06d}", index, share, DAY + timedelta(draw(st.integers(0, 9))))


def order_of(city):
    return [place.problem.reference for place in city_order(city)]


def test_the_raw_votes_would_fill_the_first_places_with_the_largest_room():
    tokens = {f"{code}{n}": each for code, room in ROOMS.items() for n, each in enumerate(room[1], 1)}
    by_votes = sorted(tokens, key=lambda reference: -tokens[reference])
    assert " ".join(by_votes) == "A1 A2 A3 A4 B1 B2 A5 C1 B3 C2"


@pytest.mark.parametrize(
    ("coefficients", "order"),
    [
        ({}, "B1 C1 A1 | A2 B2 C2 | B3 A3 | A4 | A5"),
        ({"A": 140, "B": 100, "C": 70}, "B1 C1 A1 | A2 B2 A3 | B3 C2 A4 | A5"),
    ],
)
def test_example_c_stands_in_its_rounds(coefficients, order):
    assert by_round(city_order(example_c(**coefficients))) == order


def test_a_neighbourhoods_own_order_is_kept_inside_a_round():
    city = [
        Neighbourhood("A", [Pending("A1", 120), Pending("A2", 100), Pending("A3", 190)], 140),
        Neighbourhood("B", [Pending("B1", 110), Pending("B2", 150)]),
    ]
    places = city_order(city)
    assert by_round(places) == "A1 B1 | B2 A2 A3"
    assert [place.kept_behind for place in places] == ["", "", "", "", "A2"]


@pytest.mark.parametrize(
    ("coefficient", "rounds"),
    [
        (125, [1, 2, 2, 3, 4, 5, 6, 6, 7, 8]),
        (140, [1, 2, 2, 3, 4, 4, 5]),
        (90, [1, 2, 3, 4, 5, 7, 8]),
        (70, [1, 3, 4, 5, 7]),
        (100, [1, 2, 3, 4, 5]),
    ],
)
def test_the_worked_rounds_come_out(coefficient, rounds):
    assert [round_of(turn, coefficient) for turn in range(1, len(rounds) + 1)] == rounds


def test_accepted_problems_count_before_the_pending_ones():
    city = [Neighbourhood("A", [Pending("A1", 300)], accepted=2), Neighbourhood("B", [Pending("B1", 0)])]
    places = city_order(city)
    assert by_round(places) == "B1 | A1"
    assert [(place.round, place.turn, place.own_place) for place in places] == [(1, 1, 1), (3, 3, 1)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Pending("b", 200), Pending("a", 190, Fraction(1, 2), DAY)),
        (Pending("b", 100, Fraction(1, 3), DAY), Pending("a", 100, Fraction(33, 100), DAY)),
        (Pending("b", 100, Fraction(1, 3), DAY), Pending("a", 100, Fraction(1, 3), DAY + timedelta(1))),
        (Pending("b", 100, 0, DAY), Pending("a", 100)),
        (Pending("M-2026-999999", 100), Pending("M-2026-1000000", 100)),
        (Pending("M-2025-000009", 100), Pending("M-2026-000001", 100)),
    ],
)
def test_inside_a_round_index_then_support_then_date_then_reference_decide(first, second):
    assert order_of([Neighbourhood("1", [second]), Neighbourhood("2", [first])]) == [
        first.reference,
        second.reference,
    ]


@pytest.mark.parametrize(
    ("neighbourhood", "words"),
    [
        (Neighbourhood("7", [], 0), "coefficient of 7"),
        (Neighbourhood("7", [], -100), "coefficient of 7"),
        (Neighbourhood("7", [], 100, -1), "accepted of 7"),
        (Neighbourhood("7", [Pending("a", -10)]), "index must be"),
        (Neighbourhood("7", [Pending("a", 2**16)]), "index must be"),
        (Neighbourhood("7", [Pending("a", 0, Fraction(3, 2))]), "support must be"),
        (Neighbourhood("7", [Pending("a", 0, Fraction(-1, 2))]), "support must be"),
        (Neighbourhood("7", [Pending("a", 0, Fraction(1, 2**64))]), "support must be"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(neighbourhood, words):
    with pytest.raises(ValueError, match=words):
        city_order([neighbourhood])


@given(COEFFICIENTS, st.integers(0, 60))
def test_after_r_rounds_a_neighbourhood_has_its_rounded_share(coefficient, rounds):
    share = floor(Fraction(rounds * coefficient, 100) + Fraction(1, 2))
    assert places_after(rounds, coefficient) == share
    assert sum(round_of(turn, coefficient) <= rounds for turn in range(1, 200)) == share


@given(st.lists(COEFFICIENTS, min_size=2, max_size=21), st.integers(1, 12))
def test_the_rounds_are_those_of_sainte_lague(coefficients, rounds):
    shares = [places_after(rounds, each) for each in coefficients]
    oracle = compute("saintelague", coefficients, sum(shares), fractions=True)
    assert list(oracle) == shares


@given(neighbourhoods(accepted=st.just(0)))
def test_every_neighbourhood_has_exactly_one_place_in_round_one(city):
    first = [place.neighbourhood for place in city_order(city) if place.round == 1]
    assert sorted(first) == sorted(each.code for each in city if each.pending)


@given(neighbourhoods(least=2, most=21, coefficients=st.just(100), accepted=st.just(0)))
def test_any_41_places_in_a_row_hold_all_who_still_wait(city):
    window = 2 * len(city) - 1
    places = city_order(city)
    for neighbourhood in city:
        own = [place.number for place in places if place.neighbourhood == neighbourhood.code]
        assert all(after - before <= window for before, after in pairwise([0, *own]))


@given(neighbourhoods(), st.data())
def test_a_higher_index_never_lowers_a_problem(city, data):
    where, at = data.draw(chosen(city))
    raised = city[where].pending[at]._replace(index=300)
    assert better_or_equal(city, changed(city, where, at, raised), raised.reference)


@given(neighbourhoods(), st.data())
def test_more_tokens_never_lower_a_problem(city, data):
    where, at = data.draw(chosen(city))
    problem = city[where].pending[at]._replace(support=1)
    pending = list(city[where].pending)
    del pending[at]
    pending.insert(data.draw(st.integers(0, at)), problem)
    after = [*city[:where], city[where]._replace(pending=pending), *city[where + 1 :]]
    assert better_or_equal(city, after, problem.reference)


@given(neighbourhoods(), st.data())
def test_a_higher_coefficient_never_lowers_a_problem(city, data):
    where, at = data.draw(chosen(city))
    higher = city[where]._replace(coefficient=data.draw(st.integers(city[where].coefficient, 140)))
    after = [*city[:where], higher, *city[where + 1 :]]
    assert better_or_equal(city, after, higher.pending[at].reference)


@given(neighbourhoods(least=2), st.data())
def test_one_neighbourhood_never_reorders_two_problems_of_others(city, data):
    out = data.draw(st.integers(0, len(city) - 1))
    own = {problem.reference for problem in city[out].pending}
    others = [reference for reference in order_of(city) if reference not in own]
    assert order_of([*city[:out], *city[out + 1 :]]) == others


@given(neighbourhoods())
def test_a_neighbourhoods_own_order_is_always_kept(city):
    places = city_order(city)
    for neighbourhood in city:
        own = [place.problem for place in places if place.neighbourhood == neighbourhood.code]
        assert own == list(neighbourhood.pending)


@given(neighbourhoods(), st.randoms())
def test_the_order_of_the_input_is_irrelevant(city, random):
    assert city_order(random.sample(city, len(city))) == city_order(city)


@given(st.integers(1, 500), st.integers(2, 50))
def test_the_size_of_a_room_changes_nothing(voters, times):
    small = room("A", voters, [voters, voters // 2], [100, 100])
    large = room("A", voters * times, [voters * times, (voters // 2) * times], [100, 100])
    others = example_c()[1:]
    assert city_order([small, *others]) == city_order([large, *others])


@given(neighbourhoods(), st.data())
def test_one_closing_gathering_gives_the_same_list_as_starting_again(city, data):
    where = data.draw(st.integers(0, len(city) - 1))
    fresh = city[where]._replace(pending=city[where].pending[::-1])
    after = [*city[:where], fresh, *city[where + 1 :]]
    assert numbered(replaced(sorted_rows(city), fresh)) == city_order(after)


@given(st.fractions(0, 1, max_denominator=2**63), st.fractions(0, 1, max_denominator=2**63))
def test_support_is_compared_exactly(one, other):
    assert (exact_order(one) < exact_order(other)) == (one < other)
    assert (exact_order(one) == exact_order(other)) == (one == other)


def test_the_closest_two_fractions_are_told_apart():
    close = Fraction(2**64 - 2, 2**64 - 1)
    closer = Fraction(2**64 - 3, 2**64 - 2)
    assert exact_order(close) > exact_order(closer)


@st.composite
def chosen(draw, city):
    """Where a problem of the city is: neighbourhood and place in it."""
    spots = [(where, at) for where, each in enumerate(city) for at in range(len(each.pending))]
    return draw(st.sampled_from(spots) if spots else st.nothing())


def changed(city, where, at, problem):
    pending = list(city[where].pending)
    pending[at] = problem
    return [*city[:where], city[where]._replace(pending=pending), *city[where + 1 :]]


def better_or_equal(before, after, reference):
    return order_of(after).index(reference) <= order_of(before).index(reference)
