"""A gathering conducted on a tablet, with the projector open next to it."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role, User
from gatherings.models import Gathering, Organisation
from gatherings.room.acts import act
from gatherings.room.counters import give_code
from issues.models import Issue
from tests.browser.conftest import PROJECTOR

pytestmark = pytest.mark.django_db(transaction=True)

TITLES = [
    "Hoyo en la esquina",
    "Luminaria apagada",
    "Microbasural",
    "Vereda rota",
    "Árbol seco",
    "Semáforo malo",
    "Grifo sin tapa",
]


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def shot():
    """Looks at a page: no accessibility violation in this state; the picture is kept where PICTURES says."""

    def take(page, name: str) -> None:
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}.png")

    return take


@pytest.fixture
def evening(norte, facilitator, make_issue) -> Gathering:
    """Tonight's gathering of Norte, with seven problems waiting and one association known."""
    for level, title in enumerate(TITLES):
        make_issue(title=title, severity=2, reach=2 - level // 3, duration=1, vulnerability=0)
    Organisation.objects.create(name="Junta de Vecinos N.º 4", kind="junta de vecinos", territory_code=1)
    starts = timezone.now()
    return Gathering.objects.create(
        number=1,
        territory=norte,
        place="Sede vecinal",
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2),
        facilitator=facilitator,
    )


@pytest.fixture
def come_in(client, live_server):
    """Gives a page the session of a person, without the form (which has its own test)."""

    def enter(page, person) -> None:
        # A session of its own: the one before stays open.
        client.cookies.clear()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return enter


@pytest.fixture
def tablet(make_page, come_in, evening):
    page = make_page(has_touch=True)
    come_in(page, evening.facilitator)
    page.goto(f"/reuniones/{evening.pk}/sala/")
    return page


@pytest.fixture
def wall(make_page, evening):
    page = make_page(PROJECTOR)
    page.goto(f"/reuniones/{evening.pk}/sala/?vista=proyector")
    return page


def open_and_form(tablet) -> None:
    tablet.get_by_role("button", name="Abrir la reunión").click()
    tablet.get_by_label("Personas sin organización").fill("10")
    tablet.locator('[data-form="alone"]').get_by_role("button", name="Anotar").click()
    expect(tablet.get_by_text("10 personas, votan 10")).to_be_visible()
    tablet.get_by_label("Organización", exact=True).fill("Junta de Vecinos N.º 4")
    tablet.get_by_label("Cuántas personas").fill("3")
    tablet.locator('[data-form="organisation"]').get_by_role("button", name="Anotar").click()
    expect(tablet.get_by_text("13 personas, votan 12")).to_be_visible()
    tablet.get_by_role("button", name="Papeleta").click()
    for title in TITLES:
        tablet.get_by_role("button", name=f"Agregar {title}").click()
        expect(tablet.get_by_role("button", name=f"Quitar {title}")).to_be_visible()
    expect(tablet.get_by_text("7 de 12 problemas")).to_be_visible()


def start(tablet) -> None:
    tablet.get_by_role("button", name="Empezar la votación").click()
    tablet.get_by_role("button", name="Sí").click()
    expect(tablet.get_by_text("Votan 12: 5 fichas cada persona")).to_be_visible()


def type_total(tablet, title: str, tokens: object, people: object) -> None:
    row = tablet.locator(".count", has=tablet.get_by_role("heading", name=title))
    row.get_by_label("Fichas").fill(str(tokens))
    row.get_by_label("Personas").fill(str(people))
    row.get_by_role("button", name="Anotar").click()


def count_again(tablet, evening, figures) -> None:
    """A witness of the association takes the same tablet, types it all once more, and gives it back."""
    hand_over(tablet, evening)
    for title, tokens, people in figures:
        type_total(tablet, title, tokens, people)
    expect(tablet.get_by_text(f"{len(figures)} de {len(figures)} totales anotados")).to_be_visible()
    tablet.get_by_role("button", name="Devolver la tablet").click()
    compare(tablet)


