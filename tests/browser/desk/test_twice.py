"""A double click and a second tab, on the two forms that matter most: publishing, and an answer."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import expect

from handovers.life.delivery import hand_over
from handovers.models import HandoverItem
from issues.life.lifecycle import Change, move
from issues.models import HistoryEntry, Issue
from issues.workflow import Status
from rankings.asking import NOBODY
from rankings.models import RankedList
from rankings.publishing import propose_move, publish
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
LEVELS = {"severity": 2, "reach": 2, "duration": 1, "vulnerability": 1}
PREVIEW = "/alcaldia/listas/gestion/"


@pytest.fixture
def validated(make_issue) -> list[Issue]:
    """Three problems that their gatherings validated."""
    made = []
    for code in (1, 2, 3):
        place = Point(-70.79 + 0.02 * (code - 1), -33.51, srid=4326)
        issue = make_issue(code, title=f"Hoyo {code}", location=place, **LEVELS)
        made.append(move(issue, Change(to=Status.VALIDATED), actor=None, office="Reunión barrial"))
    return made


@pytest.fixture
def answering(validated, cabinet, manager) -> HandoverItem:
    """One of them, on the desk of Operaciones with its receipt due."""
    hand_over(publish("gestion", actor=cabinet), cabinet)
    return HandoverItem.objects.order_by("place").first()


def test_a_double_click_publishes_one_list(make_page, sign_in, cabinet, validated):
    page = make_page(DESK)
    sign_in(page, cabinet.username)
    page.goto(PREVIEW)
    page.get_by_label("Revisé la lista").check()
    page.get_by_role("button", name="Publicar la lista").dblclick()
    expect(page.get_by_role("heading", name="Entrega de la lista 1")).to_be_visible()
    assert RankedList.objects.count() == 1


def test_the_second_tab_is_led_to_the_list_that_the_first_published(make_page, sign_in, cabinet, validated):
    first = make_page(DESK)
    sign_in(first, cabinet.username)
    second = first.context.new_page()
    for page in (first, second):
        page.goto(PREVIEW)
        page.get_by_label("Revisé la lista").check()
    first.get_by_role("button", name="Publicar la lista").click()
    expect(first.get_by_text("Lista 1 publicada.")).to_be_visible()
    second.get_by_role("button", name="Publicar la lista").click()
    expect(second.get_by_role("heading", name="Entrega de la lista 1")).to_be_visible()
    expect(second.get_by_text("Alcaldía ya publicó la lista 1")).to_be_visible()
    assert RankedList.objects.count() == 1


def test_who_publishes_after_a_move_is_told_of_it_and_may_go_on(make_page, sign_in, cabinet, validated):
    page = make_page(PHONE)
    sign_in(page, cabinet.username)
    page.goto(PREVIEW)
    page.get_by_label("Revisé la lista").check()
    propose_move(validated[2], 1, "Lo pidió la escuela del barrio.", asked=NOBODY, actor=cabinet)
    page.get_by_role("button", name="Publicar la lista").click()
    notice = page.get_by_role("main")
    expect(notice).to_contain_text("Mientras mirabas, esto cambió.")
    expect(notice).to_contain_text(f"{validated[2].reference} → 1")
    expect(notice).to_contain_text("Alcaldía")
    assert RankedList.objects.count() == 0
    page.get_by_role("button", name="Enviarlo igual").click()
    expect(page.get_by_text("Lista 1 publicada.")).to_be_visible()
    assert RankedList.objects.count() == 1


def test_a_double_click_answers_once(make_page, sign_in, manager, answering):
    page = make_page(DESK)
    sign_in(page, manager.username)
    page.goto(f"/gestion/{answering.issue.reference}/")
    page.locator("#action-note summary").click()
    note = page.locator("#action-note")
    note.get_by_label("Avance para el barrio").fill("Mañana va la cuadrilla.")
    note.get_by_role("button", name="Contar un avance").dblclick()
    expect(page.get_by_text("Avance guardado.")).to_be_visible()
    assert HistoryEntry.objects.filter(public_text="Mañana va la cuadrilla.").count() == 1


def test_a_second_tab_is_told_who_answered_and_keeps_its_text(make_page, sign_in, manager, answering):
    first = make_page(DESK)
    sign_in(first, manager.username)
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"/gestion/{answering.issue.reference}/")
    first.locator("#action-acknowledge").get_by_role("button", name="Dar acuse de recibo").click()
    expect(first.get_by_text("Acuse de recibo dado.")).to_be_visible()
    second.locator("#action-note summary").click()
    second.locator("#action-note").get_by_label("Avance para el barrio").fill("Lo escribí en la otra.")
    second.locator("#action-note").get_by_role("button", name="Contar un avance").click()
    expect(second.locator("#refusal")).to_contain_text("Operaciones")
    expect(second.locator("#action-note").get_by_label("Avance para el barrio")).to_have_value(
        "Lo escribí en la otra."
    )
    second.locator("#action-note").get_by_role("button", name="Contar un avance").click()
    expect(second.get_by_text("Avance guardado.")).to_be_visible()
    assert HistoryEntry.objects.filter(public_text="Lo escribí en la otra.").count() == 1
