"""Deadlines in working days: pure functions over dates, without a clock or a database.

A working day is Monday to Friday, neither a holiday of HOLIDAYS_COUNTRY nor one of the municipality's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

import holidays
from django.conf import settings

SATURDAY = 5
ONE_DAY = dt.timedelta(days=1)


class Terms(NamedTuple):
    """How long an office has: receipt and answer in working days, the written answer in calendar days."""

    receipt: int = 3
    answer: int = 10
    written: int = 30


# As agreed with the councils; an installation may decide otherwise (handovers.life.service_levels).
LISTED = Terms()
# Risk to life: received by the next working day, answered within three.
URGENT = Terms(receipt=1, answer=3)


class DueDates(NamedTuple):
    """The last day of each deadline."""

    receipt: dt.date
    answer: dt.date
    written: dt.date


def due_dates(handed: dt.date, own_holidays: Collection[dt.date] = (), terms: Terms = LISTED) -> DueDates:
    """The deadlines of what was handed over on a day; counting starts the working day after."""
    return DueDates(
        receipt=add_working_days(handed, terms.receipt, own_holidays),
        answer=add_working_days(handed, terms.answer, own_holidays),
        written=handed + terms.written * ONE_DAY,
    )


def add_working_days(day: dt.date, count: int, own_holidays: Collection[dt.date] = ()) -> dt.date:
    """The count-th working day after `day`, not counting it; raises ValueError for a count below 1."""
    if count < 1:
        raise ValueError(f"count must be 1 or more, not {count}")
    for _step in range(count):
        day = next_working_day(day, own_holidays)
    return day


def next_working_day(day: dt.date, own_holidays: Collection[dt.date] = ()) -> dt.date:
    """The first working day after `day`."""
    day += ONE_DAY
    while not is_working_day(day, own_holidays):
        day += ONE_DAY
    return day


def is_working_day(day: dt.date, own_holidays: Collection[dt.date] = ()) -> bool:
    """Whether the municipality works on a day."""
    return day.weekday() < SATURDAY and day not in national_holidays(day.year) and day not in own_holidays


def working_days_late(due: dt.date, today: dt.date, own_holidays: Collection[dt.date] = ()) -> int:
    """How many working days have passed since a deadline: 0 on the day itself and before it."""
    span = range((today - due).days)
    return sum(is_working_day(due + (step + 1) * ONE_DAY, own_holidays) for step in span)


def national_holidays(year: int) -> frozenset[dt.date]:
    """The holidays of HOLIDAYS_COUNTRY in a year."""
    return _holidays(settings.HOLIDAYS_COUNTRY, year)


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays(country, years=year))
