"""The counter by keyboard alone, and «Me sumo» pressed twice: in the browser, with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from issues.models import Issue, Origin
from tests.browser.conftest import PHONE
from tests.browser.public.test_telling import assert_accessible, known  # noqa: F401
from tests.maps.conftest import gazetteer  # noqa: F401
from tests.roles import owner

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_call_is_registered_with_the_keyboard(page, known, gazetteer, facilitator, sign_in):  # noqa: F811
    sign_in(page, facilitator.username)
    page.goto("/oficina/nuevo/?origin=telephone")
    expect(page.get_by_role("combobox")).to_be_focused()
    assert_accessible(page)
    page.keyboard.type("vespucio pajaritos")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**lat=**")
    expect(page.get_by_label("Teléfono", exact=True)).to_be_checked()
    expect(page.get_by_label("¿Qué es?")).to_be_focused()
    assert_accessible(page)
    page.keyboard.type("Bache")
    page.keyboard.press("Tab")
    page.keyboard.type("Hoyo que contó por teléfono")
    page.wait_for_function("() => performance.now() > 3200")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Comprobante para imprimir")).to_be_visible()
    assert_accessible(page)
    with owner():
        assert Issue.objects.get(origin=Origin.TELEPHONE).title == "Hoyo que contó por teléfono"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_me_sumo_pressed_twice_counts_once(make_page, known, scripts):  # noqa: F811
    page = make_page(PHONE, java_script_enabled=scripts)
    page.goto(f"/problemas/{known.reference}/")
    page.get_by_role("link", name="Me sumo").click()
    if scripts:
        assert_accessible(page)
    page.get_by_role("button", name="Me sumo").dblclick()
    expect(page.get_by_text("Ya te sumaste.")).to_be_visible()
    with owner():
        assert Issue.objects.get(pk=known.pk).support_count == 1
