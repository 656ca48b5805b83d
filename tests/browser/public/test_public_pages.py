"""Every public page, in light and dark, on desk and phone: no barrier axe can find, nothing cut off."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESK, PHONE
from tests.maps.conftest import gazetteer, media, story, vote

__all__ = ["gazetteer", "media", "story", "vote"]
pytestmark = pytest.mark.django_db(transaction=True)

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = (
    "/",
    "/?territory=norte&q=hoyo",
    "/?q=nada-de-nada",
    "/problemas/{reference}/",
    "/barrios/",
    "/barrios/norte/",
    "/datos/",
    "/feeds/",
    "/api/v1/docs/",
    "/entrar/",
    "/no-existe/",
    "/listas/",
    "/listas/1/",
    "/reuniones/",
    "/como-priorizamos/",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_no_page_has_a_barrier_or_is_wider_than_its_screen(make_page, story, gazetteer, scheme, viewport):
    page = make_page(viewport, color_scheme=scheme)
    found = {}
    for address in PAGES:
        page.goto(address.format(reference=story.issue.reference))
        page.wait_for_load_state("networkidle")
        if address == "/":
            page.locator(".filters__more summary").click()
        result = Axe().run(page, options=RULES)
        if result.violations_count:
            found[address] = result.generate_report()
        if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
            found[f"{address} width"] = page.evaluate("document.documentElement.scrollWidth")
    assert found == {}


def test_the_policy_is_kept_by_every_page(make_page, story, gazetteer):
    page = make_page()
    broken = []
    page.on(
        "console", lambda message: broken.append(message.text) if "Content Security" in message.text else None
    )
    for address in PAGES:
        page.goto(address.format(reference=story.issue.reference))
        page.wait_for_load_state("networkidle")
    assert broken == []
