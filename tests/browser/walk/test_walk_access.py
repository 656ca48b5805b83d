"""The pages of the walk are usable without eyes, without a mouse and in the dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.walk.conftest import picture

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page) -> list[tuple[str, list]]:
    """Broken rules with the elements that break them."""
    rules = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:5]) for rule in rules]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_of_the_tablet_passes_axe(make_walker, make_issue, scheme):
    make_issue()
    walker = make_walker(color_scheme=scheme, bypass_csp=True).sign_in()
    walker.fill("Hoyo", picture())
    walker.page.wait_for_timeout(300)
    found = {"form": violations(walker.page)}
    walker.press_save().shows("Guardado en esta tableta ✓")
    for view in ("Mi lista", "Revisión"):
        walker.page.get_by_role("button", name=view).click()
        walker.page.wait_for_timeout(400)
        found[view] = violations(walker.page)
    walker.page.get_by_role("button", name="Mi lista").click()
    walker.page.locator(".walk-nearby__one").first.click()
    walker.page.get_by_text("Proponer un cambio").click()
    found["known"] = violations(walker.page)
    walker.page.get_by_role("button", name="Sol").click()
    found["Sol"] = violations(walker.page)
    assert found == {"form": [], "Mi lista": [], "Revisión": [], "known": [], "Sol": []}


@pytest.mark.parametrize("page", ["/caminata/hojas/", "/caminata/hojas/1/", "/caminata/hojas/1/escribir/"])
def test_the_pages_of_the_walk_on_paper_pass_axe(make_walker, page):
    walker = make_walker(bypass_csp=True).sign_in()
    walker.page.goto(f"{walker.proxy.url}{page}")
    assert violations(walker.page) == []


def test_the_office_pages_pass_axe(make_walker, administrator):
    tablet = make_walker().sign_in()
    tablet.capture("De otro barrio")
    tablet.delivered()
    office = make_walker(bypass_csp=True).sign_in("admin")
    for page in ("/gestion/bandeja/", "/gestion/tabletas/"):
        office.page.goto(f"{office.proxy.url}{page}")
        assert violations(office.page) == []
