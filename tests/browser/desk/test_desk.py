"""The manager's way at the desk and the cabinet's way to it, by keyboard and pointer, in Chromium."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.gis.geos import Point
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from accounts.models import User
from handovers.life import answers
from handovers.life.delivery import hand_over
from handovers.models import HandoverItem, ResponseTemplate
from issues.life.lifecycle import Change, move
from issues.models import Issue
from issues.workflow import Status
from rankings.publishing import publish
from tests.browser.conftest import DESK, PHONE, PROJECTOR

pytestmark = pytest.mark.django_db(transaction=True)
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LEVELS = {"severity": 2, "reach": 2, "duration": 1, "vulnerability": 1}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def listed(make_issue, cabinet, manager):
    """Six problems, two in each neighbourhood, validated, listed and handed over."""
    for number, name in enumerate(("uno", "dos", "tres", "cuatro", "cinco", "seis")):
        code = number % 3 + 1
        place = Point(-70.79 + 0.02 * (code - 1) + number / 2000, -33.51, srid=4326)
        made = make_issue(code, title=f"Hoyo número {name}", location=place, **LEVELS)
        move(made, Change(to=Status.VALIDATED), actor=None, office="Reunión barrial")
    hand_over(publish("gestion", actor=cabinet), cabinet)
    return list(HandoverItem.objects.order_by("place"))


def assert_accessible(page) -> None:
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()


def picture() -> dict:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "green").save(out, "JPEG")
    return {"name": "despues.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_the_managers_way_from_the_list_to_the_evidence(make_page, sign_in, listed, manager):
    page = make_page(DESK)
    sign_in(page, manager.username)
    expect(page.get_by_role("heading", name="Escritorio de gestión")).to_be_visible()
    expect(page.locator(".desk-table tbody tr")).to_have_count(6)
    page.locator("#filters summary").first.click()
    page.get_by_text("Barrio", exact=True).first.click()
    expect(page.locator('[data-facet="territory:1"]')).to_have_text("2")
    page.get_by_label("Norte").check()
    page.get_by_role("button", name="Filtrar").click()
    page.wait_for_url("**territory=1**")
    expect(page.locator(".desk-table tbody tr")).to_have_count(2)
    page.locator(".desk-table tbody th a").first.click()
    expect(page.get_by_text("Por qué está en este lugar")).to_be_visible()
    page.locator("#action-acknowledge").get_by_role("button", name="Dar acuse de recibo").click()
    expect(page.get_by_text("Acuse de recibo dado.")).to_be_visible()
    day = (timezone.localdate() + dt.timedelta(days=10)).isoformat()
    page.locator("#action-accept").get_by_label("Fecha comprometida").fill(day)
    page.locator("#action-accept").get_by_role("button", name="Comprometer una fecha").click()
    page.locator("#action-start").get_by_role("button", name="Empezar el trabajo").click()
    done = page.locator("#action-done")
    done.get_by_label("Fotos de cómo quedó").set_input_files(picture())
    done.get_by_label("Qué se hizo").fill("Se tapó el hoyo.")
    done.get_by_role("button", name="Informar que está listo").click()
    expect(page.get_by_text("ahora verifica el barrio")).to_be_visible()
    assert Issue.objects.filter(status=Status.REPORTED_DONE).count() == 1


def test_the_desk_works_by_keyboard_alone(make_page, sign_in, listed, manager):
    page = make_page(DESK)
    sign_in(page, manager.username)
    expect(page.locator(".desk-table tbody tr")).to_have_count(6)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".desk-table tbody tr").nth(1).locator("th a")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("#bulk-count")).to_have_text("(1)")
    page.keyboard.press("k")
    expect(page.locator(".desk-table tbody tr").nth(0).locator("th a")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("numero tres")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=numero+tres**")
    expect(page.locator(".desk-table tbody tr")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Hoyo número tres")).to_be_visible()


def test_keys_of_one_letter_can_be_switched_off_for_good(make_page, sign_in, listed, manager):
    page = make_page(DESK)
    sign_in(page, manager.username)
    page.get_by_text("Atajos de teclado").click()
    page.get_by_label("Usar estas teclas en este equipo").uncheck()
    page.reload()
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".desk-table .is-picked")).to_have_count(0)
    page.get_by_text("Atajos de teclado").click()
    page.get_by_label("Usar estas teclas en este equipo").check()
    page.keyboard.press("j")
    expect(page.locator(".desk-table .is-picked")).to_have_count(1)


def test_many_at_once_with_a_preview(make_page, sign_in, listed, manager):
    page = make_page(DESK)
    sign_in(page, manager.username)
    page.locator("#mark-all").check()
    page.get_by_role("button", name="Vista previa").click()
    expect(page.get_by_text("Se hará en 6 problemas.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Dar acuse de recibo").click()
    expect(page.get_by_role("button", name="Hacer ahora, sin esperar")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Hacer ahora, sin esperar").click()
    expect(page.get_by_text("Hecho en 6 problemas.")).to_be_visible()
    assert set(Issue.objects.values_list("status", flat=True)) == {Status.ACKNOWLEDGED}


def test_on_a_phone_the_first_problem_is_on_the_first_screen(make_page, sign_in, listed, manager):
    page = make_page(PHONE, reduced_motion="reduce")
    sign_in(page, manager.username)
    page.goto("/gestion/")
    cards, bar = page.locator(".desk-table tbody tr"), page.locator("#bulk-form")
    assert cards.first.bounding_box()["y"] < PHONE["height"] * 0.65
    expect(bar).not_to_be_in_viewport()
    cards.first.get_by_role("checkbox").check()
    expect(bar.get_by_role("button", name="Vista previa")).to_be_in_viewport()
    cards.nth(4).get_by_role("link").first.focus()
    assert page.evaluate(
        "document.activeElement.getBoundingClientRect().bottom <= "
        "document.getElementById('bulk-form').getBoundingClientRect().top"
    )
    assert_accessible(page)
    bar.get_by_role("button", name="Vista previa").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dar acuse de recibo")


def test_two_people_at_the_same_problem_the_second_is_shown_what_changed(make_page, sign_in, listed, manager):
    mate = User.objects.create(username="colega", role=manager.role, department=manager.department)
    page = make_page(DESK)
    sign_in(page, manager.username)
    page.goto(f"/gestion/{listed[0].issue.reference}/")
    answers.acknowledge(HandoverItem.objects.get(pk=listed[0].pk), mate)
    page.locator("#action-acknowledge").get_by_role("button", name="Dar acuse de recibo").click()
    expect(page.get_by_role("alert")).to_contain_text("Mientras mirabas, cambió")
    expect(page.get_by_role("alert")).to_contain_text("con acuse")


def test_a_template_fills_the_text_and_stays_open_to_changes(make_page, sign_in, listed, manager):
    ResponseTemplate.objects.create(name="Visita", text="Iremos a {barrio} por {folio}.")
    page = make_page(DESK)
    sign_in(page, manager.username)
    page.goto(f"/gestion/{listed[0].issue.reference}/")
    note = page.locator("#action-note")
    note.locator("summary").click()
    note.get_by_label("Plantilla de respuesta").select_option(label="Visita")
    expect(note.get_by_label("Avance para el barrio")).to_have_value(
        re.compile(rf"Iremos a \w+ por {listed[0].issue.reference}\.")
    )


@pytest.mark.parametrize("viewport", [DESK, PHONE, PROJECTOR], ids=["desk", "phone", "projector"])
def test_every_page_of_the_office_is_accessible_and_fits(make_page, sign_in, listed, cabinet, viewport):
    page = make_page(viewport)
    sign_in(page, cabinet.username)
    reference = listed[0].issue.reference
    for path in (
        "/gestion/?stage=desk", f"/gestion/{reference}/", "/gestion/hoy/", "/alcaldia/",
        "/alcaldia/pantalla/", "/alcaldia/listas/gestion/", "/alcaldia/entregas/1/", "/verificar/",
    ):  # fmt: skip
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert_accessible(page)
