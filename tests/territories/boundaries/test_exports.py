"""What goes out opens in other programs and comes back identical."""

from __future__ import annotations

import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from territories.boundaries.exports import KINDS, export
from territories.boundaries.loading import Options, load
from territories.boundaries.metadata import Metadata
from territories.models import BoundarySet

SHIPPED = Path(settings.BASE_DIR) / "shapefiles" / "barrios_maipu.shp"
OGRINFO = {"shp.zip": "/vsizip/{}"}


@pytest.fixture
def maipu(db) -> BoundarySet:
    """The shipped neighbourhoods in force."""
    call_command("load_territories", str(SHIPPED), "--activate", stdout=StringIO())
    return BoundarySet.objects.in_force().get()


@pytest.mark.parametrize("kind", KINDS)
def test_it_opens_elsewhere_and_loads_back_identical(maipu, tmp_path, kind):
    path = tmp_path / f"barrios.{KINDS[kind].ending}"
    path.write_bytes(export(maipu, kind))
    seen = ogrinfo(OGRINFO.get(kind, "{}").format(path))
    assert "Feature Count: 21" in seen
    assert "WGS 84" in seen
    again = load(path, Options(expect=21), Metadata()).boundary_set
    assert content(again) == content(maipu)


def ogrinfo(name: str) -> str:
    """What another program, GDAL's own, says about a file."""
    ran = subprocess.run(["ogrinfo", "-ro", "-so", "-al", name], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def content(boundary_set: BoundarySet) -> list[tuple]:
    fields = ("code", "name", "population", "population_source", "area_m2", "boundary")
    rows = boundary_set.territories.order_by("code").values_list(*fields)
    return [(*row[:-1], bytes(row[-1].wkb)) for row in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_anybody_downloads_the_set_in_force(client, town, kind):
    answer = client.get(f"/datos/limites.{kind}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == KINDS[kind].media_type
    assert f"limites.{kind}" in answer["Content-Disposition"]


def test_without_boundaries_there_is_nothing_to_download(client, db):
    assert client.get("/datos/limites.gpkg").status_code == 404


def test_an_unknown_format_is_not_found(client, town):
    assert client.get("/datos/limites.exe").status_code == 404
