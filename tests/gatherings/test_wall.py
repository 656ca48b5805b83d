"""What the map of the wall shows while the room looks for what is missing."""

from __future__ import annotations

from gatherings import screen
from issues.models import Issue, Visibility


def test_the_wall_shows_where_the_waiting_problems_lie_and_nothing_else(do, make_issue):
    on_ballot, waiting, hidden = (make_issue(title=title) for title in ("Uno", "Dos", "Tres"))
    Issue.objects.filter(pk=hidden.pk).update(visibility=Visibility.STAFF)
    do("open")
    gathering = do("ballot-add", issue=str(on_ballot.pk))
    (dot,) = screen.public_state(gathering)["candidates"]
    assert dot == {"title": "Dos", "lat": waiting.location.y, "lng": waiting.location.x}


def test_the_wall_shows_only_the_ballot_while_the_room_votes(voting):
    assert screen.public_state(voting)["candidates"] == []
