"""Residents look at the map: list and map in step, all by keyboard, nothing from outside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE
from tests.maps.conftest import gazetteer, media, story, vote

__all__ = ["gazetteer", "media", "story", "vote"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def neighbourhoods(make_issue, gazetteer):
    """Three problems: two in Norte, one in Sur."""
    return [
        make_issue(1, title="Hoyo en Los Aromos", severity=2, reach=2, duration=1, vulnerability=1),
        make_issue(1, title="Vereda rota", location=Point(-70.795, -33.505, srid=4326)),
        make_issue(3, title="Semáforo malo", severity=3, reach=0, duration=0, vulnerability=0),
    ]


def ready(page: Page) -> None:
    """The map has drawn what it shows."""
    expect(page.locator("#follow-choice")).to_be_visible()
    page.wait_for_load_state("networkidle")


def titles(page: Page) -> list[str]:
    return page.locator(".issue-item__title").all_inner_texts()


def painted(page: Page, lng: float, lat: float) -> bool:
    """Whether the canvas of problems is painted around a position (degrees)."""
    return page.evaluate(
        """([lng, lat]) => {
            const canvas = document.querySelector('.leaflet-overlay-pane canvas');
            const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            return data.some((value, at) => at % 4 === 3 && value > 0);
        }""",
        [lng, lat],
    )


# How many bytes are painted on the canvases above the ground.
PAINTED = """() => [...document.querySelectorAll('.leaflet-overlay-pane canvas')].reduce(
    (sum, canvas) => sum + canvas.getContext('2d')
        .getImageData(0, 0, canvas.width, canvas.height).data.filter((value) => value > 0).length, 0)"""


def test_the_list_and_the_map_show_the_same_and_ask_nobody_outside(page, live_server, neighbourhoods):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    ready(page)
    assert sorted(titles(page)) == ["Hoyo en Los Aromos", "Semáforo malo", "Vereda rota"]
    assert painted(page, -70.79, -33.51)
    expect(page.get_by_text("Leyenda")).to_be_visible()
    assert [url for url in asked if not url.startswith((live_server.url, "data:", "blob:"))] == []


def test_choosing_a_neighbourhood_filters_both_and_the_address(page, neighbourhoods):
    page.goto("/")
    ready(page)
    with page.expect_response(lambda response: "/api/v1/map/?territory=sur" in response.url) as answer:
        page.get_by_label("Barrio", exact=True).select_option("sur")
    assert answer.value.json()["total"] == 1
    expect(page.locator(".issue-item")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 problema")
    assert page.url.endswith("/?territory=sur")
    page.reload()
    assert titles(page) == ["Semáforo malo"]


def test_the_list_may_follow_the_map(page, neighbourhoods):
    page.goto("/?territory=norte")
    ready(page)
    page.get_by_label("Barrio", exact=True).select_option("")
    expect(page.locator(".issue-item")).to_have_count(3)
    page.goto("/?bbox=-70.80,-33.52,-70.781,-33.50")
    ready(page)
    assert sorted(titles(page)) == ["Hoyo en Los Aromos", "Vereda rota"]
    expect(page.get_by_label("Solo lo que se ve en el mapa")).to_be_checked()


def test_moving_the_map_changes_a_list_that_follows(page, neighbourhoods):
    page.goto("/")
    ready(page)
    page.get_by_label("Solo lo que se ve en el mapa").check()
    expect(page.locator(".issue-item")).to_have_count(3)
    map_ = page.locator("#map")
    map_.focus()
    for _ in range(5):
        map_.press("+")
        page.wait_for_timeout(300)
    expect(page.locator(".issue-item")).not_to_have_count(3)
    assert "bbox=" in page.url


def test_pointing_at_a_line_rings_its_place(page, neighbourhoods):
    page.goto("/?territory=norte")
    ready(page)
    before = page.locator("#map").screenshot()
    page.get_by_role("link", name="Vereda rota").hover()
    page.wait_for_timeout(200)
    assert page.locator("#map").screenshot() != before


def test_a_mark_tells_its_problem_and_marks_its_line(make_page, neighbourhoods):
    # Narrow enough that the legend takes no room from the map: its middle is the middle of the box.
    page = make_page({"width": 1000, "height": 800})
    page.goto("/?bbox=-70.7905,-33.5105,-70.7895,-33.5095")
    ready(page)
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = page.locator(".leaflet-popup")
    expect(card).to_contain_text("Hoyo en Los Aromos")
    expect(page.locator(".issue-item.is-picked")).to_have_count(1)
    card.get_by_role("link", name="Hoyo en Los Aromos").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hoyo en Los Aromos")


@pytest.fixture
def crossing(make_issue):
    """Five problems on one point, as Open311's `address_string` makes them, and one elsewhere."""
    make_issue(1, title="Vereda rota", location=Point(-70.795, -33.505, srid=4326))
    return [make_issue(1, title=f"Caso <b>{n}</b> del cruce") for n in range(5)]


CLOSE = "/?bbox=-70.7905,-33.5105,-70.7895,-33.5095"


