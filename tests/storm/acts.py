"""What a municipality writes besides what tablets send: each kind of act, and how it is found again."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from accounts.models import Department, Role, User
from core.models import Letter
from core.outbox import post
from gatherings.models import CountingMode, Gathering, GatheringState, RoomAction
from gatherings.room.acts import act
from handovers.acts import bulk_runs
from handovers.life.delivery import hand_over
from handovers.models import BulkRun, DeskFile, HandoverItem
from handovers.query.export_jobs import ask
from issues.life.registration import NewIssue, register
from issues.models import Category, CategoryGroup, Issue
from rankings.models import RankedList
from rankings.publishing import publish
from territories.boundaries.activation import activate
from territories.models import Activation, BoundarySet
from tests.town import boundary_set, square

PROBLEMS, TOKENS = 3, (4, 3, 2)
Done = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Staff:
    """Who acts."""

    facilitator: User
    colleague: User
    manager: User
    cabinet: User


def hire() -> Staff:
    """The staff, the category and the two sets of boundaries, once."""
    office, _ = Department.objects.get_or_create(code="operaciones", defaults={"name": "Operaciones"})
    group, _ = CategoryGroup.objects.get_or_create(code="PAV", defaults={"name": "Calles", "icon": "street"})
    told = {"group": group, "name": "Bache", "department": office}
    Category.objects.update_or_create(code="PAV-01", defaults=told)
    if not BoundarySet.objects.exists():
        boundary_set({1: "Norte"}, square)
    return Staff(
        _person("conduce", Role.FACILITATOR, territory_codes=[1]),
        _person("recuenta", Role.FACILITATOR, territory_codes=[2]),
        _person("dirige", Role.MANAGER, department=office),
        _person("alcaldia", Role.CABINET),
    )


def _person(name: str, role: Role, **more: object) -> User:
    told = {"email": f"{name}@example.cl", "role": role} | more
    return User.objects.get_or_create(username=name, defaults=told)[0]


def season(staff: Staff, dice: random.Random) -> Done:
    """One of each, from the street to the office; yields (kind, key) of each as soon as it returned.

    Raises what the database or a rule raises; then the next season begins anew.
    """
    issues = []
    for number in range(PROBLEMS):
        issues.append(_registered(staff, number))
        yield "registration", str(issues[-1].pk)
    yield from _gathering(staff, issues)
    ranked = publish("gestion", actor=staff.cabinet)
    yield "list", ranked.digest
    for handover in hand_over(ranked, staff.cabinet):
        yield "handover", str(handover.pk)
    yield from _desk(staff, issues)
    yield from _letter(dice)
    yield from _boundaries()


def _registered(staff: Staff, number: int) -> Issue:
    spot = Point(-70.79, -33.51, srid=4326)
    category = Category.objects.get(code="PAV-01")
    levels = {"severity": 2, "reach": 1 + number, "duration": 1, "vulnerability": 0}
    wish = NewIssue(title=f"Pozo {number}", category=category, location=spot, **levels)
    return register(wish, actor=staff.facilitator, office="Caminata")


def _gathering(staff: Staff, issues: list[Issue]) -> Done:
    room = _planned(staff)
    _do(room, staff, "open")
    _do(room, staff, "attendance", organisation=None, people=6, voters=None)
    for issue in issues:
        _do(room, staff, "ballot-add", issue=str(issue.pk))
    _do(room, staff, "mode", mode=CountingMode.TOKENS)
    _do(room, staff, "start")
    for issue, tokens in zip(issues, TOKENS, strict=True):
        nothing = {"tokens_before": None, "people_before": None}
        yield "total", _do(room, staff, "total", issue=str(issue.pk), tokens=tokens, people=tokens, **nothing)
    _count_again(room, staff, issues)
    _do(room, staff, "witnesses", names=["vecina", "vecino"])
    _do(room, staff, "close")
    yield "closing", str(room.pk)


def _count_again(room: Gathering, staff: Staff, issues: list[Issue]) -> None:
    _act(room, staff.colleague, "count", side=2)
    for issue, tokens in zip(issues, TOKENS, strict=True):
        _act(room, staff.colleague, "total", issue=str(issue.pk), tokens=tokens, people=tokens)
    _act(room, staff.colleague, "compare")


def _planned(staff: Staff) -> Gathering:
    now = timezone.now()
    last = Gathering.objects.aggregate(last=models.Max("number"))["last"] or 0
    return Gathering.objects.create(
        number=last + 1, territory=_here(), place="Sede", starts_at=now,
        ends_at=now + dt.timedelta(hours=2), facilitator=staff.facilitator,
    )  # fmt: skip


def _here() -> models.Model:
    return BoundarySet.objects.in_force().get().territories.get(code=1)


def _do(room: Gathering, staff: Staff, action: str, **body: object) -> str:
    return _act(room, staff.facilitator, action, **body)


def _act(room: Gathering, person: User, action: str, **body: object) -> str:
    """An act of the room sent twice, as by a screen that did not hear the first answer."""
    key = str(uuid.uuid4())
    for _ in range(2):
        act(room.pk, person, action, {"key": key, **body})
    return key


def _desk(staff: Staff, issues: list[Issue]) -> Done:
    items = HandoverItem.objects.filter(issue__in=issues).select_related("issue")
    references = [item.issue.reference for item in items]
    action = bulk_runs.action_named("assign")
    chosen = bulk_runs.chosen(staff.manager, references)
    run = bulk_runs.order(action, chosen, staff.manager, {"person": staff.manager})
    yield "bulk", str(run.pk)
    if not DeskFile.objects.visible_to(staff.manager).unfinished().exists():
        yield "export", str(ask(staff.manager, "csv", "stage=desk").pk)


def _letter(dice: random.Random) -> Done:
    letter = post(f"vecina{dice.randrange(10**9)}@example.cl", "Novedades", "Hola.")
    yield "mail", letter.message_id


def _boundaries() -> Done:
    """The other set of boundaries comes into force: the same square under another name."""
    other = BoundarySet.objects.exclude(pk__in=BoundarySet.objects.in_force()).first() or _another()
    activation = activate(other, actor="tormenta")
    if activation:
        yield "activation", str(activation.pk)


def _another() -> BoundarySet:
    """Drawn outside of any time, so that it does not overlap with the one in force."""
    BoundarySet.objects.in_force().update(valid=DateRange(timezone.localdate() - dt.timedelta(days=9), None))
    made = BoundarySet.objects.create(
        name="Otro", source="dibujado", file_name="otro.geojson", file_sha256="1" * 64,
        original_crs="EPSG:4326", is_active=False,
    )  # fmt: skip
    for territory in BoundarySet.objects.in_force().get().territories.all():
        territory.pk, territory.boundary_set = None, made
        territory.save()
    return made


def _closings(key: str) -> int:
    """How often a room was closed, its problems each judged valid once: more is a double."""
    closes = RoomAction.objects.filter(gathering=key, action="close").count()
    return closes if Gathering.objects.filter(pk=key, state=GatheringState.CLOSED).exists() else 0


def _handovers(key: str) -> int:
    """The handover, and how often its problems are handed over: more than once is a double."""
    issues = HandoverItem.objects.filter(handover=key).values_list("issue", flat=True)
    times = [HandoverItem.objects.filter(issue=issue).count() for issue in issues]
    return max(times, default=0)


# How often what a key names is there: once, or something is wrong.
FOUND: dict[str, Callable[[str], int]] = {
    "registration": lambda key: Issue.objects.filter(pk=key).count(),
    "total": lambda key: RoomAction.objects.filter(pk=key, action="total").count(),
    "closing": _closings,
    "list": lambda key: RankedList.objects.filter(digest=key).count(),
    "handover": _handovers,
    "bulk": lambda key: BulkRun.objects.filter(pk=key, entries__isnull=False).distinct().count(),
    "export": lambda key: DeskFile.objects.filter(pk=key).count(),
    "mail": lambda key: Letter.objects.filter(message_id=key).count(),
    "activation": lambda key: Activation.objects.filter(pk=key).count(),
}
KINDS = tuple(FOUND)
