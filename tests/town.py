"""Draws boundaries for tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Role, User
from gatherings.models import CountingMode, Gathering, GatheringState
from gatherings.room import commitments
from handovers.models import Handover, HandoverItem
from issues.models import Issue
from territories.models import BoundarySet, Territory

WEST, NORTH, SIDE = -70.80, -33.50, 0.02


def square(code: int) -> MultiPolygon:
    """The square of the code-th neighbourhood from the west, EPSG:4326."""
    west = round(WEST + SIDE * (code - 1), 6)
    box = Polygon.from_bbox((west, NORTH - SIDE, round(west + SIDE, 6), NORTH))
    return MultiPolygon(box, srid=4326)


def sent_by_hand(issue: Issue) -> HandoverItem:
    """The handover of a problem whose life a test walks by hand: as if it had been urgent that day.

    The database lets nothing be handed over without one.
    """
    severity = issue.severity
    Issue.objects.filter(pk=issue.pk).update(severity=3)
    today, number = timezone.localdate(), Handover.objects.count() + 1
    handover = Handover.objects.create(
        number=number, department=issue.department, handed_at=timezone.now(), asked_by="nobody"
    )
    item = HandoverItem.objects.create(
        handover=handover,
        issue=issue,
        department=issue.department,
        receipt_due=today,
        answer_due=today,
        written_answer_due=today,
    )
    Issue.objects.filter(pk=issue.pk).update(severity=severity)
    return item


def open_room(territory: Territory, opened_at: dt.datetime | None = None) -> Gathering:
    """A gathering of a neighbourhood in which people are together now: it may judge repairs."""
    person, _made = User.objects.get_or_create(username="conduce", role=Role.FACILITATOR)
    since = opened_at or timezone.now()
    return Gathering.objects.create(
        number=(Gathering.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        territory=territory,
        place="Sede vecinal",
        starts_at=since,
        ends_at=since + dt.timedelta(hours=2),
        opened_at=since,
        facilitator=person,
        state=GatheringState.OPEN,
    )


def closed_room(territory: Territory, opened_at: dt.datetime, closed_at: dt.datetime) -> Gathering:
    """A gathering of a neighbourhood that has ended."""
    room = open_room(territory, opened_at)
    room.mode = CountingMode.PHONES
    for state in (GatheringState.VOTING, GatheringState.CLOSED):
        room.state, room.closed_at = state, closed_at
        room.save()
    return room


def confirm(issue: Issue) -> None:
    """The levels of a problem as two accounts said them; without levels nothing happens."""
    said, _made = User.objects.get_or_create(username="dice", role=Role.FACILITATOR)
    other, _made = User.objects.get_or_create(username="confirma", role=Role.FACILITATOR)
    measured = Issue.objects.filter(pk=issue.pk, index__isnull=False)
    measured.update(levels_by=said, levels_confirmed_by=other, levels_evidence="lo vimos")


def judged(issue: Issue, *, is_done: bool, text: str = "", at: dt.datetime | None = None) -> Issue:
    """A repair after the word of an open room of its neighbourhood."""
    now = at or timezone.now()
    room = open_room(issue.territory, now)
    commitments.judge(room, issue.pk, is_done, text, room.facilitator, at=now)
    issue.refresh_from_db()
    return issue


def boundary_set(names: dict[int, str], shape: Callable[[int], MultiPolygon]) -> BoundarySet:
    """A set in force today with one neighbourhood for each code and name."""
    made = BoundarySet.objects.create(
        name="Pueblo de prueba",
        source="dibujado para las pruebas",
        file_name="pueblo.geojson",
        file_sha256="0" * 64,
        original_crs="EPSG:4326",
        is_active=True,
        valid=DateRange(timezone.localdate(), None),
    )
    for code, name in names.items():
        _territory(made, code, name, shape(code))
    return made


def _territory(made: BoundarySet, code: int, name: str, boundary: MultiPolygon) -> Territory:
    return Territory.objects.create(
        boundary_set=made,
        code=code,
        name=name,
        slug=slugify(name),
        boundary=boundary,
        outline=boundary,
        label_point=boundary.centroid,
        area_m2=4_000_000.0,
        population=10_000 * code,
    )
