"""A whole evening: mapping, joining, paper and phones, agreements, the acta."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from gatherings.models import CastBallot, Gathering
from gatherings.room import ballots
from issues.models import Issue
from tests.browser.conftest import PHONE
from tests.browser.room.test_room_count import (  # noqa: F401
    TITLES,
    come_in,
    compare,
    evening,
    hand_over,
    open_and_form,
    shot,
    start,
    tablet,
    wall,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_problem_is_mapped_and_two_are_joined_before_the_vote(tablet, wall, shot):  # noqa: F811
    tablet.get_by_role("button", name="Abrir la reunión").click()
    expect(tablet.get_by_role("heading", name="Quiénes vinieron")).to_be_focused()
    tablet.get_by_role("button", name="Mapa", exact=True).click()
    tablet.get_by_role("button", name="Sí, juntar").first.click()
    expect(wall.get_by_text("Juntamos")).to_be_visible()
    tablet.get_by_label("Qué pasa, en una línea").fill("Poste inclinado")
    tablet.get_by_label("Categoría").select_option("PAV-01")
    tablet.get_by_role("button", name="Poner en el mapa").click()
    expect(tablet.get_by_text("Toca primero el mapa")).to_be_visible()
    box = tablet.locator("#room-map").bounding_box()
    tablet.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 60)
    expect(tablet.get_by_text("Punto marcado")).to_be_visible()
    shot(tablet, "sala-mapa")
    tablet.get_by_role("button", name="Poner en el mapa").click()
    expect(tablet.get_by_label("Qué pasa, en una línea")).to_have_value("")
    assert Issue.objects.get(title="Poste inclinado").origin == "gathering"


def test_paper_ballots_are_typed_one_by_one_and_corrected(tablet, wall, evening, shot):  # noqa: F811
    open_and_form(tablet)
    tablet.get_by_label("Cómo se vota").select_option("ballots")
    start(tablet)
    paper = tablet.locator('[data-form="paper"]')
    for number in range(1, 4):
        expect(tablet.get_by_label("Papeleta N.º")).to_have_value(str(number))
        paper.get_by_label(TITLES[0]).fill("2")
        paper.get_by_label(TITLES[number]).fill("2")
        paper.get_by_role("button", name="Anotar papeleta").click()
    expect(wall.get_by_text("Han votado 3 de 12")).to_be_visible()
    tablet.get_by_role("button", name="N.º 2").click()
    expect(paper.get_by_label(TITLES[2])).to_have_value("2")
    paper.get_by_label(TITLES[2]).fill("3")
    paper.get_by_role("button", name="Anotar papeleta").click()
    expect(tablet.get_by_text("el tope por persona es 2")).to_be_visible()
    shot(tablet, "sala-papeletas")
    hand_over(tablet, evening)
    expect(tablet.get_by_role("button", name="N.º 2")).to_have_count(0)
    for number in range(1, 4):
        expect(tablet.get_by_label("Papeleta N.º")).to_have_value(str(number))
        paper.get_by_label(TITLES[0]).fill("2")
        paper.get_by_label(TITLES[number]).fill("2")
        paper.get_by_role("button", name="Anotar papeleta").click()
    expect(tablet.get_by_role("button", name="N.º 3")).to_be_visible()
    tablet.get_by_role("button", name="Devolver la tablet").click()
    compare(tablet)
    tablet.get_by_label("Primer testigo").fill("Junta")
    tablet.get_by_label("Segundo testigo").fill("vecina")
    tablet.get_by_role("button", name="Anotar testigos").click()
    tablet.get_by_role("button", name="Cerrar el conteo").click()
    tablet.get_by_role("button", name="Sí").click()
    expect(tablet.get_by_text("Se contaron 3 papeletas de 12")).to_be_visible()
    tablet.get_by_label("Motivo").fill("nueve personas se fueron antes")
    tablet.get_by_role("button", name="Sí").click()
    expect(wall.get_by_text("6 fichas, 3 personas")).to_be_visible()
    expect(wall.get_by_text("0 % de las papeletas")).to_be_visible()
    assert Gathering.objects.get().missing_reason == "nueve personas se fueron antes"


def test_two_tablets_that_type_one_number_are_both_told(tablet, make_page, come_in, evening, shot):  # noqa: F811
    open_and_form(tablet)
    tablet.get_by_label("Cómo se vota").select_option("ballots")
    start(tablet)
    other = make_page(has_touch=True)
    come_in(other, evening.facilitator)
    other.goto(f"/reuniones/{evening.pk}/sala/")
    for page, title in ((tablet, TITLES[0]), (other, TITLES[1])):
        paper = page.locator('[data-form="paper"]')
        page.get_by_label("Papeleta N.º").fill("1")
        paper.get_by_label(title).fill("2")
        paper.get_by_role("button", name="Anotar papeleta").click()
        expect(paper.get_by_label(title)).to_have_value("")
    for page in (tablet, other):
        dispute = page.get_by_role("alert").filter(has_text="La papeleta N.º 1 se anotó dos veces")
        expect(dispute).to_contain_text(f"{TITLES[0]}: 2")
        expect(dispute).to_contain_text(f"{TITLES[1]}: 2")
    shot(other, "sala-dos-versiones")
    other.get_by_role("button", name="Son dos papeletas").click()
    for page in (tablet, other):
        expect(page.get_by_role("button", name="N.º 2")).to_be_visible()
        expect(page.get_by_text("se anotó dos veces")).to_have_count(0)
    assert CastBallot.objects.count() == 2


def test_an_evening_far_from_its_day_opens_with_a_reason(tablet, evening):  # noqa: F811
    Gathering.objects.update(starts_at=evening.starts_at - dt.timedelta(days=9))
    tablet.get_by_role("button", name="Abrir la reunión").click()
    expect(tablet.get_by_text("¿Por qué se abre ahora?")).to_be_visible()
    tablet.get_by_label("Motivo").fill("llovió")
    tablet.get_by_role("button", name="Sí").click()
    expect(tablet.get_by_role("heading", name="Quiénes vinieron")).to_be_focused()
    assert Gathering.objects.get().opened_reason == "llovió"


def test_a_phone_votes_with_a_printed_code_and_without_scripts(tablet, wall, make_page, shot):  # noqa: F811
    open_and_form(tablet)
    tablet.get_by_label("Cómo se vota").select_option("phones")
    start(tablet)
    (code,) = ballots.make_codes(Gathering.objects.get(), 1)
    phone = make_page(PHONE, java_script_enabled=False)
    phone.goto(reverse("vote", args=[code]))
    phone.get_by_role("group", name=re.compile(TITLES[0])).get_by_label("2").check()
    phone.get_by_role("button", name="Enviar mi voto").click()
    expect(phone.get_by_text("Recibimos tu voto")).to_be_visible()
    expect(wall.get_by_text("Han votado 1 de 12")).to_be_visible()
    assert CastBallot.objects.count() == 1


def test_agreements_reach_the_wall_and_the_acta(tablet, wall, shot):  # noqa: F811
    open_and_form(tablet)
    tablet.get_by_role("button", name="Acuerdos").click()
    tablet.get_by_label("En palabras de la sala").fill("Limpiar la plaza")
    note = tablet.locator('[data-form="note"]')
    note.get_by_role("button", name="Anotar").click()
    expect(tablet.get_by_text("quién responde y para qué fecha")).to_be_visible()
    tablet.get_by_label("Quién responde").fill("DAOGA")
    tablet.get_by_label("Para el (acuerdos)").fill("2026-12-24")
    note.get_by_role("button", name="Anotar").click()
    expect(wall.get_by_text("Limpiar la plaza")).to_be_visible()
    expect(wall.get_by_text("para el 24-12-2026")).to_be_visible()
    shot(tablet, "sala-acuerdos")
    shot(wall, "proyector-acuerdos")
