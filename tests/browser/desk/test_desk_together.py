"""Two people at one desk: the second is shown what the first changed; and a long file with its count."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from core.jobs import Queue
from handovers.life.delivery import hand_over
from handovers.models import HandoverItem
from issues.life.lifecycle import Change, move
from issues.models import Issue
from issues.workflow import Status
from rankings.publishing import publish
from tests.browser.conftest import DESK, PHONE
from tests.workers import a_worker

pytestmark = pytest.mark.django_db(transaction=True)
LEVELS = {"severity": 2, "reach": 2, "duration": 1, "vulnerability": 1}


@pytest.fixture
def listed(make_issue, cabinet, manager):
    """Three problems of Operaciones, handed over."""
    for code in (1, 2, 3):
        place = Point(-70.79 + 0.02 * (code - 1), -33.51, srid=4326)
        made = make_issue(code, title=f"Hoyo {code}", location=place, **LEVELS)
        move(made, Change(to=Status.VALIDATED), actor=None, office="Reunión barrial")
    hand_over(publish("gestion", actor=cabinet), cabinet)
    return list(HandoverItem.objects.order_by("place"))


@pytest.fixture
def two(make_page, sign_in, manager, streets, listed) -> tuple[Page, Page]:
    """The desks of two people of Operaciones."""
    User.objects.create_user(
        "colega", "c@example.cl", "clave-de-prueba", role=Role.MANAGER, department=streets
    )
    first, second = make_page(DESK), make_page(PHONE)
    sign_in(first, manager.username)
    sign_in(second, "colega")
    return first, second


def test_the_second_to_send_one_problem_is_shown_what_changed_and_keeps_what_was_typed(two, listed):
    address = f"/gestion/{listed[0].issue.reference}/"
    for page in two:
        page.goto(address)
    first, second = two
    first.locator("#action-acknowledge").get_by_role("button", name="Dar acuse de recibo").click()
    expect(first.get_by_text("Acuse de recibo dado.")).to_be_visible()
    second.locator("#action-refuse summary").click()
    refusal = second.locator("#action-refuse")
    refusal.get_by_label("Motivo").select_option("no_budget")
    refusal.get_by_label("Respuesta para el barrio").fill("No alcanza este año.")
    refusal.get_by_role("button", name="Responder que no se hará").click()
    notice = second.locator("#refusal")
    expect(notice).to_contain_text("Mientras mirabas, cambió.")
    expect(notice).to_contain_text("Operaciones")
    expect(notice).to_contain_text("con acuse")
    expect(second.locator("#action-refuse").get_by_label("Respuesta para el barrio")).to_have_value(
        "No alcanza este año."
    )
    assert Issue.objects.get(pk=listed[0].issue_id).status == Status.ACKNOWLEDGED
    second.locator("#action-refuse").get_by_role("button", name="Responder que no se hará").click()
    expect(second.get_by_text("Respuesta publicada.")).to_be_visible()


def test_the_second_to_send_many_is_shown_which_changed(two, listed):
    first, second = two
    for page in two:
        page.goto("/gestion/?stage=desk")
        page.get_by_label("o con los 3 filtrados").check()
        page.locator("#bulk-action").select_option("assign")
        page.get_by_role("button", name="Vista previa").click()
        page.get_by_label("A cargo de").select_option("colega")
    first.get_by_role("button", name="Poner a cargo").click()
    expect(first.get_by_text("Hecho en 3 problemas.")).to_be_visible()
    second.get_by_role("button", name="Poner a cargo").click()
    expect(second.get_by_text("Hecho en 0 problemas.")).to_be_visible()
    expect(second.get_by_text("Operaciones lo cambió mientras tanto (corrección,")).to_have_count(3)
    first.get_by_role("button", name="Deshacer").click()
    expect(first.get_by_text("Deshecho en 3 problemas.")).to_be_visible()
    assert set(HandoverItem.objects.values_list("assigned_to", flat=True)) == {None}


def test_what_waits_is_undone_before_it_leaves(two, listed):
    page, _other = two
    page.goto("/gestion/?stage=desk")
    page.get_by_label("o con los 3 filtrados").check()
    page.get_by_role("button", name="Vista previa").click()
    page.get_by_role("button", name="Dar acuse de recibo").click()
    expect(page.get_by_text("3 problemas esperan: salen a las")).to_be_visible()
    page.get_by_role("button", name="Deshacer").click()
    expect(page.get_by_text("Deshecho en 3 problemas.")).to_be_visible()
    assert set(Issue.objects.values_list("status", flat=True)) == {Status.HANDED_OVER}


def test_a_long_file_is_watched_and_fetched(two, listed, settings, tmp_path):
    settings.EXPORT_AT_ONCE, settings.EXPORTS_ROOT = 2, str(tmp_path)
    page, _other = two
    page.goto("/gestion/?stage=desk")
    page.get_by_role("navigation", name="Descargar lo filtrado").get_by_role("link", name="XLSX").click()
    page.get_by_role("button", name="Preparar el archivo").click()
    expect(page.get_by_text("de 3")).to_be_visible()
    with a_worker(Queue.LONG, EXPORTS_ROOT=settings.EXPORTS_ROOT):
        expect(page.get_by_text("3 de 3")).to_be_visible(timeout=60_000)
        with page.expect_download() as download:
            page.get_by_role("link", name="Bajar").click()
        assert download.value.suggested_filename.endswith(".xlsx")


def test_the_whole_way_of_today_fits_on_the_sheet(two, listed):
    page, _other = two
    page.goto("/gestion/?stage=desk")
    page.locator("#mark-all").check()
    page.get_by_role("button", name="a mi lista de hoy").click()
    expect(page.locator("#way-map .leaflet-marker-icon")).to_have_count(3)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    sheet = page.locator("#way-map").bounding_box()
    for stop in page.locator("#way-map .leaflet-marker-icon").all():
        box = stop.bounding_box()
        assert sheet["x"] <= box["x"]
        assert box["x"] + box["width"] <= sheet["x"] + sheet["width"]
        assert sheet["y"] <= box["y"]
        assert box["y"] + box["height"] <= sheet["y"] + sheet["height"]
    expect(page.locator(".job-sheet__done").first).to_be_visible()
