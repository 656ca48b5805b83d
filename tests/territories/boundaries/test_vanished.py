"""One neighbourhood divided, two joined, in a file without numbers: no number is ever given to another."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from gatherings.models import Gathering, GatheringState, Organisation
from handovers.models import Follow
from issues.models import RoutingRule
from territories.boundaries.activation import undo
from territories.boundaries.vanished import given_codes, hanging, vanished_codes
from territories.models import Territory
from tests.territories.importing import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    """Loads a file of squares with these names, numbers unsaid, and puts it in force."""

    def loading(*names: str, activate: bool = True) -> str:
        path = drawn(tmp_path / "barrios.geojson", names)
        out = StringIO()
        told = ["--activate"] if activate else []
        call_command("load_territories", str(path), "--expect", "0", *told, stdout=out, stderr=StringIO())
        return out.getvalue()

    return loading


def drawn(path: Path, names: tuple[str, ...]) -> Path:
    return files.geojson(path, files.town(dict(enumerate(names, 1))).drop(columns="code"))


def in_force() -> dict[str, int]:
    return dict(Territory.objects.current().values_list("name", "code"))


def test_the_parts_of_a_divided_one_get_numbers_that_nobody_had(town, load):
    load("Norte Alto", "Norte Bajo", "Centro", "Sur")
    assert in_force() == {"Centro": 2, "Sur": 3, "Norte Alto": 4, "Norte Bajo": 5}
    assert vanished_codes() == {1}


def test_two_that_were_joined_get_a_number_that_nobody_had(town, load):
    load("Norte", "Centro – Sur")
    assert in_force() == {"Norte": 1, "Centro – Sur": 4}
    load("Norte", "Centro", "Sur")
    assert sorted(in_force().values()) == [1, 5, 6]


def test_a_number_stays_gone_however_often_the_boundaries_change(town, load):
    load("Norte Alto", "Norte Bajo", "Centro", "Sur")
    load("Poniente", "Centro", "Sur")
    assert in_force() == {"Centro": 2, "Sur": 3, "Poniente": 6}
    undo()
    load("Oriente", "Centro", "Sur")
    assert in_force()["Oriente"] == 7


def test_a_file_that_never_came_into_force_uses_no_number_up(town, load):
    load("Norte Alto", "Centro", "Sur", activate=False)
    assert given_codes() == {1, 2, 3}
    load("Norte Bajo", "Centro", "Sur")
    assert in_force()["Norte Bajo"] == 4


def test_the_first_file_of_all_is_numbered_from_one(load):
    load("Alfa", "Beta")
    assert sorted(in_force().values()) == [1, 2]


@pytest.fixture
def hung(norte, facilitator, parks, pothole):
    """One of each thing that names Norte by its number, and a gathering of it ahead and one held."""
    Organisation.objects.create(name="Club Los Aromos", kind="club", territory_code=1)
    RoutingRule.objects.create(position=1, category=pothole, territory_code=1, department=parks)
    Follow.objects.create(email="ana@example.cl", territory_code=1, token_digest="0" * 64)
    for number, state in ((1, GatheringState.PLANNED), (2, GatheringState.CANCELLED)):
        starts = timezone.now() + dt.timedelta(days=number)
        Gathering.objects.create(
            number=number, territory=norte, place="Sede", starts_at=starts, state=state,
            ends_at=starts + dt.timedelta(hours=2), facilitator=facilitator,
        )  # fmt: skip


def test_nothing_waits_while_every_neighbourhood_is_there(hung):
    assert hanging() == []


def test_what_hangs_on_a_vanished_one_is_listed_until_a_person_mends_it(hung, load, facilitator):
    told = load("Norte Alto", "Centro", "Sur")
    assert {one.kind: one.count for one in hanging()} == {
        "personas del equipo": 1, "reglas de derivación": 1, "organizaciones": 1, "reuniones barriales": 1,
        "seguimientos por correo": 1,
    }  # fmt: skip
    assert "Esperan a una persona" in told and "Club Los Aromos" in told
    Organisation.objects.update(territory_code=4)
    assert "organizaciones" not in {one.kind for one in hanging()}


def test_the_administration_shows_the_list_and_names_nobody_who_follows(client, hung, load, administrator):
    load("Norte Alto", "Centro", "Sur")
    client.force_login(administrator)
    set_in_force = Territory.objects.current().first().boundary_set_id
    page = client.get(f"/admin/territories/boundaryset/{set_in_force}/change/").content.decode()
    assert "Esperan a una persona" in page and "Club Los Aromos" in page
    assert "ana@example.cl" not in page


def test_every_model_that_names_a_neighbourhood_by_number_is_looked_at(settings):
    # A walk is over: it tells where it was.
    left_out = {"walks.Walk"}
    assert named_by_number() - set(settings.TERRITORY_HOLDERS) == left_out


def named_by_number() -> set[str]:
    return {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.name in ("territory_code", "territory_codes")
    }


def test_json_tells_it_too(hung, tmp_path):
    path, out = drawn(tmp_path / "b.geojson", ("Alto", "Centro", "Sur")), StringIO()
    told = ("--expect", "0", "--activate", "--json")
    call_command("load_territories", str(path), *told, stdout=out, stderr=StringIO())
    assert {one["kind"] for one in json.loads(out.getvalue())["left_behind"]} >= {"organizaciones"}
