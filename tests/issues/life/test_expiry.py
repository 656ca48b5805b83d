"""Who reported a problem is forgotten on the day that was said."""

import datetime as dt

import pytest
from django.utils import timezone

from core.chores import DUTIES
from issues.life.expiry import forget_reporters
from issues.models import Issue, Reporter

DAY = dt.date(2027, 11, 30)


@pytest.fixture
def reporter(issue) -> Reporter:
    return Reporter.objects.create(issue=issue, name="Rosa", email="rosa@example.cl", expires_on=DAY)


@pytest.mark.parametrize(("days", "kept"), [(-1, 1), (0, 0), (400, 0)])
def test_the_data_of_a_reporter_go_on_their_day(reporter, days, kept):
    moment = timezone.make_aware(dt.datetime.combine(DAY, dt.time(0, 1))) + dt.timedelta(days=days)
    assert forget_reporters(moment) == 1 - kept
    assert Reporter.objects.count() == kept
    assert Issue.objects.count() == 1


def test_the_clock_does_it():
    assert DUTIES["forget_reporters"]
