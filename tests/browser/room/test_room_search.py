"""The list of what waits shows what was searched, from the first letter to the ballot."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.room.test_room_count import come_in, evening, shot, tablet, wall  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def many(evening, make_issue):  # noqa: F811
    """Fifty problems more than stand on the first screen."""
    levels = {"severity": 2, "reach": 2, "duration": 2, "vulnerability": 0}
    for n in range(50):
        make_issue(title=f"Hoyo número {n}", **levels)
    make_issue(title="Sin puntaje todavía")


def test_a_search_shows_right_rows_and_adds_what_stood_on_no_screen(many, tablet, shot):  # noqa: F811
    tablet.get_by_role("button", name="Abrir la reunión").click()
    expect(tablet.get_by_role("heading", name="Quiénes vinieron")).to_be_focused()
    tablet.get_by_role("button", name="Papeleta", exact=True).click()
    rows = tablet.locator('[data-list="candidates"] > li')
    expect(rows).to_have_count(40)
    expect(tablet.get_by_text("más: búscalos por su nombre")).to_be_visible()
    field = tablet.get_by_label("Buscar entre ellos")
    field.fill("zzz")
    expect(rows).to_have_count(0)
    expect(tablet.get_by_text("No hay otro así para agregar")).to_be_visible()
    field.fill("sin puntaje")
    expect(rows).to_have_count(1)
    shot(tablet, "sala-buscar")
    rows.get_by_role("button", name="Agregar").click()
    expect(tablet.locator('[data-list="ballot"]')).to_contain_text("Sin puntaje todavía")
    expect(rows).to_have_count(0)
    field.fill("")
    expect(rows).to_have_count(40)
