"""One of each thing that somebody's duty touches, and each act of the table as the code does it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.duties import Act
from gatherings.acta import challenges
from gatherings.models import Challenge, Gathering, Organisation
from gatherings.room.acts import act
from gatherings.room.counters import give_code
from handovers.life import answers, budgets, progress
from handovers.life.delivery import hand_over, hand_over_urgent
from handovers.models import HandoverItem
from issues.life.hiding import decide, hide
from issues.life.levels import confirm_levels, set_levels
from issues.models import Hiding, Issue
from maps.telling import counter
from rankings.asking import NOBODY
from rankings.models import RankedList
from rankings.publishing import propose_move, publish
from walks.models import Held
from walks.office.decisions import reject

TEXT = "Un motivo público cualquiera"


class Things(NamedTuple):
    """In Norte, and of Operaciones."""

    planned: Gathering
    issue: Issue
    item: HandoverItem
    hiding: Hiding
    held: Held
    ranked_list: RankedList


def in_the_room(name: str) -> Callable[[User, Things], object]:
    """An act of the room, with nothing but its key."""
    return lambda person, things: act(things.planned.pk, person, name, {"key": str(uuid.uuid4())})


def _opened(person: User, query: str) -> None:
    client = Client()
    client.force_login(person)
    if client.get(reverse("gathering-create") + query).status_code != 200:
        raise PermissionDenied


def _appointed(person: User) -> None:
    client = Client()
    client.force_login(person)
    facts = {"username": "nueva", "email": "nueva@example.cl", "role": "cabinet", "usable_password": "false"}
    if client.post(reverse("admin:accounts_user_add"), facts).status_code != 302:
        raise PermissionDenied
    if not User.objects.filter(username="nueva").exists():
        raise PermissionDenied


def _registered(person: User, known: Issue) -> None:
    report = {"title": TEXT, "description": "", "category": known.category, "origin": "counter"}
    report |= {"first_name": "", "email": "", "phone": ""}
    counter.register(uuid.uuid4(), report, (known.location, ""), [], actor=person)


def _organisation() -> Organisation:
    return Organisation(name="Junta", kind="junta de vecinos", is_provisional=True)


def _decided(person: User) -> None:
    """An objection that does not exist is looked for only by those whose duty it is."""
    with suppress(Challenge.DoesNotExist):
        challenges.say(0, "stands", "Contamos de nuevo", person)


DOING: dict[Act, Callable[[User, Things], Any]] = {
    Act.PLAN: lambda person, things: _opened(person, ""),
    Act.CONDUCT: in_the_room("open"),
    Act.COUNT: in_the_room("start"),
    Act.SECOND_COUNT: in_the_room("compare"),
    Act.GIVE_CODE: lambda person, things: give_code(_organisation(), person),
    Act.ANNUL: in_the_room("annul"),
    Act.SET_LEVELS: lambda person, things: set_levels(
        things.issue, {"severity": 2}, actor=person, office=person.office
    ),
    Act.CONFIRM_LEVELS: lambda person, things: confirm_levels(
        things.issue, (1, 1, 1, 1), actor=person, office=person.office, evidence=TEXT
    ),
    Act.VERIFY: in_the_room("judge"),
    Act.CHALLENGE: lambda person, things: _decided(person),
    Act.PLAN_COUNCIL: lambda person, things: _opened(person, "?consejo=1"),
    Act.PUBLISH: lambda person, things: publish("gestion", actor=person),
    Act.MOVE: lambda person, things: propose_move(things.issue, 1, TEXT, asked=NOBODY, actor=person),
    Act.HAND_OVER: lambda person, things: hand_over(things.ranked_list, person),
    Act.URGENT: lambda person, things: hand_over_urgent(things.issue, person),
    Act.DECIDE_OFFICE: lambda person, things: answers.decide(
        things.item, person, department=things.item.department, public_text=TEXT
    ),
    Act.ANSWER: lambda person, things: answers.acknowledge(things.item, person),
    Act.REPORT_DONE: lambda person, things: progress.report_done(things.item, person, photos=[]),
    Act.BUDGET: lambda person, things: budgets.enter(
        2027, things.item.department, "gestion", 1_000_000, actor=person
    ),
    Act.HIDE: lambda person, things: hide(things.issue, "insult", actor=person),
    Act.CONFIRM_HIDING: lambda person, things: decide(things.hiding, actor=person, shows_again=False),
    Act.INBOX: lambda person, things: reject(things.held, by=person, reason=TEXT),
    Act.REGISTER: lambda person, things: _registered(person, things.issue),
    Act.APPOINT: lambda person, things: _appointed(person),
}
