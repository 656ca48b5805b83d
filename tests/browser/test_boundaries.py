"""A GIS officer replaces the boundaries: upload, look, put in force, take back."""

from __future__ import annotations

import geopandas
import pytest
from playwright.sync_api import Page, expect
from shapely.geometry import box

from core.jobs import Queue
from territories.models import BoundarySet
from tests.territories.importing import files
from tests.workers import a_worker


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


def tab_to(page: Page, text: str) -> None:
    """Press the tabulator until the button or link of this text has the focus, and see that it shows."""
    for _press in range(120):
        page.keyboard.press("Tab")
        label = page.evaluate("(document.activeElement.value || document.activeElement.textContent).trim()")
        if label == text:
            break
    focused = page.locator(":focus")
    expect(focused).to_be_in_viewport()
    assert focused.evaluate("one => one.matches(':focus-visible')")


@pytest.mark.django_db(transaction=True)
def test_with_many_problems_the_change_is_watched_and_taken_back_by_keyboard(
    town, administrator, make_page, make_issue, overlapping, settings, sign_in
):
    settings.BOUNDARIES_AT_ONCE = 0
    for code in (1, 2, 3):
        make_issue(code)
    page = make_page()
    sign_in(page, administrator.username)
    page.goto("/admin/territories/boundaryset/add/")
    page.set_input_files("input[type=file]", overlapping)
    for label, text in (
        ("Nombre:", "Oficiales"),
        ("Fuente:", "Municipio"),
        ("Cuántos barrios deben ser:", "3"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    tab_to(page, "Revisar y cargar")
    page.keyboard.press("Enter")
    expect(page.get_by_text("«Norte» y «Centro» se traslapan").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    tab_to(page, "Ver en el mapa")
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup").get_by_text("se traslapan")).to_be_visible()
    page.reload()
    with a_worker(Queue.LONG):
        tab_to(page, "Poner en uso desde hoy")
        page.keyboard.press("Enter")
        page.wait_for_url("**/cambios/**")
        watched = page.url
        expect(page.get_by_role("status")).to_have_text("Estos límites están en uso desde hoy.")
        page.reload()
        expect(page.get_by_role("status")).to_have_text("Estos límites están en uso desde hoy.")
        tab_to(page, "Ver los límites")
        page.keyboard.press("Enter")
        page.wait_for_url("**/change/")
        tab_to(page, "Deshacer y volver a los anteriores")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/cambios/" in url and url != watched)
        expect(page.get_by_role("status")).to_have_text("Volvieron los límites anteriores.")
    assert BoundarySet.objects.in_force().get() == town


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
