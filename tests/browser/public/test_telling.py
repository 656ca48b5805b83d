"""The residents' door in the browser: by map, name, keyboard, without scripts, to the thank-you and back."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from issues.models import Issue, Origin, Visibility
from tests.browser.conftest import PHONE
from tests.maps.conftest import gazetteer, picture  # noqa: F401
from tests.roles import owner

pytestmark = pytest.mark.django_db(transaction=True)
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def known(make_issue):
    return make_issue(title="Hoyo conocido")


def write(page: Page) -> None:
    page.get_by_label("¿Qué es?").select_option(label="Bache")
    page.get_by_label("El problema en una línea").fill("Hoyo frente al jardín")
    page.wait_for_function("() => performance.now() > 3200")  # nobody writes faster


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()


def test_a_tap_on_the_map_a_photo_the_thank_you_and_the_way_back(make_page, known, settings):
    settings.COMMUNE_EXTENT = (-70.80, -33.52, -70.74, -33.50)  # its middle is the map's
    page = make_page(PHONE)
    page.goto("/")
    page.get_by_role("link", name="Informar un problema").click()
    assert_accessible(page)
    page.locator("#map").scroll_into_view_if_needed()
    page.locator("#map").click()
    page.wait_for_url("**lat=**")
    expect(page.get_by_role("heading", level=1)).to_have_text("¿Qué pasa ahí?")
    assert_accessible(page)
    write(page)
    page.get_by_label("Fotos").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gracias: quedó anotado")
    assert_accessible(page)
    with owner():
        issue = Issue.objects.get(origin=Origin.RESIDENT)
        assert issue.visibility == Visibility.REVIEW
        assert issue.photos.count() == 1
    page.get_by_role("button", name="Retirar mi aviso").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Retiraste tu aviso")


def test_a_crossing_by_keyboard_and_what_is_known_there(page, known, gazetteer):  # noqa: F811
    page.goto("/informar/")
    page.get_by_role("combobox").focus()
    page.keyboard.type("vespucio pajaritos")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**lat=**")
    expect(page.get_by_text("Av. Américo Vespucio con Av. Los Pajaritos, Centro")).to_be_visible()
    page.goto(f"/informar/?lat={known.location.y}&lng={known.location.x}")
    expect(page.get_by_role("link", name="Hoyo conocido")).to_be_visible()


def test_ones_own_position(make_page, known):
    page = make_page(PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": -33.51, "longitude": -70.79})
    page.goto("/informar/")
    page.get_by_role("button", name="Usar mi posición").click()
    page.wait_for_url("**lat=-33.51**")


def test_without_scripts_it_works_the_same(make_page, known, gazetteer):  # noqa: F811
    page = make_page({"width": 320, "height": 700}, java_script_enabled=False)
    page.goto("/informar/")
    page.get_by_label("Por ejemplo").fill("vespucio pajaritos")
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("link", name="Av. Américo Vespucio con Av. Los Pajaritos").first.click()
    page.get_by_label("¿Qué es?").select_option(label="Bache")
    page.get_by_label("El problema en una línea").fill("Hoyo sin scripts")
    for _ in range(40):  # too fast at first: what was typed stays, and so does the number
        page.get_by_role("button", name="Enviar").click()
        if page.get_by_role("heading", name="Gracias").count():
            break
    expect(page.get_by_role("heading", level=1)).to_have_text("Gracias: quedó anotado")
