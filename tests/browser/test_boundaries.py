"""A GIS officer replaces the boundaries: upload, look, put in force, take back."""

from __future__ import annotations

import geopandas
import pytest
from shapely.geometry import box

from territories.models import BoundarySet
from tests.territories import files


@pytest.fixture
def overlapping(tmp_path):
    """The town with Centro a little too wide, as a GeoPackage."""

    def shape(code):
        west, south, east, north = files.square(code).bounds
        return box(west - 0.001, south, east, north) if code == 2 else files.square(code)

    path = tmp_path / "barrios.gpkg"
    frame: geopandas.GeoDataFrame = files.town(shape=shape)
    frame.to_file(path, layer="barrios")
    return path


@pytest.mark.django_db(transaction=True)
def test_boundaries_are_uploaded_looked_at_put_in_force_and_taken_back(
    town, administrator, make_page, overlapping
):
    page = make_page()
    page.goto("/entrar/?next=/admin/territories/boundaryset/add/")
    page.fill("input[name=login]", administrator.username)
    page.fill("input[name=password]", "clave-de-prueba")
    page.keyboard.press("Enter")
    page.set_input_files("input[type=file]", overlapping)
    page.fill("input[name=name]", "Oficiales")
    page.fill("input[name=source]", "Municipio")
    page.fill("input[name=expect]", "3")
    page.click("text=Revisar y cargar")
    page.get_by_text("«Norte» y «Centro» se traslapan").first.wait_for()
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Ver en el mapa").first.click()
    page.locator(".leaflet-popup").get_by_text("se traslapan").wait_for()
    page.get_by_role("button", name="Poner en uso desde hoy").click()
    page.get_by_role("button", name="Deshacer y volver a los anteriores").click()
    page.get_by_text("Volvieron los límites anteriores").wait_for()
    assert BoundarySet.objects.in_force().get() == town
