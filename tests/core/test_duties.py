"""The table of duties, every act × every role, through the functions that do the acts."""

from __future__ import annotations

import uuid
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import Role, User
from core.duties import DUTIES, ROLES, Act
from gatherings.acta import challenges
from gatherings.calendar import agenda
from gatherings.models import Challenge, Gathering, Organisation
from gatherings.refusals import RoomRefused
from gatherings.room.acts import act
from gatherings.room.counters import give_code
from handovers.life.delivery import DeliveryRefused, hand_over, hand_over_urgent
from issues.life.hiding import hide
from issues.life.levels import set_levels
from rankings.asking import NOBODY
from rankings.publishing import ListRefused, propose_move, publish

COLUMNS = ("facilitator", "other_facilitator", "manager", "cabinet", "administrator")
COUNTING = {Act.CONDUCT, Act.COUNT, Act.ANNUL, Act.SET_LEVELS, Act.VERIFY}
ORDERING = {Act.PUBLISH, Act.MOVE, Act.HAND_OVER, Act.URGENT}
# What the other facilitator is kept from by the neighbourhood, not by the role.
IN_THE_ROOM = {Act.CONDUCT: "open", Act.COUNT: "total", Act.ANNUL: "annul", Act.VERIFY: "judge"}
REFUSED = (PermissionDenied, Gathering.DoesNotExist)


@pytest.fixture
def planned(norte, facilitator) -> Gathering:
    facts = {"territory": norte, "place": "Sede", "starts_at": "2099-12-01T19:00-03:00"}
    return agenda.plan(facts | {"ends_at": "2099-12-01T21:00-03:00"}, facilitator)


ALONE = {
    Act.SET_LEVELS: lambda person, issue: set_levels(
        issue, {"severity": 2}, actor=person, office=person.office
    ),
    Act.GIVE_CODE: lambda person, issue: give_code(
        Organisation(name="Junta", kind="junta de vecinos", is_provisional=True), person
    ),
    Act.CHALLENGE: lambda person, issue: decided(person),
    Act.PUBLISH: lambda person, issue: publish("gestion", actor=person),
    Act.MOVE: lambda person, issue: propose_move(
        issue, 1, "Un motivo público cualquiera", asked=NOBODY, actor=person
    ),
    Act.HAND_OVER: lambda person, issue: hand_over(publish_by_cabinet(), person),
    Act.HIDE: lambda person, issue: hide(issue, "insult", actor=person),
    Act.URGENT: lambda person, issue: hand_over_urgent(issue, person),
}


def decided(person) -> None:
    """An objection that does not exist is looked for only by those whose duty it is."""
    with suppress(Challenge.DoesNotExist):
        challenges.say(0, "stands", "Contamos de nuevo", person)


def attempt(duty: Act, person, planned, issue, client) -> None:
    """Do it; raises what refuses it. A refusal that is not about the person counts as let through."""
    if duty in IN_THE_ROOM:
        act(planned.pk, person, IN_THE_ROOM[duty], {"key": str(uuid.uuid4())})
    elif duty in ALONE:
        ALONE[duty](person, issue)
    else:
        opened(client, person, "?consejo=1" if duty == Act.PLAN_COUNCIL else "")


def publish_by_cabinet():
    return publish("gestion", actor=User.objects.get(role=Role.CABINET))


def opened(client, person, query: str) -> None:
    client.force_login(person)
    if client.get(reverse("gathering-create") + query).status_code != 200:
        raise PermissionDenied


def is_let(duty: Act, *things) -> bool:
    try:
        attempt(duty, *things)
    except REFUSED:
        return False
    except (RoomRefused, ListRefused, DeliveryRefused):
        return True
    return True


@pytest.mark.parametrize("who", COLUMNS)
@pytest.mark.parametrize("duty", Act)
def test_each_role_does_what_the_table_gives_it(duty, who, request, planned, make_issue, cabinet, client):
    person = request.getfixturevalue(who)
    issue = make_issue(severity=1, reach=1, duration=1, vulnerability=1)
    away = who == "other_facilitator" and duty in {*IN_THE_ROOM, Act.HIDE}
    expected = person.role in DUTIES[duty] and not away
    assert is_let(duty, person, planned, issue, client) == expected


def test_the_table_refuses_more_than_it_gives():
    assert sum(map(len, DUTIES.values())) * 2 < len(Act) * len(ROLES)


def test_every_act_has_a_row_and_every_role_is_known():
    assert set(DUTIES) == set(Act)
    assert set(ROLES) == set(Role.values)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_both_orders_and_counts(role):
    held = {duty for duty in Act if role in DUTIES[duty]}
    assert not (held & COUNTING and held & ORDERING)


def test_administrators_do_none_of_it():
    assert not [duty for duty in Act if "administrator" in DUTIES[duty]]


def table() -> str:
    """The table as docs/roles.md has it."""
    rows = [f"| act | {' | '.join(f'`{role}`' for role in ROLES)} |", "| --- " * (len(ROLES) + 1) + "|"]
    for duty, holders in DUTIES.items():
        rows.append(f"| {duty} | {' | '.join('yes' if role in holders else '—' for role in ROLES)} |")
    return "\n".join(rows)


def test_the_document_shows_the_same_table():
    written = (Path(settings.BASE_DIR) / "docs" / "roles.md").read_text(encoding="utf-8")
    assert table() in written