def hand_over(tablet, evening) -> None:
    office, _made = User.objects.get_or_create(username="oficina", role=Role.CABINET)
    tablet.get_by_label("Código de conteo").fill(give_code(Organisation.objects.get(), office))
    tablet.get_by_label("Nombre de quien cuenta").fill("Rosa Quintana")
    tablet.get_by_role("button", name="Pasar la tablet").click()
    expect(tablet.get_by_text("Segundo conteo: Junta de Vecinos N.º 4")).to_be_visible()


def compare(tablet) -> None:
    tablet.get_by_role("button", name="Comparar los dos conteos").click()
    expect(tablet.get_by_text("Los dos conteos dicen lo mismo")).to_be_visible()


def test_a_slip_of_the_second_count_is_shown_and_typed_again(tablet, evening, shot):
    open_and_form(tablet)
    start(tablet)
    figures = list(zip(TITLES, (14, 13, 11, 8, 8, 5, 0), (8, 8, 7, 5, 6, 3, 0), strict=True))
    for figure in figures:
        type_total(tablet, *figure)
    expect(tablet.get_by_text("7 de 7 totales anotados")).to_be_visible()
    hand_over(tablet, evening)
    expect(tablet.get_by_text("0 de 7 totales anotados")).to_be_visible()
    typed = tablet.locator("form.count input")
    assert {field.input_value() for field in typed.all()} == {""}
    assert "14" not in tablet.locator('section[data-panel="vote"]').inner_text().split()
    shot(tablet, "sala-segundo-conteo")
    for title, tokens, people in figures:
        type_total(tablet, title, tokens - (tokens == 14), people)
    expect(tablet.get_by_text("7 de 7 totales anotados")).to_be_visible()
    tablet.get_by_role("button", name="Comparar los dos conteos").click()
    expect(
        tablet.get_by_text("Primer conteo: 14 fichas, 8 personas. Segundo conteo: 13 fichas")
    ).to_be_visible()
    shot(tablet, "sala-diferencias")
    type_total(tablet, TITLES[0], 14, 8)
    expect(tablet.get_by_text("Los dos conteos dicen lo mismo")).to_be_visible()
    tablet.get_by_role("button", name="Devolver la tablet").click()
    first = tablet.locator(".count", has=tablet.get_by_role("heading", name=TITLES[0]))
    expect(first.get_by_label("Fichas")).to_have_value("14")
    expect(tablet.get_by_text("El segundo conteo lo hace: Junta de Vecinos N.º 4")).to_be_visible()


def test_a_colleague_counts_again_on_a_second_tablet_and_both_annul(tablet, make_page, come_in, evening):
    open_and_form(tablet)
    start(tablet)
    type_total(tablet, TITLES[0], 14, 8)
    colleague = User.objects.create_user("colega", role=Role.FACILITATOR, territory_codes=[3])
    other = make_page()
    come_in(other, colleague)
    other.goto(f"/reuniones/{evening.pk}/sala/")
    other.get_by_role("button", name="Hacer el segundo conteo").click()
    expect(other.get_by_text("0 de 7 totales anotados")).to_be_visible()
    tablet.get_by_role("button", name="Anular la votación").click()
    tablet.get_by_label("Motivo").fill("se cayó la urna")
    tablet.get_by_role("button", name="Sí").click()
    expect(other.get_by_text("Pidieron anular la votación: «se cayó la urna»")).to_be_visible()
    other.get_by_role("button", name="También pido anular").click()
    expect(tablet.get_by_role("heading", name="La papeleta")).to_be_visible()


