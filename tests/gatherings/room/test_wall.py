"""What the map of the wall shows while the room looks for what is missing."""

from __future__ import annotations

from gatherings.room import screen
from issues.models import Issue, Visibility
from tests.conftest import INSIDE, NORTE


def test_the_wall_shows_where_the_waiting_problems_lie_and_nothing_else(do, make_issue):
    on_ballot, waiting, hidden = (make_issue(title=title) for title in ("Uno", "Dos", "Tres"))
    Issue.objects.filter(pk=hidden.pk).update(visibility=Visibility.STAFF)
    do("open")
    gathering = do("ballot-add", issue=str(on_ballot.pk))
    (dot,) = screen.public_state(gathering)["candidates"]
    assert dot == {"title": "Dos", "lat": waiting.location.y, "lng": waiting.location.x}


def test_what_was_told_in_the_room_is_listed_and_an_urgent_one_says_why_it_is_on_no_ballot(do, pothole):
    lng, lat = INSIDE[NORTE]
    levels = dict.fromkeys(("severity", "reach", "duration", "vulnerability"))
    place = {"category": pothole.code, "lat": lat, "lng": lng}
    do("open")
    do("map", **levels, title="Poste inclinado", **place)
    gathering = do("map", **levels | {"severity": 3}, title="Cable caído", **place)
    for state in (screen.public_state(gathering), screen.conductor_state(gathering)):
        assert [(one["title"], one["is_urgent"]) for one in state["mapped"]] == [
            ("Poste inclinado", False),
            ("Cable caído", True),
        ]


def test_the_wall_shows_only_the_ballot_while_the_room_votes(voting):
    assert screen.public_state(voting)["candidates"] == []
