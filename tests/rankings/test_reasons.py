"""The two sentences of each place, to the letter: they are part of what is sealed."""

from datetime import date

import pytest

from rankings.rules import reasons

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
    ("accepted", "coefficient", "kept", "said"),
    [
        (0, 100, "", "2; dentro de la ronda el orden lo da el puntaje, el suyo es 73,3, "),
        (1, 100, "", "2, porque su barrio cuenta con 1 problema aceptado en 12 meses; dentro"),
        (4, 100, "", "2, porque su barrio cuenta con 4 problemas aceptados en 12 meses; dentro"),
        (0, 125, "", "2, porque su barrio cuenta con coeficiente 1,25; dentro"),
        (0, 101, "", "con coeficiente 1,01; dentro"),
        (2, 80, "", "cuenta con 2 problemas aceptados en 12 meses y con coeficiente 0,80; dentro"),
        (0, 100, "M-7", "73,3, y va después de M-7 porque su barrio lo puso antes, "),
    ],
)
def test_a_place_in_the_city_tells_its_round_and_why(accepted, coefficient, kept, said):
    reason = reasons.city_reason(2, 9, 220, accepted, coefficient, kept)
    assert reason.startswith("Le toca la ronda 2")
    assert said in reason
    assert reason.endswith("y así queda en el lugar 9.")


def test_levels_without_their_four_names_are_an_error():
    with pytest.raises(ValueError, match="zip"):
        reasons.levels_text((1, 2, 3))