def test_what_somebody_else_noted_is_told_and_what_was_typed_stays(tablet, evening):
    # From the start, so that no question under way brings the other's note; nor does the answer to the step.
    tablet.route("**/estado.json*", lambda route: route.fulfill(status=204))
    open_and_form(tablet)
    with tablet.expect_response(lambda answer: answer.request.method == "POST"):
        tablet.get_by_role("button", name="Asistencia").click()
    body = {"key": str(uuid.uuid4()), "organisation": None, "people": 11, "voters": None, "before": 10}
    act(evening.pk, evening.facilitator, "attendance", body)
    tablet.get_by_label("Personas sin organización").fill("12")
    tablet.locator('[data-form="alone"]').get_by_role("button", name="Anotar").click()
    expect(tablet.get_by_text("Otra persona anotó 11")).to_be_visible()
    expect(tablet.get_by_label("Personas sin organización")).to_have_value("12")


def test_a_gathering_from_the_first_chair_to_the_result_on_the_wall(tablet, wall, evening, shot):
    shot(tablet, "sala-programada")
    open_and_form(tablet)
    expect(wall.get_by_role("heading", name="La papeleta")).to_be_visible()
    shot(tablet, "sala-papeleta")
    shot(wall, "proyector-papeleta")
    start(tablet)
    expect(wall.get_by_role("heading", name="A votar")).to_be_visible()
    type_total(tablet, TITLES[0], 40, 12)
    expect(tablet.get_by_text("caben 24")).to_be_visible()
    for title, tokens, people in zip(TITLES, (14, 13, 11, 8, 8, 5, 0), (8, 8, 7, 5, 6, 3, 0), strict=True):
        type_total(tablet, title, tokens, people)
    expect(tablet.get_by_text("7 de 7 totales anotados, 59 de 60 fichas")).to_be_visible()
    shot(tablet, "sala-votacion")
    shot(wall, "proyector-votacion")
    assert "14" not in wall.locator('section[data-panel="vote"]').inner_text().split()
    tablet.get_by_label("Primer testigo").fill("Junta de Vecinos N.º 4")
    tablet.get_by_label("Segundo testigo").fill("vecina")
    tablet.get_by_role("button", name="Anotar testigos").click()
    count_again(
        tablet, evening, list(zip(TITLES, (14, 13, 11, 8, 8, 5, 0), (8, 8, 7, 5, 6, 3, 0), strict=True))
    )
    tablet.get_by_role("button", name="Cerrar el conteo").click()
    tablet.get_by_role("button", name="Sí").click()
    expect(wall.get_by_text("14 fichas, 8 personas")).to_be_visible()
    expect(wall.locator(".room-mark--place")).to_have_text(["1 · 2 +5"])  # all on one spot
    places = wall.locator('section[data-panel="result"] .place strong').all_inner_texts()
    assert places == [TITLES[n] for n in (0, 1, 2, 4, 3, 5, 6)]
    shot(tablet, "sala-resultado")
    shot(wall, "proyector-resultado")
    assert set(Issue.objects.values_list("status", flat=True)) == {"validated"}


def test_a_reload_and_a_lost_connection_lose_nothing(tablet, wall):
    open_and_form(tablet)
    start(tablet)
    tablet.context.set_offline(True)
    type_total(tablet, TITLES[0], 14, 8)
    expect(tablet.get_by_text("Sin conexión: se guardará solo")).to_be_visible()
    tablet.context.set_offline(False)
    expect(tablet.get_by_text("1 de 7 totales anotados")).to_be_visible()
    tablet.context.set_offline(True)
    type_total(tablet, TITLES[1], 13, 8)
    expect(tablet.get_by_text("Sin conexión: se guardará solo")).to_be_visible()
    tablet.context.set_offline(False)
    tablet.reload()
    expect(tablet.get_by_text("2 de 7 totales anotados")).to_be_visible()
    wall.reload()
    expect(wall.get_by_role("heading", name="A votar")).to_be_visible()


def test_two_tablets_at_once_see_each_other_and_never_overwrite(tablet, make_page, come_in, evening):
    open_and_form(tablet)
    start(tablet)
    other = make_page()
    come_in(other, evening.facilitator)
    other.goto(f"/reuniones/{evening.pk}/sala/")
    type_total(tablet, TITLES[0], 14, 8)
    expect(other.get_by_text("1 de 7 totales anotados")).to_be_visible()
    expect(
        other.locator(".count", has=other.get_by_role("heading", name=TITLES[0])).get_by_label("Fichas")
    ).to_have_value("14")


