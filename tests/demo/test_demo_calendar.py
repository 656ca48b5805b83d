"""Lives that go on together in the order of time."""

import datetime as dt
import random

from demo.calendar import Calendar, days_later

START = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


def life(log: list[str], name: str, hours: list[int]):
    for hour in hours:
        yield START + dt.timedelta(hours=hour)
        log.append(f"{name}{hour}")


def test_steps_are_taken_in_the_order_of_time_and_not_beyond():
    log: list[str] = []
    calendar = Calendar()
    calendar.begin(life(log, "a", [1, 5, 9]))
    calendar.begin(life(log, "b", [2, 3, 12]))
    assert calendar.run(START + dt.timedelta(hours=5)) == 4
    assert log == ["a1", "b2", "b3", "a5"]
    calendar.run(START + dt.timedelta(days=1))
    assert log[4:] == ["a9", "b12"]


def test_a_step_falls_on_a_working_day_and_never_before_the_last_one():
    luck = random.Random(3)
    for _try in range(300):
        later = days_later(START, 0, 9, luck)
        assert later > START
        assert later.weekday() < 5
