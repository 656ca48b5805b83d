"""The two sentences of each place, to the letter: they are part of what is sealed."""

from datetime import date

import pytest

from rankings.rules import reasons
from rankings.rules.deciding import By, Decision
from rankings.rules.reasons import Merit

DAY = date(2026, 3, 7)


@pytest.mark.parametrize(
    ("tokens", "possible", "people", "said"),
    [
        (14, 105, 21, "recibió 14 de 105 fichas, de 21 personas, en la reunión del 07-03-2026."),
        (0, 2, 2, "recibió 0 de 2 fichas, de 2 personas, en la reunión del 07-03-2026."),
        (1, 1, 1, "recibió 1 de 1 ficha, de 1 persona, en la reunión del 07-03-2026."),
    ],
)
def test_a_voted_place_tells_its_tokens(tokens, possible, people, said):
    reason = reasons.voted_reason(3, "La Farfana", tokens, possible, people, DAY)
    assert reason == f"Es el problema N.º 3 de La Farfana: {said}"


@pytest.mark.parametrize(
    ("i3", "levels", "said"),
    [
        (0, None, ": todavía no tiene puntaje."),
        (220, (3, 2, 1, 2), ": su puntaje es 73,3 (gravedad 3, alcance 2, tiempo 1, vulnerabilidad 2)."),
    ],
)
def test_a_provisional_place_tells_its_levels(i3, levels, said):
    reason = reasons.provisional_reason(1, "Norte", i3, levels)
    assert reason == f"Es el problema N.º 1 de Norte, provisorio hasta que el barrio lo vote{said}"


@pytest.mark.parametrize(
    ("own_place", "accepted", "coefficient", "said"),
    [
        (1, 0, 100, "es el N.º 1 de su barrio"),
        (1, 0, 140, "es el N.º 1 de su barrio"),
        (1, 1, 100, "es el N.º 1 de su barrio y este barrio ya usó 1 turno"),
        (2, 4, 100, "es el N.º 2 de su barrio y este barrio ya usó 4 turnos"),
        (3, 0, 125, "es el N.º 3 de su barrio y su coeficiente es 1,25"),
        (2, 2, 80, "es el N.º 2 de su barrio, este barrio ya usó 2 turnos y su coeficiente es 0,80"),
        (51, 0, 101, "es el N.º 51 de su barrio y su coeficiente es 1,01"),
    ],
)
def test_a_round_tells_only_what_put_the_problem_there(own_place, accepted, coefficient, said):
    told = reasons.round_reason(7, own_place, accepted, coefficient)
    assert told == f"Le toca la ronda 7: {said}"


VOTED = Merit(220, 14, 60, DAY)


@pytest.mark.parametrize(
    ("by", "mine", "theirs", "said"),
    [
        (By.OWN_ORDER, VOTED, VOTED, "porque así los ordenó su barrio"),
        (By.INDEX, VOTED, Merit(250), "por puntaje (73,3 contra 83,3)"),
        (
            By.SUPPORT,
            VOTED,
            Merit(220, 1, 1, DAY),
            "por apoyo (14 de 60 fichas contra 1 de 1 ficha), con el mismo puntaje",
        ),
        (
            By.SUPPORT,
            Merit(220),
            VOTED,
            "por apoyo (sin votación contra 14 de 60 fichas), con el mismo puntaje",
        ),
        (
            By.DAY,
            VOTED,
            VOTED._replace(held_on=DAY.replace(day=1)),
            "por fecha de reunión (07-03-2026 contra 01-03-2026), con el mismo puntaje y apoyo",
        ),
        (
            By.DAY,
            Merit(220),
            Merit(220, 0, 60, DAY),
            "por fecha de reunión (sin reunión contra 07-03-2026), con el mismo puntaje y apoyo",
        ),
        (By.NUMBER, VOTED, VOTED, "por número de folio, con el mismo puntaje, apoyo y fecha"),
    ],
)
def test_the_order_in_a_round_tells_against_whom_and_by_what(by, mine, theirs, said):
    assert reasons.order_reason(Decision(by, "M-7"), mine, theirs) == f"va después de M-7 {said}"


def test_who_opens_a_round_stands_before_the_next_and_who_is_alone_before_nobody():
    opening = Decision(By.INDEX, "M-7", is_after=False)
    told = reasons.order_reason(opening, VOTED, Merit(40))
    assert told == "va antes de M-7 por puntaje (73,3 contra 13,3)"
    assert reasons.order_reason(Decision(By.NOTHING), VOTED, None) == "es el único"


def test_a_place_in_the_city_tells_its_round_its_order_and_its_number():
    told = reasons.city_reason("Le toca la ronda 1: es el N.º 1 de su barrio", "es el único", 9)
    assert told.endswith("de su barrio; en esa ronda es el único, y queda en el lugar 9.")


def test_levels_without_their_four_names_are_an_error():
    with pytest.raises(ValueError, match="zip"):
        reasons.levels_text((1, 2, 3))
