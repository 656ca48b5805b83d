"""A whole evening of six problems with tokens, one finger: how often it touches the tablet."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import Role, User
from gatherings.models import Organisation
from gatherings.room.counters import give_code
from tests.browser.room.test_room_count import TITLES, come_in, evening, shot, tablet  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 37
COUNTS = [(6, 6), (5, 5), (4, 4), (3, 3), (2, 2), (1, 1)]


class Finger:
    """Taps, and counts them; what is typed goes where the tablet put the cursor, digits are not counted."""

    def __init__(self, page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, what) -> None:
        what.tap()
        self.taps += 1

    def press(self, name: str, within: str = "body") -> None:
        self.tap(self.page.locator(within).get_by_role("button", name=name))

    def write(self, label: str, text: str, within: str = "body") -> None:
        self.tap(self.page.locator(within).get_by_label(label, exact=True))
        self.page.keyboard.type(text)


def type_counts(finger, tablet) -> None:  # noqa: F811
    """Tokens where the cursor is, people where the finger goes; after «Anotar» the cursor goes on."""
    rows = tablet.locator("form.count")
    finger.tap(rows.first.locator('[name="tokens"]'))
    for place, (tokens, people) in enumerate(COUNTS):
        row = rows.nth(place)
        expect(row.locator('[name="tokens"]')).to_be_focused()
        tablet.keyboard.type(str(tokens))
        finger.tap(row.locator('[name="people"]'))
        tablet.keyboard.type(str(people))
        finger.tap(row.get_by_role("button", name="Anotar"))
    expect(tablet.get_by_text("6 de 6 totales anotados")).to_be_visible()


def test_an_evening_of_six_problems_takes_at_most_forty_taps(tablet, evening):  # noqa: F811
    office = User.objects.create(username="oficina", role=Role.CABINET)
    code = give_code(Organisation.objects.get(), office)
    finger = Finger(tablet)
    finger.press("Abrir la reunión")
    finger.write("Personas sin organización", "10")
    finger.press("Anotar", '[data-form="alone"]')
    expect(tablet.get_by_text("10 personas, votan 10")).to_be_visible()
    finger.write("Organización", "JJ.VV. 4")
    finger.write("Cuántas personas", "2")
    finger.press("Anotar", '[data-form="organisation"]')
    expect(tablet.get_by_text("12 personas, votan 12")).to_be_visible()
    finger.press("Mapa", ".room-steps")
    finger.press("Papeleta", ".room-steps")
    finger.press("Agregar los seis primeros de la lista")
    expect(tablet.get_by_text("6 de 12 problemas")).to_be_visible()
    finger.press("Empezar la votación")
    finger.press("Sí", "dialog[open]")
    expect(tablet.get_by_text("Votan 12: 3 fichas cada persona")).to_be_visible()
    type_counts(finger, tablet)
    finger.write("Código de conteo de la organización", code)
    finger.write("Nombre de quien cuenta (solo para la oficina)", "Rosa Quintana")
    finger.press("Pasar la tablet al segundo conteo")
    expect(tablet.get_by_text("Segundo conteo: Junta de Vecinos N.º 4")).to_be_visible()
    type_counts(Finger(tablet), tablet)
    finger.press("Devolver la tablet al primer conteo")
    expect(tablet.get_by_text("Los dos conteos dicen lo mismo")).to_be_visible()
    finger.write("Primer testigo, por su organización o «vecina»", "Junta de Vecinos N.º 4")
    finger.write("Segundo testigo", "vecina del pasaje")
    finger.press("Cerrar el conteo")
    finger.press("Sí", "dialog[open]")
    expect(tablet.get_by_role("heading", name="El orden que decidió el barrio")).to_be_visible()
    finger.press("Acuerdos", ".room-steps")
    finger.write("En palabras de la sala", "Limpiar la plaza", '[data-form="note"]')
    finger.tap(tablet.get_by_label("Quién responde"))
    tablet.keyboard.type("DAOGA")
    finger.tap(tablet.get_by_label("Para el (acuerdos)"))
    tablet.get_by_label("Para el (acuerdos)").fill("2026-12-24")
    finger.press("Anotar", '[data-form="note"]')
    expect(tablet.locator('[data-list="minutes"] strong').get_by_text("Limpiar la plaza")).to_be_visible()
    evening.refresh_from_db()
    assert evening.is_closed
    assert evening.witnesses == ["Junta de Vecinos N.º 4", "vecina del pasaje"]
    assert finger.taps <= MOST, finger.taps