def test_two_tablets_that_start_and_close_at_once_are_told_nothing_odd(
    tablet, make_page, come_in, evening, wall
):
    open_and_form(tablet)
    other = make_page()
    come_in(other, evening.facilitator)
    other.goto(f"/reuniones/{evening.pk}/sala/")
    other.get_by_role("button", name="Papeleta").click()
    expect(other.get_by_text("7 de 12 problemas")).to_be_visible()
    at_once(tablet, other, "Empezar la votación")
    for each in (tablet, other):
        expect(each.get_by_text("Votan 12: 5 fichas cada persona")).to_be_visible()
        expect(each.locator("#refusal")).to_be_hidden()
    for title in TITLES:
        type_total(tablet, title, 8, 4)
    expect(other.get_by_text("7 de 7 totales anotados")).to_be_visible()
    tablet.get_by_label("Primer testigo").fill("Junta")
    tablet.get_by_label("Segundo testigo").fill("vecina")
    tablet.get_by_role("button", name="Anotar testigos").click()
    expect(other.get_by_label("Primer testigo")).to_have_value("Junta")
    count_again(tablet, evening, [(title, 8, 4) for title in TITLES])
    at_once(tablet, other, "Cerrar el conteo")
    for each in (tablet, other):
        expect(each.get_by_role("heading", name="El orden que decidió el barrio")).to_be_visible()
        expect(each.locator("#refusal")).to_be_hidden()
        expect(each.get_by_text("Con las mismas fichas y personas va primero")).to_be_visible()
    expect(wall.get_by_text("Con las mismas fichas y personas va primero")).to_be_visible()


def at_once(tablet, other, name):
    """Both ask, both are asked back, both say yes before either has an answer."""
    for each in (tablet, other):
        each.get_by_role("button", name=name).click()
    for each in (tablet, other):
        each.get_by_role("button", name="Sí").dispatch_event("click", {})


def test_a_wish_that_a_reload_left_behind_and_cannot_be_done_any_more_is_told(
    tablet, make_page, come_in, evening
):
    open_and_form(tablet)
    start(tablet)
    tablet.context.set_offline(True)
    type_total(tablet, TITLES[0], 14, 8)
    expect(tablet.get_by_text("Sin conexión: se guardará solo")).to_be_visible()
    colleague = User.objects.create_user("colega", role=Role.FACILITATOR, territory_codes=[1])
    for person, action, body in (
        (colleague, "count", {"side": 2}),
        (colleague, "annul", {"reason": "se cayó la urna"}),
        (evening.facilitator, "annul", {}),
    ):
        act(evening.pk, person, action, {"key": str(uuid.uuid4()), **body})
    tablet.context.set_offline(False)
    tablet.reload()
    expect(tablet.locator("#refusal")).to_contain_text("Los totales se anotan durante una votación")


def test_the_room_works_by_keyboard_alone(tablet):
    tablet.get_by_role("button", name="Abrir la reunión").focus()
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_role("heading", name="Quiénes vinieron")).to_be_focused()
    tablet.get_by_label("Personas sin organización").focus()
    tablet.keyboard.type("4")
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_text("4 personas, votan 4")).to_be_visible()
    tablet.get_by_role("button", name="Papeleta").press("Enter")
    tablet.get_by_role("button", name=f"Agregar {TITLES[0]}").press("Enter")
    tablet.get_by_role("button", name="Empezar la votación").press("Enter")
    tablet.get_by_role("button", name="Sí").press("Enter")
    expect(tablet.get_by_role("heading", name="Votación")).to_be_focused()
    tablet.get_by_label("Fichas").focus()
    tablet.keyboard.type("4")
    tablet.keyboard.press("Tab")
    tablet.keyboard.type("4")
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_text("1 de 1 totales anotados")).to_be_visible()
