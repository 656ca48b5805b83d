"""Voluntary totals in the room: noted beside attendance, published once, never of a few."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gatherings.acta import document as actas
from gatherings.acta.views import context_of
from gatherings.models import RoomAction
from gatherings.refusals import RoomRefused
from gatherings.room import screen

SAID = {"women": 7, "men": 5, "native": 2}


@pytest.fixture
def asked(do, junta):
    """Thirteen people came and said what they liked to say."""
    do("open")
    do("attendance", organisation=junta.pk, people=3, voters=2)
    do("attendance", organisation=None, people=10, voters=None)
    return do("groups", groups=SAID, before={})


def test_they_are_noted_and_shown_to_the_tablet_only(asked):
    assert asked.groups == SAID
    assert screen.conductor_state(asked)["groups"] == SAID
    assert "groups" not in screen.public_state(asked)


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ({"women": 9, "men": 5}, "groups"),
        ({"under_30": 14}, "groups"),
        ({"women": -1}, "negative"),
        ({"women": "7"}, "not_whole"),
        ({"name": 1}, "groups"),
        (["women"], "groups"),
        (None, "groups"),
    ],
)
def test_what_cannot_be_is_refused(asked, do, groups, code):
    with pytest.raises(RoomRefused) as refused:
        do("groups", groups=groups, before=SAID)
    assert refused.value.code == code
    asked.refresh_from_db()
    assert asked.groups == SAID


def test_a_second_tablet_overwrites_nothing_it_did_not_see(asked, do, colleague):
    with pytest.raises(RoomRefused) as refused:
        do("groups", user=colleague, groups={"women": 6}, before={})
    assert refused.value.code == "conflict"
    assert do("groups", user=colleague, groups={"women": 6}, before=SAID).groups == {"women": 6}


def test_they_are_noted_neither_before_the_room_opens_nor_after_it_closed(gathering, do):
    with pytest.raises(RoomRefused):
        do("groups", groups={}, before={})


def test_after_the_close_only_what_may_be_told_exists(voting, do, seven, again, client, facilitator):
    do("groups", groups=SAID | {"from_60": 6}, before={})
    for issue in seven:
        do("total", issue=str(issue.pk), tokens=5, people=5, tokens_before=None, people_before=None)
    do("witnesses", names=["Junta de Vecinos N.º 4", "vecina del pasaje"])
    again()
    closed = do("close")
    assert closed.groups == {"women": 5, "from_60": 5}
    document = actas.document_of(closed)
    assert document["groups"] == closed.groups
    assert context_of(actas.acta_of(closed))["groups"] == ["mujeres: 5 o más", "de 60 años o más: 5 o más"]
    assert "mujeres: 5 o más" in client.get(reverse("gathering", args=[closed.pk])).content.decode()
    client.force_login(facilitator)
    assert "mujeres: 5 o más" in client.get(reverse("gathering-acta", args=[closed.pk])).content.decode()
    with pytest.raises(RoomRefused):
        do("groups", groups={}, before=closed.groups)


def test_what_was_typed_is_in_no_log_of_the_room(asked, do):
    do("groups", groups={"disabled": 1}, before=SAID)
    assert not RoomAction.objects.filter(action="groups").exists()


def test_an_acta_from_before_there_were_groups_is_read(closed):
    acta = actas.go_on(closed, "read")
    frozen = actas.content_of(acta)
    frozen.pop("groups")
    assert context_of(acta)["groups"] == []
