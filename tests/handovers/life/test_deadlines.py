"""Deadlines count working days as Chile does."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.conf import settings as configured
from hypothesis import given
from hypothesis import strategies as st

from handovers.life.deadlines import (
    LISTED,
    URGENT,
    add_working_days,
    due_dates,
    is_working_day,
    national_holidays,
    working_days_late,
)

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2060, 12, 31))


@pytest.mark.parametrize(
    ("handed", "receipt", "answer", "written"),
    [
        # An ordinary Monday.
        ("2026-03-02", "2026-03-05", "2026-03-16", "2026-04-01"),
        # Friday evening: the weekend does not count.
        ("2026-03-06", "2026-03-11", "2026-03-20", "2026-04-05"),
        # On a Saturday nobody works: counting starts on Monday.
        ("2026-03-07", "2026-03-11", "2026-03-20", "2026-04-06"),
        # Easter: Friday 3 April is no working day.
        ("2026-04-01", "2026-04-07", "2026-04-16", "2026-05-01"),
        # 18 September 2026 is a Friday.
        ("2026-09-15", "2026-09-21", "2026-09-30", "2026-10-15"),
        ("2026-09-17", "2026-09-23", "2026-10-02", "2026-10-17"),
        # 2027: Friday 17 September is a holiday, because the 18th is a Saturday.
        ("2027-09-14", "2027-09-20", "2027-09-29", "2027-10-14"),
        # 2025: Thursday 18 and Friday 19 September.
        ("2025-09-16", "2025-09-23", "2025-10-02", "2025-10-16"),
        # Over the year's end: Christmas on a Friday, 1 January on a Friday.
        ("2026-12-23", "2026-12-29", "2027-01-08", "2027-01-22"),
        ("2026-12-30", "2027-01-05", "2027-01-14", "2027-01-29"),
        # Over 29 February.
        ("2028-02-28", "2028-03-02", "2028-03-13", "2028-03-29"),
    ],
)
def test_a_list_is_received_in_3_answered_in_10_and_written_to_in_30_days(handed, receipt, answer, written):
    found = due_dates(dt.date.fromisoformat(handed))
    assert [day.isoformat() for day in found] == [receipt, answer, written]


def test_the_urgent_lane_is_received_by_the_next_working_day():
    found = due_dates(dt.date(2026, 9, 17), terms=URGENT)
    assert found[:2] == (dt.date(2026, 9, 21), dt.date(2026, 9, 23))


def test_a_holiday_of_the_municipality_counts_as_one():
    own = {dt.date(2026, 3, 3)}
    assert due_dates(dt.date(2026, 3, 2), own).receipt == dt.date(2026, 3, 6)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-09-17", True),
        ("2026-09-18", False),
        ("2026-09-19", False),
        ("2026-12-24", True),
        ("2026-12-25", False),
        ("2026-12-31", True),
        ("2027-01-01", False),
        ("2026-05-21", False),
        ("2026-11-22", False),
        ("2026-11-23", True),
    ],
)
def test_working_days(day, works):
    assert is_working_day(dt.date.fromisoformat(day)) == works


@pytest.mark.parametrize(
    ("due", "today", "late"),
    [
        ("2026-03-05", "2026-03-04", 0),
        ("2026-03-05", "2026-03-05", 0),
        ("2026-03-05", "2026-03-06", 1),
        ("2026-03-05", "2026-03-08", 1),
        ("2026-03-05", "2026-03-09", 2),
        ("2026-09-17", "2026-09-21", 1),
    ],
)
def test_lateness_is_told_in_working_days(due, today, late):
    assert working_days_late(dt.date.fromisoformat(due), dt.date.fromisoformat(today)) == late


@pytest.mark.parametrize("count", [0, -1])
def test_counting_less_than_one_day_is_an_error(count):
    with pytest.raises(ValueError, match="1 or more"):
        add_working_days(dt.date(2026, 3, 2), count)


@given(DAYS, st.integers(1, 40))
def test_a_deadline_is_a_working_day_with_exactly_so_many_between(day, count):
    found = add_working_days(day, count)
    between = sum(is_working_day(day + dt.timedelta(days=n + 1)) for n in range((found - day).days))
    assert is_working_day(found)
    assert between == count


@given(DAYS, DAYS)
def test_a_later_handover_never_has_an_earlier_deadline(one, other):
    first, second = sorted((one, other))
    assert all(a <= b for a, b in zip(due_dates(first), due_dates(second), strict=True))


@given(DAYS)
def test_what_is_within_its_deadline_is_not_late(day):
    assert working_days_late(due_dates(day, terms=LISTED).answer, due_dates(day).answer) == 0


def test_each_year_has_its_own_holidays():
    assert dt.date(2026, 9, 18) in national_holidays(2026)
    assert not national_holidays(2026) & national_holidays(2027)


@pytest.mark.parametrize(("country", "day"), [("CL", "2026-09-18"), ("AR", "2026-07-09")])
def test_the_holidays_are_those_of_the_country_that_is_set(settings, country, day):
    settings.HOLIDAYS_COUNTRY = country
    assert dt.date.fromisoformat(day) in national_holidays(2026)
    assert not is_working_day(dt.date.fromisoformat(day))


def test_a_country_that_is_none_stops_the_start():
    command = [sys.executable, "manage.py", "check"]
    environment = os.environ | {"HOLIDAYS_COUNTRY": "XX"}
    done = subprocess.run(
        command, env=environment, cwd=configured.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "HOLIDAYS_COUNTRY names no country: XX" in done.stderr
