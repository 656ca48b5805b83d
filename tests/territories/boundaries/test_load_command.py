"""`load_territories`: exit code 0 loaded, 1 refused and nothing changed; the same file twice is one set."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from territories.models import Activation, BoundarySet, Territory, TerritoryPart
from tests.territories.importing import files

pytestmark = pytest.mark.django_db
SHIPPED = Path(settings.BASE_DIR) / "shapefiles" / "barrios_maipu.shp"


def load(path, *options, **more) -> str:
    out = StringIO()
    call_command("load_territories", str(path), *options, stdout=out, **({"stderr": StringIO()} | more))
    return out.getvalue()


def test_the_shipped_shapefile_loads_with_one_command_and_comes_into_force():
    load(SHIPPED, "--activate")
    current = Territory.objects.current()
    assert [one.code for one in current] == list(range(1, 22))
    assert current[0].name == "Lo Errázuriz"
    assert current[0].population == 30146
    assert current[0].population_source == "estimación 2017, no oficial"
    assert BoundarySet.objects.get().is_approximate


def test_the_shipped_geojson_is_the_same_neighbourhoods():
    load(SHIPPED)
    load(SHIPPED.with_suffix(".geojson"))
    newer, older = BoundarySet.objects.all()
    pairs = zip(older.territories.all(), newer.territories.all(), strict=True)
    assert all(a.name == b.name and abs(a.area_m2 - b.area_m2) < 10 for a, b in pairs)


def test_the_same_file_again_says_that_it_is_already_in_force(tmp_path):
    path = files.geojson(tmp_path / "a.geojson")
    load(path, "--expect", "3", "--activate")
    assert "ya estaban en uso" in load(path, "--expect", "3", "--activate")
    assert BoundarySet.objects.count() == Activation.objects.count() == 1


def test_the_same_file_again_says_where_it_stands(tmp_path):
    path = files.geojson(tmp_path / "a.geojson")
    assert "Cargado sin activar" in load(path, "--expect", "3")
    assert "Ya estaba cargado, sin activar" in load(path, "--expect", "3")
    load(path, "--expect", "3", "--activate")
    assert "Ya estaba cargado y está en uso" in load(path, "--expect", "3")


def test_the_same_file_again_with_another_number_expected_is_refused(tmp_path):
    path = files.geojson(tmp_path / "a.geojson")
    load(path, "--expect", "3")
    with pytest.raises(CommandError, match="Se esperaban 20 barrios y el archivo trae 3"):
        load(path, "--expect", "20")


def test_a_log_is_told_by_tenths_how_far_the_problems_are(town, make_issue, tmp_path):
    for _number in range(3):
        make_issue(1)
    log = StringIO()
    load(files.geojson(tmp_path / "a.geojson"), "--activate", expect=3, stderr=log)
    assert log.getvalue().splitlines()[-1] == "3 / 3"


def test_without_activate_nothing_comes_into_force(tmp_path):
    load(files.geojson(tmp_path / "a.geojson"), "--expect", "3")
    assert not Territory.objects.current().exists()
    assert Territory.objects.count() == 3
    assert TerritoryPart.objects.count() >= 3


def test_a_dry_run_reports_and_stores_nothing(tmp_path):
    body = json.loads(load(files.geojson(tmp_path / "a.geojson"), "--expect", "3", "--dry-run", "--json"))
    assert body["count"] == 3
    assert body["loaded"] is False
    assert not BoundarySet.objects.exists()


def test_a_refusal_is_one_sentence_exit_code_1_and_nothing_changed(tmp_path):
    path = files.geojson(tmp_path / "a.geojson")
    with pytest.raises(CommandError, match="Se esperaban 21 barrios y el archivo trae 3") as refused:
        load(path)
    assert refused.value.returncode == 1
    assert "\n" not in str(refused.value)
    assert not BoundarySet.objects.exists()


def test_a_refusal_as_json_carries_a_stable_code(tmp_path):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("load_territories", str(tmp_path / "none.zip"), "--json", stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["refused"]["code"] == "no_file"


def test_the_sidecar_next_to_a_file_tells_what_the_file_does_not(tmp_path):
    path = files.geojson(tmp_path / "a.geojson")
    data = {"name": "Oficiales", "source": "Municipio", "licence": "CC BY", "drawn_on": "2026-01-31"}
    path.with_suffix(".json").write_text(json.dumps(data), encoding="utf-8")
    load(path, "--expect", "3", "--licence", "CC0")
    made = BoundarySet.objects.get()
    assert (made.name, made.source, made.licence) == ("Oficiales", "Municipio", "CC0")
    assert made.drawn_on.isoformat() == "2026-01-31"
    assert not made.is_approximate


def test_a_broken_sidecar_is_refused(tmp_path):
    path = files.geojson(tmp_path / "a.geojson")
    path.with_suffix(".json").write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="No se entiende la ficha"):
        load(path, "--expect", "3")
