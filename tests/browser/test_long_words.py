"""A pasted link for a title, an address or an answer: no page becomes wider than the telephone."""

from __future__ import annotations

import pytest

from issues.models import Issue
from tests.maps.conftest import gazetteer, media, story, vote

__all__ = ["gazetteer", "media", "story", "vote"]
pytestmark = pytest.mark.django_db(transaction=True)

LINK = "https://mapas.ejemplo.cl/lugar/Plaza+de+Maip%C3%BA/@-33.5107,-70.7575,17z/data=!3m1!4b1!4m6!3m5!1s0x9662dcd1"
PUBLIC = (
    "/",
    "/problemas/{reference}/",
    "/barrios/norte/",
    "/listas/1/",
    "/reuniones/",
    f"/?q={'x' * 200}",
)
STAFF = (
    "/gestion/?stage=all",
    "/gestion/{reference}/",
    "/gestion/hoy/",
    "/alcaldia/",
    "/verificar/",
)


@pytest.fixture
def linked(story) -> Issue:
    """Every problem is called by a link, and so is its place."""
    Issue.objects.update(title=LINK[:140], description=f"{LINK * 3}\nPoste apagado", address=(LINK * 2)[:200])
    return story.issue


@pytest.mark.parametrize("width", [320, 360, 390])
def test_no_page_is_wider_than_the_telephone(make_page, sign_in, linked, administrator, width):
    page = make_page({"width": width, "height": 740})
    wide = {address: wider(page, address, linked, width) for address in PUBLIC}
    sign_in(page, "admin")
    wide |= {address: wider(page, address, linked, width) for address in STAFF}
    assert {address: by for address, by in wide.items() if by} == {}


def wider(page, address: str, issue: Issue, width: int) -> str:
    """The widest element of a page that is too wide, or nothing."""
    answer = page.goto(address.format(reference=issue.reference))
    assert answer.status == 200, address
    page.wait_for_load_state("networkidle")
    if page.evaluate("document.documentElement.scrollWidth") <= width:
        return ""
    return page.evaluate(
        """[...document.querySelectorAll("main *")].map((each) => [each.getBoundingClientRect().right, each])
        .sort(([one], [other]) => other - one).slice(0, 3)
        .map(([right, each]) => `${Math.round(right)} ${each.tagName}.${each.className}`).join(" | ")"""
    )
