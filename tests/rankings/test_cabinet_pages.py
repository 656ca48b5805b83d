"""The cabinet's pages: changes of place and «what if»."""

import pytest

from rankings.asking import NOBODY
from rankings.models import Override, RankedList, Scenario
from rankings.publishing import propose_move, publish
from rankings.scenarios import compare

REASON = "Cable bajo frente a la escuela, lo pidió bomberos"
MOVES = "/alcaldia/listas/gestion/cambios/"
SCENARIOS = "/alcaldia/ensayos/"
NEW = {
    "name": "Más tiempo",
    "track": "gestion",
    "severity": 10,
    "reach": 10,
    "duration": 70,
    "vulnerability": 10,
}
ASKED = {"asked_by": "audience", "asker": "mu163aw1234567"}
EQUAL = {"c1": 100, "c2": 100, "c3": 100}


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def office(client, cabinet):
    """A browser in which the cabinet is signed in."""
    client.force_login(cabinet)
    return client


@pytest.fixture
def saved(office, example):
    office.post(SCENARIOS, NEW | EQUAL)
    return Scenario.objects.get()


@pytest.mark.parametrize(
    ("who", "moving", "asking"),
    [("facilitator", 403, 403), ("manager", 403, 403), ("administrator", 403, 200)],
)
def test_only_who_publishes_moves_and_only_the_office_asks_what_if(
    client, request, example, who, moving, asking
):
    assert [client.get(path).status_code for path in (MOVES, SCENARIOS)] == [302, 302]
    client.force_login(request.getfixturevalue(who))
    assert [client.get(path).status_code for path in (MOVES, SCENARIOS)] == [moving, asking]


@pytest.mark.parametrize("who", ["facilitator", "manager"])
def test_others_write_nothing(client, request, example, cabinet, who):
    move = propose_move(example[2], 1, REASON, asked=NOBODY, actor=cabinet)
    client.force_login(request.getfixturevalue(who))
    assert client.post(MOVES, {}).status_code == 403
    assert client.post(f"{MOVES}{move.pk}/quitar/").status_code == 403
    assert client.post(SCENARIOS, NEW | EQUAL).status_code == 403
    assert Override.objects.count() == 1
    assert Scenario.objects.count() == 0


def test_a_move_with_its_reason_waits_for_the_next_list(office, example):
    data = ASKED | {"reference": example[2].reference, "to_place": 1, "reason": REASON}
    assert office.post(MOVES, data).status_code == 302
    assert f"«{REASON}»" in text_of(office.get(MOVES))
    waiting = Override.objects.waiting().get()
    assert (waiting.office, waiting.asker) == ("Alcaldía", "MU163AW1234567")
    assert "pedido en la audiencia MU163AW1234567 de la Ley del Lobby" in text_of(office.get(MOVES))


@pytest.mark.parametrize(
    "change",
    [
        {"reason": ""},
        {"reason": "corto"},
        {"reason": "x" * 501},
        {"to_place": "0"},
        {"to_place": "nan"},
        {"to_place": "9223372036854775808"},
        {"reference": "M-2026-999999"},
        {"reference": ""},
        {"asked_by": ""},
        {"asked_by": "person", "asker": "Juan Soto"},
        {"asked_by": "nobody", "asker": "Juan Soto"},
        {"asked_by": "organisation", "asker": "Juan Soto"},
        {"asked_by": "organisation", "asker": ""},
        {"asked_by": "office", "asker": "Mi oficina"},
        {"asked_by": "audience", "asker": "1234"},
    ],
)
def test_a_move_that_cannot_be_gets_one_sentence(office, example, change):
    data = ASKED | {"reference": example[2].reference, "to_place": 1, "reason": REASON} | change
    response = office.post(MOVES, data)
    assert response.status_code == 400
    assert "errorlist" in text_of(response) or "notice--error" in text_of(response)
    assert Override.objects.count() == 0


def test_a_move_can_be_taken_back_until_a_list_used_it(office, example, cabinet):
    first = propose_move(example[2], 1, REASON, asked=NOBODY, actor=cabinet)
    office.post(f"{MOVES}{first.pk}/quitar/")
    used = propose_move(example[2], 1, REASON, asked=NOBODY, actor=cabinet)
    publish("gestion", actor=cabinet)
    office.post(f"{MOVES}{used.pk}/quitar/")
    assert list(Override.objects.all()) == [used]


@pytest.mark.parametrize("track", ["urgencia", "derivacion", "otra"])
def test_tracks_without_lists_have_no_moves(office, track):
    response = office.get(f"/alcaldia/listas/{track}/cambios/")
    assert response.status_code in (400, 404)


def test_a_scenario_is_kept_with_its_author_and_compared(office, saved, cabinet):
    response = office.get(f"{SCENARIOS}{saved.pk}/")
    text = text_of(response)
    assert (saved.author, saved.office, saved.hundredths) == (cabinet, "Alcaldía", {})
    assert "no está publicado ni se publica" in text
    assert [shift.title for shift in response.context["shifts"]] == [
        "Sur 1", "Norte 1", "Centro 1", "Norte 2", "Norte 3",
    ]  # fmt: skip


def test_a_scenario_never_changes_what_is_published(office, saved, cabinet):
    made = publish("gestion", actor=cabinet)
    assert '"severity":40' in made.document
    assert office.post(f"{SCENARIOS}{saved.pk}/").status_code == 405
    assert RankedList.objects.count() == 1


def test_other_weights_and_coefficients_move_places(office, example):
    office.post(SCENARIOS, NEW | {"name": "Norte pesa más"} | EQUAL | {"c1": 140})
    scenario = Scenario.objects.get()
    assert scenario.hundredths == {"1": 140}
    places = {shift.title: (shift.now, shift.then) for shift in compare(scenario).shifts}
    assert places["Norte 3"] == (5, 5)
    gains = {gain.name: (gain.now, gain.then) for gain in compare(scenario, first=2).gains}
    assert gains == {"Norte": (1, 1), "Centro": (0, 0), "Sur": (1, 1)}


@pytest.mark.parametrize(
    "change",
    [
        {"severity": 41},
        {"severity": -1},
        {"severity": "nan"},
        {"severity": ""},
        {"name": ""},
        {"name": "x\x00"},
        {"track": "urgencia"},
        {"c1": 69},
        {"c1": 141},
        {"c2": "1e2"},
        {"c3": ""},
    ],
)
def test_a_scenario_that_cannot_be_gets_one_sentence(office, example, change):
    response = office.post(SCENARIOS, NEW | EQUAL | change)
    assert response.status_code == 400
    assert Scenario.objects.count() == 0


def test_a_scenario_that_does_not_exist_is_not_found(office, example):
    assert office.get(f"{SCENARIOS}99/").status_code == 404
    assert office.get(f"{SCENARIOS}9223372036854775808/").status_code == 404
