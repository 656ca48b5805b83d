"""Organisations of the register and of the room: one body by any spelling, no votes before the register."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from gatherings.directory import load, same_name
from gatherings.models import Attendance, Organisation
from gatherings.refusals import RoomRefused


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Junta de Vecinos N.º 4", "J.J.V.V. 4"),
        ("Junta de Vecinos N.º 4", "JJ.VV. Nº 04"),
        ("Junta de Vecinos N.º 4", "jjvv n°4"),
        ("Junta de Vecinos N.º 4", "JUNTA DE VECINAS Y VECINOS Nº 4"),
        ("Junta Vecinal Los Aromos", "J. J. V. V. los áromos"),
        ("Club  Los Halcones", "CLUB LOS HALCONES"),
        ("Centro O’Higgins", "centro o'higgins"),
    ],
)
def test_spellings_of_one_body(one, other):
    assert same_name(one) == same_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Junta de Vecinos N.º 4", "Junta de Vecinos N.º 14"),
        ("Junta de Vecinos N.º 4", "Junta de Vecinos N.º 40"),
        ("Junta de Vecinos Los Aromos", "Club Los Aromos"),
        ("♥", "★"),
    ],
)
def test_other_bodies_stay_others(one, other):
    assert same_name(one) != same_name(other)


@pytest.mark.parametrize("typed", ["jj.vv. 4", "JUNTA DE VECINOS Nº4", "Junta de Vecinos N.º 4"])
def test_a_name_typed_in_the_room_is_the_one_of_the_register(do, junta, typed):
    do("open")
    do("organisation", name=typed, kind="", people=3, voters=None)
    line = Attendance.objects.get()
    assert (line.organisation, line.voters) == (junta, 2)


def test_a_name_the_register_lacks_is_provisional_and_does_not_vote(do):
    do("open")
    do("organisation", name="Club Nuevo", kind="", people=4, voters=None)
    line = Attendance.objects.get()
    assert (line.organisation.is_provisional, line.people, line.voters) == (True, 4, 0)
    with pytest.raises(RoomRefused, match="todavía no está en el registro"):
        do("organisation", name="club nuevo", kind="", people=4, voters=1)
    with pytest.raises(RoomRefused, match="todavía no está en el registro"):
        do("attendance", organisation=line.organisation_id, people=4, voters=2)


def test_once_the_register_has_it_it_votes_by_the_name_of_the_register(do):
    do("open")
    do("organisation", name="jjvv 9", kind="", people=4, voters=None)
    load([("Junta de Vecinos N.º 9", "junta de vecinos", 1)])
    do("organisation", name="jjvv 9", kind="", people=4, voters=None)
    line = Attendance.objects.get()
    assert (line.organisation.name, line.voters) == ("Junta de Vecinos N.º 9", 2)
    assert Organisation.objects.count() == 1


def test_one_that_was_struck_off_is_known_and_does_not_vote(do, junta):
    Organisation.objects.update(is_active=False)
    do("open")
    do("organisation", name="jjvv 4", kind="", people=4, voters=None)
    assert (Attendance.objects.get().organisation, Attendance.objects.get().voters) == (junta, 0)


def test_the_database_gives_a_provisional_one_no_voters(do):
    do("open")
    do("organisation", name="Club Nuevo", kind="", people=4, voters=None)
    with pytest.raises(DatabaseError, match="not in the register"), transaction.atomic():
        Attendance.objects.update(voters=1)
