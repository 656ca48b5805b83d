"""A list as a document: inputs, order, moves and reasons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.index import Levels
from rankings.rules.canonical import digest_of
from rankings.rules.listing import Move, Queue, UnknownMove, Vote, compile_list, own_order
from rankings.rules.texts import opened
from tests.rankings.imaginary import DAY, HEAD, candidate, fixed_queues, lists


def references_of(document):
    return [item["reference"][-3:] for item in document["items"]]


def shuffled(rows, random):
    return random.sample(rows, len(rows))


def test_the_example_stands_in_its_rounds():
    document = compile_list(HEAD, fixed_queues())
    assert references_of(document) == ["201", "301", "101", "102", "202", "302", "203", "103", "104"]
    assert [item["round"] for item in document["items"]] == [1, 1, 1, 2, 2, 2, 3, 3, 4]
    assert document["digest"] == digest_of(document)


def test_every_place_has_two_sentences_with_the_numbers():
    first = compile_list(HEAD, fixed_queues())["items"][0]
    assert first["reasons"] == [
        "Es el problema N.º 1 de Bajo: recibió 50 de 125 fichas, de 25 personas, "
        "en la reunión del 01-09-2026.",
        "Le toca la ronda 1: es el N.º 1 de su barrio; en esa ronda va antes de M-2026-000301 "
        "por puntaje (73,3 contra 63,3), y queda en el lugar 1.",
    ]


def test_the_sentences_say_what_a_coefficient_and_accepted_problems_did():
    queue = Queue(1, "Alto", [candidate(1)], coefficient=70, accepted=2)
    (item,) = compile_list(HEAD, [queue])["items"]
    assert item["reasons"] == [
        "Es el problema N.º 1 de Alto, provisorio hasta que el barrio lo vote: su puntaje es 40,0 "
        "(gravedad 1, alcance 2, tiempo 1, vulnerabilidad 0).",
        "Le toca la ronda 4: es el N.º 1 de su barrio, este barrio ya usó 2 turnos y su coeficiente "
        "es 0,70; en esa ronda es el único, y queda en el lugar 1.",
    ]


def test_the_sentence_says_which_neighbour_goes_before():
    kept = [
        candidate(number, Levels(*levels), Vote(1, DAY, 10, 5, 20 - number, 10, number, 0))
        for number, levels in enumerate([(1, 1, 1, 1), (1, 0, 0, 0), (2, 2, 2, 2)], 1)
    ]
    items = compile_list(HEAD, [Queue(1, "Alto", kept, coefficient=140)])["items"]
    assert "va después de M-2026-000002 porque así los ordenó su barrio" in items[2]["reasons"][1]


def test_a_problem_without_levels_stands_last_and_says_so():
    queue = Queue(1, "Alto", [candidate(1, levels=None), candidate(2)])
    items = compile_list(HEAD, [queue])["items"]
    assert [item["reference"] for item in items] == ["M-2026-000002", "M-2026-000001"]
    assert items[1]["reasons"][0].endswith("todavía no tiene puntaje.")


def test_the_latest_gathering_comes_first_then_older_ones_then_the_index():
    older, latest = Vote(1, DAY, 9, 5, 45, 9, 1, 0), Vote(2, DAY.replace(day=8), 9, 5, 3, 3, 2, 0)
    mixed = [
        candidate(1, Levels(2, 3, 3, 3)),
        candidate(2, vote=older),
        candidate(3, vote=latest),
        candidate(4, vote=latest._replace(place=1)),
        candidate(5, Levels(2, 3, 3, 3), day=DAY.replace(month=8)),
    ]
    assert [each.reference[-1] for each in own_order(mixed)] == ["4", "3", "2", "5", "1"]


def test_of_two_gatherings_on_one_day_the_later_number_comes_first():
    earlier, later = Vote(1, DAY, 9, 5, 45, 9, 1, 0), Vote(2, DAY, 9, 5, 3, 3, 1, 0)
    mixed = [candidate(1, vote=earlier), candidate(2, vote=later)]
    assert [each.reference[-1] for each in own_order(mixed)] == ["2", "1"]


def test_a_move_shows_both_orders_and_its_reason():
    document = compile_list(
        HEAD, fixed_queues(), [Move("M-2026-000104", 2, "Riesgo", "Alcaldía", "nobody", "")]
    )
    assert references_of(document)[:3] == ["201", "104", "301"]
    moved = document["items"][1]
    assert (moved["place"], moved["rule_place"]) == (2, 9)
    assert opened(document)["overrides"] == [
        {
            "reference": "M-2026-000104",
            "from": 9,
            "to": 2,
            "reason": "Riesgo",
            "office": "Alcaldía",
            "asked_by": "nobody",
            "asker": "",
        }
    ]


@pytest.mark.parametrize(("to", "place"), [(0, 1), (-5, 1), (10**6, 9), (9, 9)])
def test_a_move_beyond_the_ends_goes_to_the_end(to, place):
    document = compile_list(
        HEAD, fixed_queues(), [Move("M-2026-000103", to, "Riesgo", "Alcaldía", "nobody", "")]
    )
    assert document["items"][place - 1]["reference"] == "M-2026-000103"
    assert document["overrides"][0]["to"] == place


def test_a_move_of_a_problem_that_is_not_there_is_refused():
    with pytest.raises(UnknownMove, match="M-2026-000999"):
        compile_list(HEAD, fixed_queues(), [Move("M-2026-000999", 1, "Riesgo", "Alcaldía", "nobody", "")])


def same_salt(reference, text):
    return "0" * 32


@given(lists(), st.randoms())
def test_the_order_of_the_input_is_irrelevant(made, random):
    queues, moves = made
    mixed = [
        each._replace(candidates=random.sample(each.candidates, len(each.candidates))) for each in queues
    ]
    assert compile_list(HEAD, shuffled(mixed, random), moves, same_salt) == compile_list(
        HEAD, queues, moves, same_salt
    )


@given(lists())
def test_every_problem_has_one_place_and_two_sentences(made):
    queues, moves = made
    items = compile_list(HEAD, queues, moves)["items"]
    assert [item["place"] for item in items] == list(range(1, len(items) + 1))
    assert sorted(item["rule_place"] for item in items) == [item["place"] for item in items]
    assert all(len(item["reasons"]) == 2 for item in items)


def test_between_neighbourhoods_with_one_index_support_decides_then_the_older_gathering():
    def queue(code, vote):
        return Queue(code, f"Barrio {code}", [candidate(code, vote=vote)])

    half = Vote(1, DAY, 10, 5, 25, 10, 1, 40)
    queues = [
        queue(1, None),
        queue(2, half._replace(tokens=24)),
        queue(3, half._replace(held_on=DAY.replace(day=2))),
        queue(4, half),
        queue(5, half._replace(voters=20, tokens=51)),
    ]
    assert [item["neighbourhood"] for item in compile_list(HEAD, queues)["items"]] == [5, 4, 3, 2, 1]


def test_the_document_is_written_name_by_name():
    vote = Vote(7, DAY, 10, 5, 25, 9, 1, 40)
    queues = [Queue(2, "Sur", [candidate(2)], 90, 1), Queue(1, "Norte", [candidate(1, vote=vote)])]
    document = opened(compile_list(HEAD, queues))
    for item in document["items"]:
        assert len(item.pop("reasons")) == 2
    shared = {
        "title": "Luminaria apagada",
        "category": "Luminaria apagada o intermitente",
        "department": "Operaciones",
        "levels": [1, 2, 1, 0],
        "index": 120,
        "reported_on": "2026-09-01",
        "own_place": 1,
    }
    told = vote._asdict() | {"held_on": "2026-09-01"}
    first = {"place": 1, "rule_place": 1, "round": 1, "turn": 1, "neighbourhood": 1, "vote": told}
    second = {"place": 2, "rule_place": 2, "round": 2, "turn": 2, "neighbourhood": 2, "vote": None}
    assert document.pop("items") == [
        shared | first | {"reference": "M-2026-000001"},
        shared | second | {"reference": "M-2026-000002"},
    ]
    assert len(document.pop("digest")) == 64
    assert document == HEAD._asdict() | {
        "format": "mapa-barrial/lista/4",
        "rule": 3,
        "window_months": 12,
        "weights": HEAD.weights._asdict(),
        "overrides": [],
        "gatherings": [{"number": 7, "digest": f"{7:064x}"}],
        "neighbourhoods": [
            {"code": 1, "name": "Norte", "coefficient": 100, "accepted": 0},
            {"code": 2, "name": "Sur", "coefficient": 90, "accepted": 1},
        ],
    }


def test_a_move_of_nothing_names_what_it_was_to_move():
    with pytest.raises(UnknownMove) as error:
        compile_list(HEAD, fixed_queues(), [Move("M-2026-999999", 1, "Por qué", "Alcaldía", "nobody", "")])
    assert error.value.reference == "M-2026-999999"
