"""A gathering of Norte, in each moment of its life."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from accounts.models import Role, User
from gatherings.models import Gathering, Organisation
from gatherings.room.acts import act
from issues.life.lifecycle import Change, move
from issues.models import Issue
from issues.workflow import Status
from tests.town import sent_by_hand


@pytest.fixture
def make_gathering(norte, facilitator):
    """Planned gatherings of Norte, or what is said otherwise."""

    def make(**more) -> Gathering:
        starts = more.pop("starts_at", timezone.now())
        if isinstance(starts, str):
            starts = dt.datetime.fromisoformat(starts)
        data = {
            "number": Gathering.objects.count() + 1,
            "territory": norte,
            "place": "Sede vecinal Los Aromos",
            "starts_at": starts,
            "ends_at": starts + dt.timedelta(hours=2),
            "facilitator": facilitator,
        } | more
        return Gathering.objects.create(**data)

    return make


@pytest.fixture
def gathering(make_gathering) -> Gathering:
    """A planned gathering of Norte."""
    return make_gathering()


@pytest.fixture
def junta(db) -> Organisation:
    """A neighbours' association of Norte."""
    return Organisation.objects.create(
        name="Junta de Vecinos N.º 4", kind="junta de vecinos", territory_code=1
    )


@pytest.fixture
def colleague(django_user_model) -> User:
    """A second facilitator of Norte, at the second tablet."""
    return django_user_model.objects.create_user(
        "colega", "colega@example.cl", "clave-de-prueba", role=Role.FACILITATOR, territory_codes=[1]
    )


@pytest.fixture
def counter(django_user_model) -> User:
    """A third facilitator of Norte, who counts once more."""
    return django_user_model.objects.create_user(
        "cuenta", "cuenta@example.cl", "clave-de-prueba", role=Role.FACILITATOR, territory_codes=[1]
    )


@pytest.fixture
def do(gathering, facilitator):
    """Does one thing in the room as the facilitator and hands back the gathering as stored."""

    def doing(action: str, *, user=None, key: str = "", **body) -> Gathering:
        act(gathering.pk, user or facilitator, action, {"key": key or str(uuid.uuid4()), **body})
        gathering.refresh_from_db()
        return gathering

    return doing


@pytest.fixture
def seven(make_issue):
    """Seven problems of Norte; the first has the highest index."""
    return [
        make_issue(title=f"Problema {n}", severity=2, reach=3 - n // 3, duration=1, vulnerability=0)
        for n in range(1, 8)
    ]


@pytest.fixture
def again(do, counter, gathering):
    """Somebody else types everything once more, as it was typed first, and both are compared."""

    def typing() -> Gathering:
        do("count", user=counter, side=2)
        for item in gathering.ballot.filter(tokens__isnull=False):
            do("total", user=counter, issue=str(item.issue_id), tokens=item.tokens, people=item.people)
        for paper in gathering.cast.filter(number__isnull=False):
            do("paper", user=counter, number=paper.number, choices=paper.choices)
        return do("compare", user=counter)

    return typing


@pytest.fixture
def annul(do, counter):
    """The one who counts first asks, the one who counts again agrees."""

    def agreeing(reason: str) -> Gathering:
        do("count", user=counter, side=2)
        do("annul", reason=reason)
        return do("annul", user=counter)

    return agreeing


@pytest.fixture
def voting(do, seven, junta):
    """Twelve voters (two of an association, ten on their own) vote on seven problems: d = 5, t = 2."""
    do("open")
    do("attendance", organisation=junta.pk, people=3, voters=2)
    do("attendance", organisation=None, people=10, voters=None)
    for issue in seven:
        do("ballot-add", issue=str(issue.pk))
    return do("start")


@pytest.fixture
def closed(voting, do, seven, again):
    """The same room after the count: 14, 13, 11, 8, 8, 5 and 0 tokens."""
    totals = [(14, 8), (13, 8), (11, 7), (8, 5), (8, 6), (5, 3), (0, 0)]
    for issue, (tokens, people) in zip(seven, totals, strict=True):
        do("total", issue=str(issue.pk), tokens=tokens, people=people, tokens_before=None, people_before=None)
    do("witnesses", names=["Junta de Vecinos N.º 4", "vecina del pasaje"])
    again()
    return do("close")


@pytest.fixture
def reported(make_issue, streets) -> Issue:
    """A problem of Norte that its department reported as done."""
    issue = make_issue(title="Grifo sin tapa")
    sent_by_hand(issue)
    day = timezone.localdate() + dt.timedelta(days=9)
    for change in (
        Change(to=Status.VALIDATED),
        Change(to=Status.HANDED_OVER, department=streets),
        Change(to=Status.ACKNOWLEDGED),
        Change(to=Status.SCHEDULED, committed_date=day),
        Change(to=Status.IN_PROGRESS),
        Change(to=Status.REPORTED_DONE, evidence=["foto"]),
    ):
        issue = move(issue, change, actor=None, office="Prueba")
    return issue
