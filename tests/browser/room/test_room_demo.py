"""The guided demonstration: the same screens, an invented room, no request that stores anything."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from gatherings import tokens
from gatherings.models import Gathering, RoomAction
from tests.browser.conftest import PROJECTOR
from tests.browser.room.test_room_count import shot  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

COUNTS = [
    ([(14, 8), (13, 8), (11, 7), (8, 6), (8, 5), (5, 3)], 12, (5, 2)),
    ([(25, 12)], 12, (5, 2)),
    ([(5, 2)], 12, (5, 2)),
    ([(3, 4)], 12, (5, 2)),
    ([(20, 13)], 12, (5, 2)),
    ([(24, 12), (24, 12), (13, 12)], 12, (5, 2)),
    ([(-1, 0)], 12, (5, 2)),
    ([(1, -1)], 12, (5, 2)),
    ([(0, 1)], 12, (5, 2)),
    ([(2, 0)], 12, (3, 1)),
    ([(6, 6), (6, 6), (6, 6), (1, 1)], 6, (3, 1)),
    ([(0, 0), (6, 6)], 6, (3, 1)),
]


def by_the_rules(counts, voters, rules) -> str:
    """What gatherings.tokens says: the kind of the refusal, or the order."""
    items = [tokens.Count(f"M-2026-{n:06d}", given, people) for n, (given, people) in enumerate(counts)]
    try:
        tokens.check_count(items, voters, tokens.Rules(*rules))
    except tokens.ImpossibleCount as error:
        return error.kind
    return " ".join(count.reference for count in tokens.ranked(items))


BY_THE_SCREEN = """async ([counts, voters, [each, cap]]) => {
  const rules = await import("/static/js/data/room/rules.js");
  const items = counts.map(([tokens, people], n) => (
    { reference: `M-2026-${String(n).padStart(6, "0")}`, title: "x", tokens, people, index: 0 }));
  try {
    rules.checkCount(items, voters, { each, cap });
  } catch (error) {
    return error.kind;
  }
  return rules.ranked(items).map(({ reference }) => reference).join(" ");
}"""


def test_the_screen_counts_by_the_same_rules_as_the_server(page, town):
    page.goto(reverse("gathering-demo"))
    for counts, voters, rules in COUNTS:
        assert page.evaluate(BY_THE_SCREEN, [counts, voters, rules]) == by_the_rules(counts, voters, rules)


def test_the_guide_leads_through_a_whole_gathering_without_storing_anything(make_page, town, shot):  # noqa: F811
    tablet = make_page()
    wall = tablet.context.new_page()
    wall.set_viewport_size(PROJECTOR)
    sent = []
    for each in (tablet, wall):
        each.on("request", lambda request: sent.append(request.method))
    tablet.goto(reverse("gathering-demo"))
    wall.goto(reverse("gathering-demo") + "?vista=proyector")
    expect(tablet.get_by_text("1. Abre")).to_be_visible()
    tablet.get_by_role("button", name="Abrir la reunión").click()
    expect(tablet.get_by_text("2. Lo prometido antes")).to_be_visible()
    expect(wall.get_by_text("Banca quebrada en la plaza")).to_be_visible()
    tablet.get_by_role("button", name="Falta algo").click()
    tablet.get_by_label("Motivo").fill("Falta una tabla")
    tablet.get_by_role("button", name="Sí", exact=True).click()
    expect(tablet.get_by_text("3. Ve a «Asistencia»")).to_be_visible()
    tablet.get_by_role("button", name="Asistencia").click()
    tablet.get_by_label("Personas sin organización").fill("6")
    tablet.locator('[data-form="alone"]').get_by_role("button", name="Anotar").click()
    expect(tablet.get_by_text("4. Ve a «Mapa»")).to_be_visible()
    tablet.get_by_role("button", name="Mapa", exact=True).click()
    put_on_map(tablet, "Grifo sin tapa", "Vereda")
    expect(wall.get_by_text("Grifo sin tapa")).to_be_visible()
    expect(tablet.get_by_text("5. Dos parecen el mismo")).to_be_visible()
    tablet.get_by_role("button", name="Sí, juntar").click()
    expect(
        wall.get_by_text("Juntamos «Bache grande frente al negocio» con «Hoyo profundo en la esquina»")
    ).to_be_visible()
    expect(tablet.get_by_text("6. Ve a «Papeleta»")).to_be_visible()
    shot(tablet, "demostracion-mapa")
    tablet.get_by_role("button", name="Papeleta").click()
    for _n in range(3):
        tablet.locator('[data-list="candidates"]').get_by_role("button", name="Agregar").first.click()
    expect(wall.get_by_text("3 de 12 problemas")).to_be_visible()
    tablet.get_by_role("button", name="Empezar la votación").click()
    tablet.get_by_role("button", name="Sí").click()
    rows = tablet.locator("form.count")
    for n, (given, people) in enumerate([(40, 6), (6, 6), (5, 5)]):
        type_total(rows.nth(n), given, people)
    expect(tablet.get_by_text("con el tope por persona caben 6")).to_be_visible()
    shot(tablet, "demostracion")
    type_total(rows.nth(0), 4, 4)
    expect(tablet.get_by_text("9. Escribe cualquier código")).to_be_visible()
    tablet.get_by_label("Código de conteo").fill("CUALQUIERA")
    tablet.get_by_label("Nombre de quien cuenta").fill("Rosa")
    tablet.get_by_role("button", name="Pasar la tablet").click()
    expect(tablet.get_by_role("button", name="Devolver la tablet")).to_be_visible()
    for n, (given, people) in enumerate([(4, 4), (6, 6), (5, 5)]):
        type_total(rows.nth(n), given, people)
    tablet.get_by_role("button", name="Devolver la tablet").click()
    tablet.get_by_role("button", name="Comparar los dos conteos").click()
    expect(tablet.get_by_text("10. Anota a los dos testigos")).to_be_visible()
    tablet.get_by_label("Primer testigo").fill("Junta")
    tablet.get_by_label("Segundo testigo").fill("vecina")
    tablet.get_by_role("button", name="Anotar testigos").click()
    tablet.get_by_role("button", name="Cerrar el conteo").click()
    tablet.get_by_role("button", name="Sí").click()
    expect(wall.get_by_text("6 fichas, 6 personas")).to_be_visible()
    tablet.get_by_role("button", name="Acuerdos").click()
    tablet.get_by_label("En palabras de la sala").fill("Limpiar")
    tablet.get_by_label("Quién responde").fill("DAOGA")
    tablet.get_by_label("Para el (acuerdos)").fill("2026-12-24")
    tablet.locator('[data-form="note"]').get_by_role("button", name="Anotar").click()
    expect(tablet.get_by_text("Listo: ya sabes llevar una reunión")).to_be_visible()
    assert set(sent) == {"GET"}
    assert not Gathering.objects.exists()
    assert not RoomAction.objects.exists()


def put_on_map(tablet, title: str, category: str) -> None:
    """A refusal for each thing that lacks, then the problem."""
    form = tablet.locator('[data-form="map"]')
    put = form.get_by_role("button", name="Poner en el mapa")
    put.click()
    expect(tablet.get_by_text("Toca primero el mapa")).to_be_visible()
    tablet.locator("#room-map").click(position={"x": 60, "y": 120})
    put.click()
    expect(tablet.get_by_text("Escribe en una línea cuál")).to_be_visible()
    tablet.get_by_label("Qué pasa, en una línea").fill(title)
    put.click()
    expect(tablet.get_by_text("Elige la categoría del problema")).to_be_visible()
    tablet.get_by_label("Categoría").select_option(label=category)
    put.click()


def type_total(row, given: int, people: int) -> None:
    row.get_by_label("Fichas").fill(str(given))
    row.get_by_label("Personas").fill(str(people))
    row.get_by_role("button", name="Anotar").click()
