"""Every problem that waits can be voted: searched on the server, told in the room first, levels or not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gatherings.room import screen
from issues.models import Issue
from tests.conftest import INSIDE, NORTE


@pytest.fixture
def sixty(make_issue):
    """More problems than the tablet is told at once, all with levels."""
    levels = {"severity": 2, "reach": 2, "duration": 2, "vulnerability": 0}
    return [make_issue(title=f"Hoyo x{n}x", address=f"Calle y{n}y", **levels) for n in range(60)]


def asked(client, gathering, words: str):
    return client.get(reverse("gathering-pending", args=[gathering.pk]), {"q": words})


def titles(answer) -> list[str]:
    return [each["title"] for each in answer.json()["candidates"]]


def test_a_problem_told_in_the_room_stands_first_without_levels_and_reaches_the_ballot(do, sixty, pothole):
    lng, lat = INSIDE[NORTE]
    do("open")
    levels = dict.fromkeys(("severity", "reach", "duration", "vulnerability"))
    gathering = do("map", title="Poste inclinado", category=pothole.code, lat=lat, lng=lng, **levels)
    told = screen.conductor_state(gathering)
    assert told["candidates"][0]["title"] == "Poste inclinado"
    assert (len(told["candidates"]), told["pending"]) == (screen.SUGGESTED, 61)
    do("ballot-add", issue=told["candidates"][0]["issue"])
    assert screen.conductor_state(gathering)["pending"] == 60


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("hoyo x59x", ["Hoyo x59x"]),
        ("HÓYO calle Y59y", ["Hoyo x59x"]),
        ("zzz", []),
        ("", None),
        ("%", []),
    ],
)
def test_the_search_reaches_all_that_waits(client, do, facilitator, sixty, words, found):
    gathering = do("open")
    client.force_login(facilitator)
    answer = asked(client, gathering, words)
    assert answer.status_code == 200
    assert found is None or titles(answer) == found


def test_what_is_found_can_be_added_and_is_not_found_again(client, do, facilitator, sixty):
    gathering = do("open")
    client.force_login(facilitator)
    (found,) = asked(client, gathering, "hoyo x59x").json()["candidates"]
    assert found["issue"] not in [each["issue"] for each in screen.conductor_state(gathering)["candidates"]]
    do("ballot-add", issue=found["issue"])
    assert titles(asked(client, gathering, "hoyo x59x")) == []


def test_a_category_is_found_by_its_name(client, do, facilitator, make_issue, pothole):
    make_issue(title="Frente al 12")
    gathering = do("open")
    client.force_login(facilitator)
    assert titles(asked(client, gathering, pothole.name[:5].upper())) == ["Frente al 12"]


def test_hidden_urgent_and_foreign_problems_are_not_found(client, do, facilitator, make_issue):
    make_issue(title="Cable caído", severity=3, reach=1, duration=1, vulnerability=1)
    hidden = make_issue(title="Cable escondido")
    Issue.objects.filter(pk=hidden.pk).update(visibility="hidden", hidden_reason="insulto")
    gathering = do("open")
    client.force_login(facilitator)
    assert titles(asked(client, gathering, "cable")) == []


def test_during_the_vote_nothing_is_found(client, voting, facilitator):
    client.force_login(facilitator)
    assert titles(asked(client, voting, "Problema")) == []


@pytest.mark.parametrize("who", [None, "other_facilitator", "manager", "cabinet"])
def test_who_does_not_conduct_does_not_search(client, do, request, who):
    gathering = do("open")
    if who:
        client.force_login(request.getfixturevalue(who))
    assert asked(client, gathering, "hoyo").status_code == 404


def test_many_found_are_as_many_queries_as_few(client, do, facilitator, sixty, django_assert_max_num_queries):
    gathering = do("open")
    client.force_login(facilitator)
    with django_assert_max_num_queries(14):
        asked(client, gathering, "hoyo")
