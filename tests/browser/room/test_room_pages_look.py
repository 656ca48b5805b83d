"""Every page of gatherings, wide and narrow: no accessibility violation, nothing wider than the screen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from gatherings.acta import document as acta
from gatherings.models import Gathering
from gatherings.room import ballots
from tests.browser.conftest import DESK, PHONE
from tests.browser.room.test_room_count import come_in, evening, shot  # noqa: F401
from tests.gatherings.conftest import (  # noqa: F401
    again,
    closed,
    counter,
    do,
    gathering,
    junta,
    make_gathering,
    seven,
    voting,
)

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = [
    "gatherings",
    "gathering",
    "gathering-acta",
    "gathering-create",
    "gatherings-calendar",
    "gathering-edit",
    "gathering-codes",
    "counter-codes",
    "gathering-demo",
    "vote",
    "wall",
    "room",
]


@pytest.fixture
def address(closed, facilitator, norte):  # noqa: F811
    """The path of a page by its short name."""
    acta.go_on(closed, "read")
    tomorrow = timezone.now() + dt.timedelta(days=1)
    planned = Gathering.objects.create(
        number=9,
        territory=norte,
        place="Plaza Norte",
        location=norte.label_point,
        starts_at=tomorrow,
        ends_at=tomorrow + dt.timedelta(hours=2),
        facilitator=facilitator,
    )
    (code,) = ballots.make_codes(planned, 1)
    of_closed = {"gathering", "gathering-acta"}

    def find(name: str) -> str:
        if name == "vote":
            return reverse("vote", args=[code])
        if name in ("wall", "room"):
            return reverse("gathering-room", args=[closed.pk]) + (
                "?vista=proyector" if name == "wall" else ""
            )
        if name.startswith("gatherings") or name in ("gathering-create", "gathering-demo", "counter-codes"):
            return reverse(name)
        return reverse(name, args=[(closed if name in of_closed else planned).pk])

    return find


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_are_accessible_and_fit(make_page, come_in, address, facilitator, shot, viewport):  # noqa: F811
    page = make_page(viewport)
    come_in(page, facilitator)
    for name in PAGES:
        page.goto(address(name))
        page.locator("h1").first.wait_for()
        shot(page, f"{name}-{viewport['width']}")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], name
