"""Every two of the great acts at the same moment: publish, hand over, send, move, close, put in force.

Whoever comes second is led to what the first did, or is told; nothing is done twice and the history is whole.
"""

from __future__ import annotations

import json
import threading
import uuid
from itertools import combinations_with_replacement, pairwise

import pytest
from django.db import connection
from django.test import Client

from gatherings.models import GatheringState
from handovers.life.delivery import hand_over_urgent
from handovers.models import Handover, HandoverItem
from issues.life.lifecycle import Change, move
from issues.models import EntryKind, Issue
from issues.workflow import Status, is_allowed
from rankings.models import Override, RankedList
from rankings.publishing import OF_THE_ACT, document_of, publish
from territories.models import Activation, BoundarySet, Territory

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {"tokens_before": None, "people_before": None}
NEVER_SAID = ("La base de datos no responde", "deadlock", "Algo falló de nuestro lado")


class World:
    """A town on the evening when everything happens at once, and the acts by their names."""

    def __init__(self, people, room, moved: Issue, later: BoundarySet) -> None:
        self.people, self.room, self.moved, self.later = people, room, moved, later

    def post(self, who: str, address: str, data: dict | str) -> tuple[int, str]:
        client = Client(raise_request_exception=False)
        client.force_login(self.people[who])
        kind = {"content_type": "application/json"} if isinstance(data, str) else {}
        answer = client.post(address, data, **kind)
        return answer.status_code, answer.content.decode()

    def publish(self) -> tuple[int, str]:
        return self.post("cabinet", "/alcaldia/listas/gestion/publicar/", {"confirm": "yes"})

    def hand_over(self) -> tuple[int, str]:
        return self.post("cabinet", "/alcaldia/entregas/1/", {})

    def urgent(self) -> tuple[int, str]:
        return self.post("cabinet", "/alcaldia/urgencias/", {"asked_by": "nobody"})

    def move(self) -> tuple[int, str]:
        form = {"reference": self.moved.reference, "to_place": "1", "reason": "Lo pidió la escuela."}
        return self.post("cabinet", "/alcaldia/listas/gestion/cambios/", form | {"asked_by": "nobody"})

    def close(self) -> tuple[int, str]:
        body = json.dumps({"key": str(uuid.uuid4())})
        return self.post("facilitator", f"/reuniones/{self.room.pk}/sala/close/", body)

    def activate(self) -> tuple[int, str]:
        return self.post("admin", f"/admin/territories/boundaryset/{self.later.pk}/activar/", {})

    def receive(self) -> tuple[int, str]:
        return self.post("manager", "/gestion/entregas/1/acuse/", {})


ACTS = ("publish", "hand_over", "urgent", "move", "close", "activate", "receive")


@pytest.fixture
def world(
    make_issue, voting, do, again, seven, cabinet, facilitator, administrator, manager, settings
) -> World:
    """A list not handed over yet, one problem more for the next, an urgent one, and a room about to close."""
    levels = {"severity": 2, "reach": 2, "duration": 2, "vulnerability": 1}
    validation = Change(to=Status.VALIDATED)
    move(make_issue(3, title="Ya en la lista", **levels), validation, actor=None, office="Reunión barrial")
    hand_over_urgent(make_issue(2, title="Cable caído", severity=3), cabinet)
    publish("gestion", actor=cabinet)
    more = make_issue(3, title="Para la próxima", **levels)
    move(more, validation, actor=None, office="Reunión barrial")
    make_issue(2, title="Poste por caer", severity=3)
    for issue in seven:
        do("total", issue=str(issue.pk), tokens=2, people=1, **NEW)
    do("witnesses", names=["a", "b"])
    again()
    room = type(voting).objects.get(pk=voting.pk)
    people = {"cabinet": cabinet, "facilitator": facilitator, "admin": administrator, "manager": manager}
    return World(people, room, more, drawn_anew())


def drawn_anew() -> BoundarySet:
    """The same neighbourhoods in a set that waits to be put in force."""
    made = BoundarySet.objects.create(
        name="Límites nuevos",
        source="dibujado para las pruebas",
        file_name="nuevos.geojson",
        file_sha256="1" * 64,
        original_crs="EPSG:4326",
    )
    for territory in Territory.objects.current():
        territory.pk, territory.boundary_set = None, made
        territory.save(force_insert=True)
    return made


def together(*acts) -> list[tuple[int, str]]:
    start, said = threading.Barrier(len(acts)), []

    def run(act) -> None:
        try:
            start.wait(30)
            said.append(act())
        except Exception as error:
            said.append((0, repr(error)))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def check_consistent() -> None:
    """What holds whatever was done in whatever order."""
    for issue in Issue.objects.all():
        lines = issue.history.filter(kind=EntryKind.STATUS).order_by("pk")
        path = list(lines.values_list("to_value", flat=True))
        assert path[-1] == issue.status
        assert all(is_allowed(Status(a), Status(b)) for a, b in pairwise(path)), path
        assert issue.handover_items.filter(is_current=True).count() <= 1
    lists = list(RankedList.objects.order_by("number"))
    assert [each.number for each in lists] == list(range(1, len(lists) + 1))
    worlds = [{k: v for k, v in document_of(each).items() if k not in OF_THE_ACT} for each in lists]
    assert all(one != next_one for one, next_one in pairwise(worlds))
    places = [pk for pk in HandoverItem.objects.values_list("list_place", flat=True) if pk]
    assert len(places) == len(set(places))


@pytest.mark.parametrize(("one", "other"), combinations_with_replacement(ACTS, 2))
def test_two_great_acts_at_once(world, one, other):
    said = together(getattr(world, one), getattr(world, other))
    assert all(code in (200, 302, 400, 409) for code, _page in said), said
    assert not [page for _code, page in said if any(words in page for words in NEVER_SAID)]
    check_consistent()
    done = {
        "publish": RankedList.objects.count() == 2,
        "hand_over": Handover.objects.filter(ranked_list__number=1).count() == 1,
        "urgent": HandoverItem.objects.filter(issue__title="Poste por caer").count() == 1,
        "move": Override.objects.count() == 1,
        "close": type(world.room).objects.get(pk=world.room.pk).state == GatheringState.CLOSED,
        "activate": Activation.objects.filter(boundary_set=world.later, undone_at=None).count() == 1,
        "receive": Handover.objects.get(number=1).received_at is not None,
    }
    assert done[one], one
    assert done[other], other


def test_four_who_publish_in_one_second_publish_one_list(world):
    said = together(*[world.publish] * 4)
    assert [code for code, _page in said] == [302] * 4
    assert RankedList.objects.count() == 2
