"""Who was passed over: a place of a list left untouched while a later one of the same office was finished."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple


class Course(NamedTuple):
    """What became of one place of a list; a day is None while it did not come.

    office: only places of one office are compared. touched: work on it began, or it was closed.
    """

    place: int
    office: str
    touched: date | None = None
    finished: date | None = None


class Skip(NamedTuple):
    """A place passed over by a later one; `until` is the day it was touched, None while it waits."""

    place: int
    by: int
    since: date
    until: date | None

    def days(self, today: date) -> int:
        """How many days it has waited, or waited, since it was passed over."""
        return ((self.until or today) - self.since).days


class Untouched(NamedTuple):
    """Pairs of an earlier place and a later finished one; in `passed` the earlier is still untouched."""

    passed: int
    pairs: int


def skips(courses: Iterable[Course]) -> list[Skip]:
    """One for each place that was passed over, by the later place that was finished first."""
    found = (skip for together in _by_office(courses) for skip in _skips_in(together))
    return sorted(found, key=lambda skip: skip.place)


def untouched(courses: Iterable[Course]) -> Untouched:
    """How many pairs of places of one office are so, of all whose later place is finished."""
    counts = [_untouched_in(together) for together in _by_office(courses)]
    return Untouched(sum(each.passed for each in counts), sum(each.pairs for each in counts))


def _skips_in(courses: Sequence[Course]) -> Iterator[Skip]:
    """From the last place to the first, with the earliest end seen so far."""
    first: Course | None = None
    for course in reversed(courses):
        if first and first.finished and (course.touched is None or first.finished < course.touched):
            yield Skip(course.place, first.place, first.finished, course.touched)
        if course.finished and (first is None or first.finished is None or course.finished <= first.finished):
            first = course


def _untouched_in(courses: Sequence[Course]) -> Untouched:
    passed = pairs = waiting = 0
    for before, course in enumerate(courses):
        if course.finished:
            passed, pairs = passed + waiting, pairs + before
        waiting += course.touched is None
    return Untouched(passed, pairs)


def _by_office(courses: Iterable[Course]) -> list[list[Course]]:
    offices: dict[str, list[Course]] = {}
    for course in sorted(courses):
        offices.setdefault(course.office, []).append(course)
    return list(offices.values())
