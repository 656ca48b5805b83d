"""What a problem usually costs stands on every ballot and on the list, as a forecast."""

from __future__ import annotations

from django.urls import reverse

from gatherings.room import ballots, screen
from issues.models import Category
from rankings.publishing import publish

SAID = "costo previsto C2: entre $500.000 y $5 millones"


def test_wall_tablet_phone_and_list_say_it(client, do, gathering, seven, cabinet):
    Category.objects.update(usual_cost="C2")
    (code,) = ballots.make_codes(gathering, 1)
    do("open")
    do("attendance", organisation=None, people=4, voters=None)
    do("mode", mode="phones")
    for issue in seven:
        do("ballot-add", issue=str(issue.pk))
    room = do("start")
    for state in (screen.public_state(room), screen.conductor_state(room)):
        assert {item["cost"] for item in state["ballot"]} == {SAID}
    assert client.get(f"/votar/{code}/").content.decode().count(SAID) == 7
    listed = publish("gestion", actor=cabinet)
    assert SAID in client.get(reverse("list", args=[listed.number])).content.decode()


def test_where_nobody_has_said_it_nothing_is_said(client, voting, cabinet):
    assert {item["cost"] for item in screen.public_state(voting)["ballot"]} == {None}
    listed = publish("gestion", actor=cabinet)
    assert "costo previsto" not in client.get(reverse("list", args=[listed.number])).content.decode()
