"""Nothing a person typed is lost: a session that ends, a reload, a server that is killed, a second tab."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from gatherings.models import Minute
from issues.models import CategoryGroup, HistoryEntry, Issue, Origin
from rankings.models import Override
from scripts.cluster import free_port
from tests.browser.conftest import DESK
from tests.browser.desk.test_twice import answering, validated  # noqa: F401
from tests.browser.room.test_room_count import come_in, evening, tablet  # noqa: F401
from tests.strangers import a_server, ask, start_server
from tests.workers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Veinte minutos de texto sobre este asunto."
DRAFTS = "Object.keys({...localStorage, ...sessionStorage}).filter((name) => /^draft:/.test(name)).length"
KEPT = f"() => {DRAFTS}"


@dataclass(frozen=True)
class Walk:
    """A form of one part of the house: who fills it in, where, with which fields, and what is done then."""

    who: str
    opens: Callable[[Page, Callable], None]
    field: Callable[[Page], Locator]
    more: Callable[[Page], None]
    button: str
    thanks: str
    done: Callable[[], int]


def desk_item(page: Page, get: Callable) -> None:
    page.goto(f"/gestion/{get('answering').issue.reference}/")
    if not page.locator("#action-note").get_attribute("open"):
        page.locator("#action-note summary").click()


def note(page: Page) -> Locator:
    return page.locator("#action-note").get_by_label("Avance para el barrio")


def moves(page: Page, get: Callable) -> None:
    get("validated")
    page.goto("/alcaldia/listas/gestion/cambios/")


def move_more(page: Page) -> None:
    page.get_by_label("Folio del problema").fill(Issue.objects.order_by("-reference").first().reference)
    page.get_by_label("Al lugar").fill("1")
    page.get_by_label("¿Quién lo pidió?").select_option("nobody")


def new_group(page: Page, get: Callable) -> None:
    page.goto("/admin/issues/categorygroup/add/")


def group_more(page: Page) -> None:
    page.get_by_label("Código").fill("ARB")
    page.locator("[name=icon]").fill("tree")


WALKS = {
    "desk": Walk(
        "manager",
        desk_item,
        note,
        lambda page: None,
        "Contar un avance",
        "Avance guardado.",
        lambda: HistoryEntry.objects.filter(public_text=TEXT).count(),
    ),
    "cabinet": Walk(
        "cabinet",
        moves,
        lambda page: page.get_by_label("Motivo público"),
        move_more,
        "Guardar el cambio con su motivo",
        TEXT,
        lambda: Override.objects.filter(reason=TEXT).count(),
    ),
    "administration": Walk(
        "administrator",
        new_group,
        lambda page: page.locator("[name=name]"),
        group_more,
        "Guardar",
        TEXT,
        lambda: CategoryGroup.objects.filter(name=TEXT).count(),
    ),
}


@pytest.fixture(params=WALKS)
def walk(request) -> Walk:
    return WALKS[request.param]


@pytest.fixture
def get(request) -> Callable:
    return request.getfixturevalue


@pytest.fixture
def open_form(make_page, sign_in, get) -> Callable[[Walk], Page]:
    """The page with the form of a walk, opened by its person."""

    def opened(walk: Walk) -> Page:
        page = make_page(DESK)
        sign_in(page, get(walk.who).username)
        walk.opens(page, get)
        return page

    return opened


def fill(page: Page, walk: Walk) -> None:
    walk.more(page)
    walk.field(page).fill(TEXT)
    page.wait_for_function(f"{KEPT} > 0")


def enter(page: Page, username: str) -> None:
    """Sign in where the page asks for it."""
    page.get_by_label("Usuario").fill(username)
    page.get_by_label("Contraseña").fill("clave-de-prueba")
    page.get_by_role("button", name="Entrar", exact=True).click()


def press(page: Page, walk: Walk) -> None:
    page.get_by_role("button", name=walk.button, exact=True).click()


def test_the_session_ends_one_signs_in_and_it_is_done_once(walk, open_form, get):
    page = open_form(walk)
    fill(page, walk)
    Session.objects.all().delete()
    press(page, walk)
    expect(page.get_by_text("Lo que escribiste no se perdió")).to_be_visible()
    enter(page, get(walk.who).username)
    wait_until(lambda: walk.done() == 1)
    page.wait_for_url(lambda address: "/por-enviar/" not in address)
    expect(page.get_by_text(walk.thanks).first).to_be_visible()
    page.wait_for_function(f"{KEPT} === 0")
    assert walk.done() == 1


def test_without_scripts_one_button_more_does_the_same(make_page, get, sign_in, manager, answering):  # noqa: F811
    page = make_page(DESK, java_script_enabled=False)
    sign_in(page, manager.username)
    page.goto(f"/gestion/{answering.issue.reference}/")
    page.locator("#action-note summary").click()
    note(page).fill(TEXT)
    Session.objects.all().delete()
    page.get_by_role("button", name="Contar un avance").click()
    enter(page, manager.username)
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.get_by_role("button", name="Enviar ahora").click()
    expect(page.get_by_text("Avance guardado.")).to_be_visible()
    assert WALKS["desk"].done() == 1


def test_after_a_reload_it_is_there_and_can_be_dropped(walk, open_form):
    page = open_form(walk)
    fill(page, walk)
    page.reload()
    expect(walk.field(page)).to_have_value(TEXT)
    expect(page.get_by_text("Recuperamos lo que escribiste")).to_be_visible()
    page.get_by_role("button", name="Descartar lo que escribí").click()
    expect(walk.field(page)).to_have_value("")
    page.wait_for_function(f"{KEPT} === 0")


def test_what_was_refused_is_still_there_on_the_page_as_it_was(open_form, get):
    walk = WALKS["administration"]
    page = open_form(walk)
    walk.field(page).fill(TEXT)
    press(page, walk)
    expect(page.locator(".errornote")).to_be_visible()
    walk.opens(page, get)
    expect(walk.field(page)).to_have_value(TEXT)
    group_more(page)
    press(page, walk)
    expect(page.get_by_text(walk.thanks).first).to_be_visible()
    assert walk.done() == 1
    page.wait_for_function(f"{KEPT} === 0")


def test_an_answer_that_got_lost_is_not_done_again(open_form, get):
    walk = WALKS["administration"]
    page = open_form(walk)
    fill(page, walk)

    def lose(route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    page.route("**/add/", lambda route: lose(route) if route.request.method == "POST" else route.continue_())
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        press(page, walk)
    wait_until(lambda: walk.done() == 1)
    page.unroute_all(behavior="ignoreErrors")
    page.context.clear_cookies(name="mapa_done")
    walk.opens(page, get)
    expect(walk.field(page)).to_have_value(TEXT)
    press(page, walk)
    expect(page.get_by_text(walk.thanks).first).to_be_visible()
    assert walk.done() == 1


@pytest.mark.parametrize("status", [413, 429, 500, 503, 507])
def test_an_error_page_says_that_nothing_was_lost_and_leads_back_to_it(open_form, status):
    walk = WALKS["desk"]
    page = open_form(walk)
    fill(page, walk)
    body = page.request.post("/gestion/no-such-page/").text()
    page.route(
        "**/note/",
        lambda route: route.fulfill(status=status, content_type="text/html", body=body),
    )
    press(page, walk)
    page.get_by_role("button", name="Volver a lo que escribí").click()
    expect(note(page)).to_have_value(TEXT)
    page.unroute_all(behavior="ignoreErrors")
    press(page, walk)
    expect(page.get_by_text(walk.thanks)).to_be_visible()
    assert walk.done() == 1


def test_nobody_else_at_the_machine_gets_it(make_page, sign_in, manager, other_manager):
    page = make_page(DESK)
    sign_in(page, manager.username)
    page.goto("/gestion/?stage=desk")
    page.locator("details:has([name=name]) summary").first.click()
    page.locator("form[action$='/vistas/'] [name=name]").fill(TEXT)
    page.wait_for_function(f"{KEPT} === 1")
    assert "texto" not in page.evaluate("() => JSON.stringify({...localStorage, ...sessionStorage})")
    Session.objects.all().delete()
    sign_in(page, other_manager.username)
    page.goto("/gestion/?stage=desk")
    expect(page.locator("form[action$='/vistas/'] [name=name]")).to_have_value("")
    Session.objects.all().delete()
    sign_in(page, manager.username)
    page.goto("/gestion/?stage=desk")
    expect(page.locator("form[action$='/vistas/'] [name=name]")).to_have_value(TEXT)
    page.get_by_role("button", name="Salir").click()
    page.wait_for_url("**/")
    page.wait_for_function(f"{KEPT} === 0")


def test_each_tab_keeps_its_own(open_form, get):
    walk = WALKS["desk"]
    first = open_form(walk)
    second = first.context.new_page()
    walk.opens(second, get)
    note(first).fill("El de la primera.")
    note(second).fill("El de la segunda.")
    for page, text in ((first, "El de la primera."), (second, "El de la segunda.")):
        page.wait_for_function(f"{KEPT} === 2")
        page.reload()
        expect(note(page)).to_have_value(text)


def test_what_somebody_changed_meanwhile_is_told_and_not_written_over(make_page, sign_in, administrator, db):
    group = CategoryGroup.objects.create(code="PAV", name="Calles", icon="street")
    page = make_page(DESK)
    sign_in(page, administrator.username)
    page.goto(f"/admin/issues/categorygroup/{group.pk}/change/")
    page.locator("[name=name]").fill("Calles y pasajes")
    page.wait_for_function(f"{KEPT} === 1")
    CategoryGroup.objects.filter(pk=group.pk).update(name="Vías")
    page.reload()
    expect(page.get_by_text("ahora dice «Vías», tú habías escrito «Calles y pasajes»")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Vías")
    page.get_by_role("button", name="Poner lo mío").click()
    page.get_by_role("button", name="Guardar", exact=True).click()
    expect(page.get_by_text("ahora es «Vías»")).to_be_visible()
    page.get_by_role("button", name="Enviarlo igual").click()
    page.wait_for_url("**/categorygroup/")
    group.refresh_from_db()
    assert group.name == "Calles y pasajes"
    page.wait_for_function(f"{KEPT} === 0")


def test_files_are_said_to_be_chosen_again(make_page, sign_in, administrator):
    page = make_page(DESK)
    sign_in(page, administrator.username)
    page.goto("/admin/territories/boundaryset/add/")
    page.locator("[type=file]").first.set_input_files(
        {"name": "barrios.geojson", "mimeType": "application/json", "buffer": b"{}"}
    )
    page.locator("form [name=source]").fill(TEXT)
    page.wait_for_function(f"{KEPT} === 1")
    page.reload()
    expect(page.get_by_text("barrios.geojson")).to_be_visible()
    expect(page.get_by_text("elígelos de nuevo")).to_be_visible()


def test_passwords_and_contact_data_are_never_kept(make_page, sign_in, administrator):
    page = make_page(DESK)
    sign_in(page, administrator.username)
    page.goto("/admin/accounts/department/add/")
    page.locator("[name=email]").fill("ana@example.cl")
    page.locator("[name=name]").fill(TEXT)
    page.wait_for_function(f"{KEPT} === 1")
    page.reload()
    expect(page.locator("[name=name]")).to_have_value(TEXT)
    expect(page.locator("[name=email]")).to_have_value("")


# --- The residents' door, and the room -----------------------------------------------------------


def test_a_resident_reloads_and_sends_it_once(page, town, pothole):
    page.goto("/informar/?lat=-33.51&lng=-70.79")
    page.get_by_label("¿Qué es?").select_option(label="Bache")
    page.get_by_label("El problema en una línea").fill("Hoyo frente al jardín")
    page.get_by_label("Tu correo").fill("ana@example.cl")
    page.wait_for_function(f"{KEPT} === 1")
    assert page.evaluate("() => localStorage.length") == 0
    assert "ana@" not in page.evaluate("() => JSON.stringify({...sessionStorage})")
    page.reload()
    expect(page.get_by_label("El problema en una línea")).to_have_value("Hoyo frente al jardín")
    expect(page.get_by_label("¿Qué es?").locator("option:checked")).to_have_text("Bache")
    page.wait_for_function("() => performance.now() > 3200")  # nobody writes faster
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gracias: quedó anotado")
    page.wait_for_function(f"{KEPT} === 0")
    assert Issue.objects.filter(origin=Origin.RESIDENT).count() == 1


def test_the_room_keeps_what_is_typed_and_goes_on_after_signing_in(tablet, facilitator):  # noqa: F811
    tablet.get_by_role("button", name="Abrir la reunión").click()
    expect(tablet.get_by_role("heading", name="Quiénes vinieron")).to_be_focused()
    tablet.get_by_role("button", name="Acuerdos").click()
    tablet.get_by_label("Qué es").select_option(label="desacuerdo")
    words = tablet.get_by_label("En palabras de la sala")
    words.fill(TEXT)
    tablet.wait_for_function(f"{KEPT} > 0")
    tablet.reload()
    tablet.get_by_role("button", name="Acuerdos").click()
    expect(words).to_have_value(TEXT)
    Session.objects.all().delete()
    tablet.locator('[data-form="note"]').get_by_role("button", name="Anotar").click()
    expect(tablet.get_by_text("Tu sesión terminó. Entra de nuevo")).to_be_visible()
    tablet.get_by_role("link", name="Entrar y seguir aquí").click()
    enter(tablet, facilitator.username)
    wait_until(lambda: Minute.objects.filter(text=TEXT).count() == 1)
    tablet.get_by_role("button", name="Acuerdos").click()
    expect(tablet.locator('[data-list="minutes"]').get_by_text(TEXT).first).to_be_visible()


# --- A server that is killed ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["desk", "informar"])
def test_a_killed_server_takes_nothing_along(name, make_page, get, request, town, pothole):
    port = free_port(8990)
    page = make_page(DESK, base_url=f"http://127.0.0.1:{port}")
    process = start_server(port)
    try:
        wait_until(lambda: ask(port, "/healthz", seconds=2).status == 200)
        field, button, thanks = _begin(name, page, get)
        field().fill(TEXT)
        page.wait_for_function(f"{KEPT} > 0")
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("No se pudo llegar al servidor")).to_be_visible()
    expect(field()).to_have_value(TEXT)
    with a_server(port=port):
        _press_until(page, button, thanks)
        page.wait_for_function(f"{KEPT} === 0")


def _press_until(page: Page, button: str, thanks: str) -> None:
    """A test types faster than a person, and is told so."""
    told = page.get_by_text(thanks).or_(page.get_by_text("Eso fue muy rápido")).first
    while not page.get_by_text(thanks).is_visible():
        with page.expect_response(lambda response: response.request.method == "POST"):
            page.get_by_role("button", name=button).click()
        expect(told).to_be_visible()


def _begin(name: str, page: Page, get: Callable):
    if name == "desk":
        get("sign_in")(page, get("manager").username)
        desk_item(page, get)
        return lambda: note(page), "Contar un avance", "Avance guardado."
    page.goto("/informar/?lat=-33.51&lng=-70.79")
    page.get_by_label("¿Qué es?").select_option(label="Bache")
    return lambda: page.get_by_label("El problema en una línea"), "Enviar", "Gracias: quedó anotado"
