"""Problems on one spot: every map shows one mark with their number, which opens as a list."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Page, expect

from handovers.life.delivery import hand_over
from issues.life.lifecycle import Change, move
from issues.workflow import Status
from rankings.publishing import publish
from tests.browser.conftest import DESK

pytestmark = pytest.mark.django_db(transaction=True)
LEVELS = {"severity": 2, "reach": 2, "duration": 1, "vulnerability": 1}
SPOT = Point(-70.79, -33.51, srid=4326)
NAMES = [f"Caso <b>{n}</b> del cruce" for n in range(5)]


@pytest.fixture
def crossing(make_issue):
    made = [make_issue(1, title=name, location=SPOT, **LEVELS) for name in NAMES]
    for issue in made:
        move(issue, Change(to=Status.VALIDATED), actor=None, office="Reunión barrial")
    return made


@pytest.fixture
def listed(crossing, cabinet, manager):
    published = publish("gestion", actor=cabinet)
    hand_over(published, cabinet)
    return published


def press_middle(page: Page, selector: str) -> None:
    page.locator(selector).focus()
    page.keyboard.press("Enter")


def tap_middle(page: Page, selector: str) -> None:
    box = page.locator(selector).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize("open_", [press_middle, tap_middle])
def test_on_the_desk(make_page, sign_in, listed, manager, open_):
    page = make_page(DESK)
    sign_in(page, manager.username)
    with page.expect_response(lambda answer: "/mapa" in answer.url or "geojson" in answer.url):
        page.goto("/gestion/")
    expect(page.locator("#desk-map canvas").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    open_(page, "#desk-map")
    spot = page.get_by_role("dialog", name="5 problemas en este lugar")
    expect(spot.get_by_role("link")).to_have_count(5)
    spot.get_by_role("link", name=NAMES[3]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAMES[3])


def test_on_a_published_list_where_no_mark_is_a_stop_of_the_tab_key(page, listed):
    page.goto("/listas/1/")
    mark = page.locator(".list-mark")
    expect(mark).to_have_text(["1 · 2 +3"])
    assert mark.get_attribute("tabindex") is None
    press_middle(page, "#list-map")
    spot = page.get_by_role("dialog", name="5 problemas en este lugar")
    spot.get_by_role("button", name=f"3. {NAMES[2]}").click()
    expect(page.locator("#lugar-3 details[open]")).to_be_visible()
    page.locator("#lugar-4 summary").focus()
    expect(page.locator(".list-mark--current")).to_have_text("1 · 2 +3")
