"""Two gatherings a week go round all neighbourhoods, each as often as every other."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatherings.rotation import PATIENCE, Turn, meeting_days, propose, waits

MONDAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
territories = st.sets(st.integers(1, 40), min_size=1, max_size=25)
days_back = st.integers(1, 400)
histories = territories.flatmap(
    lambda codes: st.fixed_dictionaries(
        {code: st.none() | days_back.map(lambda n: MONDAY - n * DAY) for code in sorted(codes)}
    )
)


def test_the_one_that_never_met_goes_first_then_the_longest_ago():
    last = {1: MONDAY - 10 * DAY, 2: None, 3: MONDAY - 70 * DAY}
    turns = propose(last, busy=set(), days=[MONDAY, MONDAY + DAY, MONDAY + 2 * DAY])
    assert turns == [Turn(MONDAY, 2), Turn(MONDAY + DAY, 3), Turn(MONDAY + 2 * DAY, 1)]


def test_busy_days_stay_free():
    assert propose({1: None}, busy={MONDAY}, days=[MONDAY, MONDAY + DAY]) == [Turn(MONDAY + DAY, 1)]


def test_meeting_days_are_two_a_week():
    days = meeting_days(MONDAY, weeks=12)
    assert len(days) == 24
    assert {day.weekday() for day in days} == {1, 3}


@given(histories, st.integers(0, 80))
def test_in_any_round_every_neighbourhood_has_exactly_one_turn(last, extra):
    size = len(last)
    days = [MONDAY + n * DAY for n in range(size + extra)]
    turns = [turn.territory for turn in propose(last, set(), days)]
    assert len(turns) == size + extra
    for start in range(extra + 1):
        assert sorted(turns[start : start + size]) == sorted(last)


@given(histories, st.integers(1, 120))
def test_no_neighbourhood_gets_two_turns_more_than_another(last, many):
    counts = Counter(dict.fromkeys(last, 0))
    counts.update(turn.territory for turn in propose(last, set(), [MONDAY + n * DAY for n in range(many)]))
    assert max(counts.values()) - min(counts.values()) <= 1


@given(histories)
def test_the_order_of_the_input_is_irrelevant(last):
    days = meeting_days(MONDAY, 12)
    assert propose(last, set(), days) == propose(dict(reversed(last.items())), set(), days)


def test_twenty_one_neighbourhoods_at_two_a_week_never_wait_more_than_twelve_weeks():
    last = {code: MONDAY - (code % 5) * DAY for code in range(1, 22)}
    latest, longest = dict(last), dt.timedelta()
    for turn in propose(last, set(), meeting_days(MONDAY, 60)):
        longest = max(longest, turn.day - latest[turn.territory])
        latest[turn.territory] = turn.day
    assert longest <= PATIENCE


WEEK = 7 * DAY
YEAR = 52


def lived(start, called_off=()):
    """A year as offices live it: each week the next fortnight is planned, some gatherings are called off.

    Returns the days on which each of 21 neighbourhoods met, and on which days which were warned of.
    """
    feasts = holidays.country_holidays("CL", years=range(start.year, start.year + 3))
    planned: dict[dt.date, int] = {}
    held: dict[int, list[dt.date]] = {code: [] for code in range(1, 22)}
    warned: dict[dt.date, set[int]] = {}
    off = iter(called_off)
    for today in (start + n * WEEK for n in range(YEAR)):
        last = {code: days[-1] if days else None for code, days in held.items()}
        coming = {code: day for day, code in sorted(planned.items(), reverse=True)}
        warned[today] = {wait.territory for wait in waits(last, coming, today) if wait.is_too_long}
        ahead = meeting_days(today + DAY, weeks=2)
        busy = set(planned) | {day for day in ahead if day in feasts}
        for turn in propose(last | coming, busy, ahead):
            planned[turn.day] = turn.territory
        for day in sorted(day for day in planned if day <= today + WEEK):
            code = planned.pop(day)
            if not next(off, False):
                held[code].append(day)
    return held, warned


@pytest.mark.parametrize("start", [MONDAY + n * 13 * WEEK for n in range(20)])
def test_in_a_year_with_its_holidays_each_is_visited_as_often_as_every_other_within_twelve_weeks(start):
    held, _warned = lived(start)
    counts = [len(days) for days in held.values()]
    assert max(counts) - min(counts) <= 1
    assert min(counts) >= 4
    for days in held.values():
        assert max(after - before for before, after in pairwise(days)) <= PATIENCE


@given(st.integers(0, 260), st.lists(st.sampled_from([False, False, False, True]), max_size=104))
def test_in_any_year_with_gatherings_called_off_whoever_waits_too_long_is_warned_of(weeks, called_off):
    start = MONDAY + weeks * WEEK
    held, warned = lived(start, called_off)
    counts = [len(days) for days in held.values()]
    assert max(counts) - min(counts) <= 2
    for code, days in held.items():
        for today, who in warned.items():
            before = [day for day in days if day < today]
            if before and today - before[-1] > PATIENCE:
                assert code in who


@pytest.mark.parametrize(
    ("last", "upcoming", "days", "too_long"),
    [
        (MONDAY - 84 * DAY, None, 84, False),
        (MONDAY - 85 * DAY, None, 85, True),
        (MONDAY - 80 * DAY, MONDAY + 4 * DAY, 84, False),
        (MONDAY - 80 * DAY, MONDAY + 5 * DAY, 85, True),
        (None, None, None, True),
        (None, MONDAY + 7 * DAY, None, False),
        (None, MONDAY + 100 * DAY, None, True),
    ],
)
def test_a_wait_of_more_than_twelve_weeks_is_a_warning(last, upcoming, days, too_long):
    (wait,) = waits({1: last}, {1: upcoming}, MONDAY)
    assert (wait.days, wait.is_too_long) == (days, too_long)


def test_warnings_come_first():
    found = waits({1: MONDAY, 2: MONDAY - 90 * DAY, 3: None}, {}, MONDAY)
    assert [wait.territory for wait in found] == [3, 2, 1]
