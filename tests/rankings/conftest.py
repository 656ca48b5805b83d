"""Gatherings that voted, problems that were accepted, and lists published in the drawn town."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from django.utils import timezone

from gatherings.models import BallotItem, CountingMode, Gathering, GatheringState
from issues.life.lifecycle import Change, move
from issues.models import Issue
from issues.workflow import Status
from rankings.models import RankedList
from rankings.publishing import publish
from territories.models import Territory
from tests.town import confirm, sent_by_hand


@pytest.fixture
def vote(town, facilitator):
    """Closes a gathering of a neighbourhood that gave these tokens, and validates its problems."""

    def held(
        tokens: Mapping[Issue, int],
        code: int | None = 1,
        voters: int = 12,
        days_ago: int = 1,
        planned_days_ago: int | None = None,
    ) -> Gathering:
        planned = days_ago if planned_days_ago is None else planned_days_ago
        gathering = _gathering(town, facilitator, code, voters, planned)
        ordered = sorted(tokens, key=lambda issue: -tokens[issue])
        for place, issue in enumerate(ordered, 1):
            confirm(issue)
            _count(gathering, issue, tokens[issue], place)
            if Issue.objects.get(pk=issue.pk).status == Status.REGISTERED:
                move(issue, Change(to=Status.VALIDATED), actor=facilitator, office="Reunión barrial")
        gathering.state, gathering.closed_at, gathering.digest = (
            GatheringState.CLOSED,
            timezone.now() - dt.timedelta(days=days_ago),
            "0" * 64,
        )
        gathering.save()
        return gathering

    return held


def _gathering(town, facilitator, code, voters, days_ago) -> Gathering:
    starts = timezone.now() - dt.timedelta(days=days_ago)
    return Gathering.objects.create(
        number=Gathering.objects.count() + 1,
        territory=Territory.objects.get(boundary_set=town, code=code) if code else None,
        council="" if code else "Consejo de Personas Mayores",
        place="Sede vecinal",
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2),
        facilitator=facilitator,
        state=GatheringState.VOTING,
        mode=CountingMode.PHONES,
        voters=voters,
    )


def _count(gathering: Gathering, issue: Issue, tokens: int, place: int) -> None:
    BallotItem.objects.create(
        gathering=gathering,
        issue=issue,
        shown_at=place,
        tokens=tokens,
        people=min(tokens, gathering.voters),
        place=place,
        index_then=issue.index or 0,
    )


@pytest.fixture
def accept(db):
    """Brings a validated problem to a date promised so many days ago."""

    def accepted(issue: Issue, days_ago: int = 0) -> Issue:
        at = timezone.now() - dt.timedelta(days=days_ago)
        sent_by_hand(issue)
        for to in (Status.HANDED_OVER, Status.ACKNOWLEDGED, Status.SCHEDULED):
            date = timezone.localdate(at) if to == Status.SCHEDULED else None
            issue = move(issue, Change(to=to, committed_date=date), actor=None, office="Operaciones", at=at)
        return issue

    return accepted


@pytest.fixture
def example(make_issue, vote):
    """Norte voted on three problems, Sur on one; Centro has one without a vote."""
    norte = [make_issue(1, title=f"Norte {n}", **LEVELS[n]) for n in (1, 2, 3)]
    sur = make_issue(3, title="Sur 1", **LEVELS[4])
    centro = make_issue(2, title="Centro 1", **LEVELS[1])
    vote(dict(zip(norte, (14, 11, 8), strict=True)), 1)
    vote({sur: 9}, 3, voters=5)
    return [*norte, sur, centro]


LEVELS = {
    1: {"severity": 1, "reach": 2, "duration": 1, "vulnerability": 0},
    2: {"severity": 2, "reach": 1, "duration": 3, "vulnerability": 2},
    3: {"severity": 1, "reach": 1, "duration": 1, "vulnerability": 1},
    4: {"severity": 2, "reach": 2, "duration": 3, "vulnerability": 2},
}


@pytest.fixture
def published(example, cabinet) -> RankedList:
    """The first list: Sur 1, Norte 1, Centro 1, Norte 2, Norte 3."""
    return publish("gestion", actor=cabinet)


@pytest.fixture
def publish_next(make_issue, cabinet):
    """Publishes once more, after a problem came in: one state of the world gives one list."""

    def make() -> RankedList:
        make_issue(2, title="Otro de Centro")
        return publish("gestion", actor=cabinet)

    return make
