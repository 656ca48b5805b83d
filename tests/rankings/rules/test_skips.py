"""Who was passed over, by what and for how long."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.rules.skips import Course, Skip, Untouched, skips, untouched

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


def done(place, day, office="obras"):
    return Course(place, office, day, day)


def waits(place, office="obras"):
    return Course(place, office)


@pytest.mark.parametrize(
    ("courses", "found"),
    [
        ([], []),
        ([waits(1), waits(2)], []),
        ([done(1, MARCH), waits(2)], []),
        ([done(1, MARCH), done(2, APRIL)], []),
        ([done(1, MARCH), done(2, MARCH)], []),
        ([waits(1), done(2, MARCH)], [Skip(1, 2, MARCH, None)]),
        ([waits(1), done(2, MAY), done(3, MARCH)], [Skip(1, 3, MARCH, None), Skip(2, 3, MARCH, MAY)]),
        ([waits(1), done(2, MARCH), done(3, MARCH)], [Skip(1, 2, MARCH, None)]),
        ([Course(1, "obras", touched=MARCH), done(2, APRIL)], []),
        ([Course(1, "obras", touched=MAY), done(2, APRIL)], [Skip(1, 2, APRIL, MAY)]),
        ([waits(1), done(2, MARCH, "aseo")], []),
    ],
)
def test_a_place_is_passed_over_by_the_later_one_that_was_finished_first(courses, found):
    assert skips(courses) == found
    assert skips(reversed(courses)) == found


@pytest.mark.parametrize(
    ("courses", "found"),
    [
        ([], Untouched(0, 0)),
        ([done(1, MARCH), done(2, APRIL)], Untouched(0, 1)),
        ([done(2, MARCH), done(1, APRIL)], Untouched(0, 1)),
        ([waits(1), waits(2), done(3, MARCH)], Untouched(2, 2)),
        ([waits(1), done(2, MARCH), waits(3), done(4, APRIL)], Untouched(3, 4)),
        ([waits(1), done(2, MARCH, "aseo")], Untouched(0, 0)),
    ],
)
def test_pairs_whose_earlier_place_is_untouched_are_counted(courses, found):
    assert untouched(courses) == found


def test_days_run_until_it_was_touched_or_until_today():
    assert Skip(1, 2, MARCH, APRIL).days(MAY) == 31
    assert Skip(1, 2, MARCH, None).days(MAY) == 61


DAYS = st.none() | st.dates(MARCH, MAY)


@st.composite
def courses(draw):
    rows = []
    for place in range(1, draw(st.integers(0, 9)) + 1):
        touched = draw(DAYS)
        finished = draw(st.none() | st.dates(touched, MAY)) if touched else None
        rows.append(Course(place, draw(st.sampled_from(["obras", "aseo"])), touched, finished))
    return rows


@given(courses())
def test_it_is_what_comparing_every_pair_says(rows):
    pairs = [(a, b) for a in rows for b in rows if a.place < b.place and a.office == b.office and b.finished]
    passed = {a.place for a, b in pairs if a.touched is None or b.finished < a.touched}
    assert [skip.place for skip in skips(rows)] == sorted(passed)
    assert untouched(rows) == (sum(a.touched is None for a, _ in pairs), len(pairs))
