"""Whose turn it is: two gatherings a week that go round all neighbourhoods. Pure: imports no Django."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

TUESDAY, THURSDAY = 1, 3
WEEKDAYS = (TUESDAY, THURSDAY)
PATIENCE = dt.timedelta(weeks=12)


@dataclass(frozen=True)
class Turn:
    """A proposal: this neighbourhood on this day."""

    day: dt.date
    territory: int


@dataclass(frozen=True)
class Wait:
    """How long a neighbourhood waits, from its last gathering to its next; None: never met, none planned."""

    territory: int
    last: dt.date | None
    next: dt.date | None
    days: int | None
    is_too_long: bool


def propose(
    last: Mapping[int, dt.date | None], busy: Collection[dt.date], days: Iterable[dt.date]
) -> list[Turn]:
    """One neighbourhood for each free day: always the one whose last gathering is furthest back.

    `last` maps every neighbourhood to its latest gathering, held or already planned (None: never);
    days in `busy` have one already or are holidays. Among equals the lowest number goes first, so
    that after a whole round each has met as often as every other.
    """
    latest = {territory: day or dt.date.min for territory, day in last.items()}
    turns: list[Turn] = []
    for day in days:
        if day in busy or not latest:
            continue
        chosen = min(latest, key=lambda territory: (latest[territory], territory))
        latest[chosen] = day
        turns.append(Turn(day, chosen))
    return turns


def meeting_days(start: dt.date, weeks: int, weekdays: Collection[int] = WEEKDAYS) -> list[dt.date]:
    """The days on which gatherings are held, from `start` on for so many weeks."""
    days = (start + dt.timedelta(days=n) for n in range(7 * weeks))
    return [day for day in days if day.weekday() in weekdays]


def waits(
    last: Mapping[int, dt.date | None], upcoming: Mapping[int, dt.date | None], today: dt.date
) -> list[Wait]:
    """Every neighbourhood's wait, the longest first; too long is more than twelve weeks.

    `last` holds gatherings that were held, `upcoming` the next planned one of each.
    """
    found = [_wait(territory, day, upcoming.get(territory), today) for territory, day in last.items()]
    return sorted(found, key=lambda wait: (not wait.is_too_long, -(wait.days or 10**6), wait.territory))


def _wait(territory: int, last: dt.date | None, upcoming: dt.date | None, today: dt.date) -> Wait:
    if last is None:
        return Wait(territory, None, upcoming, None, upcoming is None or upcoming > today + PATIENCE)
    until = upcoming or today
    return Wait(territory, last, upcoming, (until - last).days, until - last > PATIENCE)