def test_a_tap_on_a_stack_lists_its_problems_in_step_with_the_list(make_page, crossing):
    page = make_page({"width": 1000, "height": 800})
    page.goto(CLOSE)
    ready(page)
    box = page.locator("#map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    spot = page.get_by_role("dialog", name="5 problemas en este lugar")
    expect(spot).to_be_focused()
    expect(spot.get_by_role("link")).to_have_count(5)
    expect(page.locator(".issue-item.is-picked")).to_have_count(5)
    spot.get_by_role("link", name="Caso <b>3</b> del cruce").hover()
    expect(page.locator(".issue-item.is-picked")).to_have_count(1)
    spot.get_by_role("link", name="Caso <b>3</b> del cruce").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Caso <b>3</b> del cruce")


def test_a_stack_opens_by_enter_and_escape_gives_the_focus_back(make_page, crossing):
    page = make_page({"width": 1000, "height": 800})
    page.goto(CLOSE)
    ready(page)
    map_ = page.locator("#map")
    map_.focus()
    page.keyboard.press("Enter")
    spot = page.get_by_role("dialog", name="5 problemas en este lugar")
    expect(spot).to_be_focused()
    page.keyboard.press("Tab")
    expect(spot.get_by_role("link").first).to_be_focused()
    expect(page.locator(".issue-item.is-picked")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(spot).to_have_count(0)
    expect(map_).to_be_focused()
    expect(page.locator(".issue-item.is-picked")).to_have_count(0)


def test_who_comes_to_the_map_by_keyboard_sees_what_enter_would_open(make_page, crossing):
    page = make_page({"width": 1000, "height": 800})
    page.goto(CLOSE)
    ready(page)
    unmarked = page.evaluate(PAINTED)
    page.keyboard.press("Tab")
    page.locator("#map").focus()
    page.wait_for_function(f"({PAINTED})() > {unmarked}")


def test_at_the_closest_zoom_a_finger_still_opens_a_stack(make_page, crossing):
    page = make_page({"width": 1000, "height": 800}, has_touch=True)
    with page.expect_response(lambda response: "zoom=19.0" in response.url):
        page.goto("/?bbox=-70.79001,-33.51001,-70.78999,-33.50999")
    ready(page)
    box = page.locator("#map").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("dialog").get_by_role("link")).to_have_count(5)


def test_everything_by_keyboard(page, neighbourhoods):
    page.goto("/")
    ready(page)
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#contenido")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Informar un problema")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("pajaritos vespucio", delay=5)
    expect(page.get_by_role("listbox", name="Lugares")).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#q-options [aria-selected=true]")
    expect(chosen).to_contain_text("Av. Américo Vespucio con Av. Los Pajaritos")
    with page.expect_response(lambda response: "zoom=17" in response.url):
        page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "issue-item__title":
            break
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)


def test_enter_on_a_name_typed_whole_leads_there(page, neighbourhoods):
    page.goto("/")
    ready(page)
    page.locator("[name=q]").press_sequentially("norte")
    expect(page.locator("#q-options")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Barrio", exact=True)).to_have_value("norte")
    expect(page.locator(".issue-item__title")).to_have_count(2)


def test_words_without_a_problem_offer_the_place_that_was_meant(page, neighbourhoods):
    page.goto("/")
    ready(page)
    page.locator("[name=q]").fill("norte")
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("navigation", name="Lugares con ese nombre").get_by_role("link", name="Norte").click()
    expect(page.locator(".issue-item__title")).to_have_count(2)


def test_escape_closes_the_suggestions(page, neighbourhoods):
    page.goto("/")
    ready(page)
    page.locator("#q").press_sequentially("vespucio")
    listbox = page.get_by_role("listbox", name="Lugares")
    expect(listbox).to_be_visible()
    page.keyboard.press("Escape")
    expect(listbox).to_be_hidden()


def test_a_word_that_is_no_place_filters_the_problems(page, neighbourhoods):
    page.goto("/")
    ready(page)
    page.locator("#q").fill("vereda")
    page.get_by_role("button", name="Buscar").click()
    expect(page.locator(".issue-item")).to_have_count(1)
    assert page.url.endswith("?q=vereda")


def test_without_scripts_the_list_and_its_filter_work(make_page, neighbourhoods):
    page = make_page(java_script_enabled=False)
    page.goto("/")
    assert len(titles(page)) == 3
    page.get_by_label("Barrio", exact=True).select_option("sur")
    page.get_by_role("button", name="Buscar").click()
    assert titles(page) == ["Semáforo malo"]


def test_on_a_phone_the_list_comes_first_and_the_map_is_one_tap_away(make_page, neighbourhoods):
    page = make_page(PHONE, has_touch=True, is_mobile=True)
    page.goto("/")
    ready(page)
    expect(page.locator(".issue-item").first).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    page.get_by_role("button", name="Mapa", exact=True).tap()
    expect(page.locator("#map")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_problem_s_page_has_its_map(page, story):
    page.goto(f"/problemas/{story.issue.reference}/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#map .leaflet-tile").first).to_be_attached()
    assert painted(page, -70.79, -33.51)
    expect(page.get_by_role("img", name="El hoyo")).to_be_visible()


def test_the_map_is_drawn_and_its_picture_kept(page, neighbourhoods):
    page.goto("/")
    ready(page)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / "public-map.png")
    expect(page.locator("#map .leaflet-tile").first).to_be_attached()
