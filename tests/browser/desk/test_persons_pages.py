"""The pages where somebody handles what shows a person: read by machines, and no wider than the screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from issues.models import Reporter
from issues.photos.intake import add_photo
from tests.browser.conftest import DESK, PHONE
from tests.browser.desk.test_twice import answering, validated  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = Path(settings.BASE_DIR) / "tests/issues/photos/people"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
BOTH = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
LONG = (
    "La señora Juana Pérez, que vive en Los Copihues 455, bota escombros todas las noches. Llamar al "
    "9 8765 4321 o escribir a juana.perez.de.los.copihues.cuatrocientos.cincuenta.y.cinco@example.cl. " * 2
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def look(request):
    """No accessibility violation and nothing beside the screen; the picture is kept where PICTURES says."""

    def take(page: Page, name: str) -> None:
        found = Axe().run(page, options=RULES)
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}.png", full_page=True)
        assert found.violations_count == 0, found.generate_report()
        wide, seen = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= seen, name

    return take


@BOTH
def test_the_contact_of_who_told_is_asked_for_and_answered(
    make_page, sign_in, look, issue, manager, viewport
):
    Reporter.objects.create(
        issue=issue,
        name="Rosa Ñáñez",
        email="rosa@example.cl",
        phone="+56 9 1234 5678",
        expires_on="2099-01-01",
    )
    page = make_page(viewport)
    sign_in(page, manager.username)
    page.goto(f"/oficina/quien-informo/{issue.reference}/")
    look(page, "teller-1")
    page.get_by_role("button", name="Ver sus datos").click()
    expect(page.get_by_text("rosa@example.cl")).to_be_visible()
    look(page, "teller-2")
    page.get_by_label("Tu respuesta").fill("Vamos el martes.")
    page.get_by_role("button", name="Enviar por correo").click()
    expect(page.get_by_text("Tu respuesta va en camino por correo.")).to_be_visible()
    look(page, "teller-3")


@BOTH
def test_a_waiting_text_shows_what_was_seen_in_it(
    make_page, sign_in, look, make_issue, facilitator, administrator, viewport
):
    make_issue(title="Juana Pérez bota escombros", description=LONG, actor=administrator)
    make_issue(title="Don José raya los muros", address="Los Copihues 455", actor=facilitator)
    page = make_page(viewport)
    sign_in(page, facilitator.username)
    page.goto("/gestion/informes/")
    expect(page.get_by_text("Parece mostrar:").first).to_be_visible()
    expect(page.get_by_text("Lo escribiste tú")).to_be_visible()
    look(page, "waiting")


@BOTH
def test_a_photo_with_several_faces_is_reviewed(make_page, sign_in, look, issue, facilitator, viewport):
    photo = add_photo(issue, (PEOPLE / "hopper.jpg").read_bytes(), actor=None, office="Caminata")
    page = make_page(viewport)
    sign_in(page, facilitator.username)
    page.goto("/gestion/fotos/")
    look(page, "photos")
    page.goto(f"/gestion/fotos/{photo.pk}/")
    page.get_by_text("Falta responder por 1 cara.").wait_for()
    look(page, "faces-1")
    page.get_by_role("button", name="Aprobar y publicar").click()
    page.get_by_text("Falta responder por 1 cara propuesta").wait_for()
    look(page, "faces-2")


@BOTH
def test_what_was_typed_comes_back_with_a_notice(
    make_page,
    sign_in,
    look,
    manager,
    answering,  # noqa: F811
    viewport,
):
    page = make_page(viewport)
    sign_in(page, manager.username)
    address = f"/gestion/{answering.issue.reference}/"
    page.goto(address)
    page.locator("#action-note summary").click()
    page.locator("#action-note").get_by_label("Avance para el barrio").fill("Ya se pidió la bomba.")
    page.wait_for_function("() => Object.keys(localStorage).some((name) => name.startsWith('draft:'))")
    page.goto(address)
    expect(page.locator("#action-note").get_by_label("Avance para el barrio")).to_have_value(
        "Ya se pidió la bomba."
    )
    look(page, "draft-1")
    page.context.clear_cookies()
    page.get_by_role("button", name="Contar un avance").click()
    expect(page.get_by_text("Lo que escribiste no se perdió")).to_have_count(1)
    look(page, "draft-2")
