"""The room draws itself anew while one taps: no tap is lost, nothing moves under a finger, focus stays."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect

from gatherings.room.acts import act
from issues.models import Issue
from tests.browser.room.test_room_count import TITLES, come_in, evening, tablet  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ballot(tablet):  # noqa: F811
    """The tablet where the ballot is made."""
    tablet.get_by_role("button", name="Abrir la reunión").click()
    expect(tablet.get_by_role("heading", name="Quiénes vinieron")).to_be_focused()
    tablet.get_by_role("button", name="Papeleta").click()
    return tablet


def elsewhere(evening, title: str) -> None:  # noqa: F811
    """The other tablet puts a problem on the ballot."""
    body = {"issue": str(Issue.objects.get(title=title).pk), "key": str(uuid.uuid4())}
    act(evening.pk, evening.facilitator, "ballot-add", body)


def test_a_tap_during_which_the_list_changes_counts(ballot, evening):  # noqa: F811
    button = ballot.get_by_role("button", name=f"Agregar {TITLES[3]}")
    button.hover()
    ballot.mouse.down()
    before = button.bounding_box()
    elsewhere(evening, TITLES[0])
    with ballot.expect_response(lambda answer: "revision" in answer.url and answer.status == 200):
        pass
    assert button.bounding_box() == before
    ballot.mouse.up()
    expect(ballot.get_by_role("button", name=f"Quitar {TITLES[3]}")).to_be_visible()
    expect(ballot.get_by_role("button", name=f"Quitar {TITLES[0]}")).to_be_visible()


def test_the_button_one_is_at_keeps_the_focus_and_stays_the_same(ballot, evening):  # noqa: F811
    button = ballot.get_by_role("button", name=f"Agregar {TITLES[3]}")
    button.focus()
    button.evaluate("(button) => { button.marked = true; }")
    elsewhere(evening, TITLES[0])
    expect(ballot.get_by_role("button", name=f"Quitar {TITLES[0]}")).to_be_visible()
    expect(button).to_be_focused()
    assert button.evaluate("(button) => button.marked")


def test_by_keyboard_one_goes_on_with_the_next(ballot):
    ballot.get_by_role("button", name=f"Agregar {TITLES[0]}").focus()
    order = ballot.locator('[data-list="candidates"] strong, [data-list="candidates"] [data-text="title"]')
    assert order.count()
    for title in TITLES[:3]:
        ballot.get_by_role("button", name=f"Agregar {title}").press("Enter")
        expect(ballot.get_by_role("button", name=f"Quitar {title}")).to_be_visible()
        expect(ballot.locator('[data-list="candidates"] button:focus')).to_have_count(1)
