"""Lives that go on in time: each is a generator that yields the moment of its next step.

What stands after a `yield` happens at the moment that was yielded. The calendar lets all lives go on
together, the earliest first, up to a given moment and not beyond.
"""

from __future__ import annotations

import datetime as dt
import heapq
import random
from collections.abc import Iterator

Life = Iterator[dt.datetime]
WORKING_HOURS = (9, 10, 11, 12, 15, 16)
AT_ONCE = dt.timedelta(minutes=7)


class Calendar:
    """The lives under way, in the order of their next steps."""

    def __init__(self) -> None:
        self._waiting: list[tuple[dt.datetime, int, Life]] = []
        self._begun = 0

    def begin(self, life: Life) -> None:
        """Let a life wait for its first step."""
        self._begun += 1
        self._wait(life, self._begun)

    def run(self, until: dt.datetime) -> int:
        """Take every step up to a moment; returns how many."""
        steps = 0
        while self._waiting and self._waiting[0][0] <= until:
            _moment, number, life = heapq.heappop(self._waiting)
            self._wait(life, number)
            steps += 1
        return steps

    def _wait(self, life: Life, number: int) -> None:
        moment = next(life, None)
        if moment is not None:
            heapq.heappush(self._waiting, (moment, number, life))


def days_later(moment: dt.datetime, least: int, most: int, luck: random.Random) -> dt.datetime:
    """A moment of a working day, so many calendar days later or on the next Monday, never before."""
    later = moment + dt.timedelta(days=luck.randint(least, most))
    if later.weekday() >= 5:
        later += dt.timedelta(days=7 - later.weekday())
    hour, minute = luck.choice(WORKING_HOURS), luck.randint(0, 59)
    return max(later.replace(hour=hour, minute=minute, second=luck.randint(0, 59)), moment + AT_ONCE)
