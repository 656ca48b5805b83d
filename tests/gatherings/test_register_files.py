"""Files of organisations as spreadsheets leave them: read right as a whole, or refused by line."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from gatherings.directory import meant_in_room, read_organisations
from gatherings.models import Organisation
from territories.models import Territory
from tests.roles import owner

FILES = Path(__file__).parent / "registers"


def load(name: str) -> set[tuple[str, str, int | None]]:
    call_command("load_organisations", str(FILES / name), verbosity=0)
    return set(Organisation.objects.values_list("name", "kind", "territory_code"))


def test_quotes_dashes_and_apostrophes_of_windows_are_read_as_they_were_written(town):
    assert load("windows-1252.csv") == {
        ("Junta de Vecinos Nº 12 “Los Aromos” – sector norte", "junta de vecinos", None),
        ("Club d’Ajedrez", "club", None),
    }


def test_a_code_with_zeros_in_front_is_the_neighbourhood_without_them(town):
    with owner():
        Territory.objects.filter(code=3).update(code=7)
    assert load("zero-padded.csv") == {("Club Dos Alamos", "club", 7)}


def test_a_code_that_is_no_neighbourhood_is_refused_by_its_line(town):
    with pytest.raises(CommandError, match="Línea 2: no hay un barrio «07»"):
        load("zero-padded.csv")
    assert not Organisation.objects.exists()


def test_rows_of_empty_cells_are_no_rows(town):
    assert load("empty-rows-at-the-end.csv") == {("Club Dos Alamos", "club", None)}


@pytest.mark.parametrize(
    "typed",
    [
        'JJ.VV. 12 "Los Aromos" - sector norte',
        "j.j.v.v. n° 012 los áromos sector norte",
        "JUNTA DE VECINAS Y VECINOS Nº12 LOS AROMOS — SECTOR NORTE",
    ],
)
def test_who_types_it_in_a_room_by_another_spelling_means_the_one_of_the_file(town, typed):
    load("windows-1252.csv")
    found = meant_in_room(typed, "", 1)
    assert (found.kind, found.may_vote) == ("junta de vecinos", True)
    assert Organisation.objects.count() == 2


def test_the_same_file_twice_changes_nothing(town):
    assert load("windows-1252.csv") == load("windows-1252.csv")


def test_a_register_of_a_thousand_is_loaded_with_few_questions(town, tmp_path, django_assert_max_num_queries):
    lines = [f"Junta de Vecinos N.º {n};junta de vecinos;{n % 3 + 1}" for n in range(1, 1001)]
    path = tmp_path / "mil.csv"
    path.write_text("\n".join(["nombre;tipo;barrio", *lines]), encoding="utf-8")
    assert len(read_organisations(path)) == 1000
    with django_assert_max_num_queries(8):
        call_command("load_organisations", str(path), verbosity=0)
    assert Organisation.objects.filter(kind="junta de vecinos").count() == 1000
