"""The small form of the groups on the tablet: noted, told to the other tablet, never written over unseen."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from gatherings.room.acts import act
from tests.browser.room.test_room_count import come_in, evening, shot  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def test_groups_are_noted_beside_attendance(make_page, come_in, evening, shot):  # noqa: F811
    facilitator = evening.facilitator
    for action, body in (("open", {}), ("attendance", {"organisation": None, "people": 12, "voters": None})):
        act(evening.pk, facilitator, action, {"key": str(uuid.uuid4()), **body})
    tablet, other = make_page(), make_page()
    for page in (tablet, other):
        come_in(page, facilitator)
        page.goto(reverse("gathering-room", args=[evening.pk]))
        page.get_by_role("button", name="Asistencia").click()
        page.get_by_text("Por grupos, solo si la sala quiere decirlo").click()
    tablet.get_by_label("Mujeres").fill("7")
    tablet.get_by_label("Hombres").fill("5")
    tablet.get_by_role("button", name="Anotar los grupos").click()
    expect(tablet.get_by_text("Anotado.")).to_be_visible()
    shot(tablet, "grupos")
    expect(other.get_by_label("Mujeres")).to_have_value("7")
    tablet.get_by_label("Hombres").fill("13")
    tablet.get_by_role("button", name="Anotar los grupos").click()
    expect(tablet.get_by_text("suma más personas de las que vinieron")).to_be_visible()
    evening.refresh_from_db()
    assert evening.groups == {"women": 7, "men": 5}
