"""Who asked that a problem pass before others: written or refused, by the program and by the database."""

import pytest
from django.db import IntegrityError, transaction

from gatherings.models import Organisation
from rankings.asking import NOBODY, AskerRefused, WhoAsked, sentence, who_asked
from rankings.models import Override

BOARD = "Junta de Vecinos N.º 12"


@pytest.fixture
def registers(make_issue):
    Organisation.objects.create(name=BOARD, kind="junta de vecinos")
    return make_issue(1).department.name


@pytest.mark.parametrize(
    ("asked_by", "asker", "found"),
    [
        ("nobody", " ", NOBODY),
        ("organisation", "junta de vecinos  n.º 12", WhoAsked("organisation", BOARD)),
        ("audience", " mu163aw1234567 ", WhoAsked("audience", "MU163AW1234567")),
    ],
)
def test_it_is_written_as_its_register_has_it(registers, asked_by, asker, found):
    assert who_asked(asked_by, asker) == found


def test_an_office_is_one_of_the_departments(registers):
    assert who_asked("office", registers.lower()) == WhoAsked("office", registers)


@pytest.mark.parametrize(
    ("asked_by", "asker"),
    [
        ("", ""),
        ("", BOARD),
        ("person", "Juan Soto"),
        ("nobody", "Juan Soto"),
        ("organisation", "Juan Soto"),
        ("organisation", ""),
        ("office", BOARD),
        ("audience", ""),
        ("audience", "Juan Soto"),
        ("audience", "MU163AW12345678"),
        ("audience", "MU163AW1234567\nJuan"),
    ],
)
def test_whatever_no_register_has_is_refused(registers, asked_by, asker):
    with pytest.raises(AskerRefused):
        who_asked(asked_by, asker)


@pytest.mark.parametrize(
    ("asked_by", "asker"),
    [
        ("", ""),
        ("person", "Juan Soto"),
        ("nobody", "Juan Soto"),
        ("organisation", ""),
        ("organisation", "  —"),
        ("office", ""),
        ("audience", ""),
        ("audience", "1234"),
    ],
)
def test_the_database_refuses_a_move_that_does_not_say_it(make_issue, cabinet, asked_by, asker):
    move = Override(issue=make_issue(1), to_place=1, reason="Porque sí", author=cabinet, office="Alcaldía")
    move.asked_by, move.asker = asked_by, asker
    with pytest.raises(IntegrityError, match="override_says_who_asked"), transaction.atomic():
        move.save()


@pytest.mark.parametrize("who", [NOBODY, WhoAsked("office", "Obras"), WhoAsked("audience", "MU163AW1234567")])
def test_the_database_keeps_one_that_says_it(make_issue, cabinet, who):
    Override.objects.create(
        issue=make_issue(1),
        to_place=1,
        reason="Porque sí",
        author=cabinet,
        office="Alcaldía",
        **who._asdict(),
    )


@pytest.mark.parametrize(
    ("asked_by", "asker", "said"),
    [
        ("nobody", "", "no lo pidió nadie de fuera"),
        ("organisation", BOARD, f"lo pidió {BOARD}"),
        ("audience", "MU163AW1234567", "pedido en la audiencia MU163AW1234567 de la Ley del Lobby"),
        ("", "", ""),
    ],
)
def test_it_is_said_in_a_sentence(asked_by, asker, said):
    assert sentence(asked_by, asker) == said
