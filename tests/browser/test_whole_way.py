"""The main job, as four kinds of user in Chromium: from a pin on a walk to a repair on the public map.

Pictures of every step are kept in artifacts/whole-way/ (or in the folder that PICTURES names).
"""

from __future__ import annotations

import datetime as dt
import io
import os
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from accounts.models import Department, Role, User
from gatherings.models import Gathering
from gatherings.room.acts import act
from issues.models import Issue, Photo
from rankings.models import RankedList
from territories.models import Territory
from tests.browser.conftest import PHONE, PROJECTOR
from tests.workers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "clave-de-prueba"
TABLET = {"width": 1280, "height": 800}
STEPS = ("Registrado", "Validado por el barrio", "Entregado", "Con acuse", "Programado", "En ejecución")
TITLE = "Hoyo profundo frente a la plaza"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def shot():
    """Keeps a picture of a page."""
    folder = Path(os.environ.get("PICTURES") or Path(settings.BASE_DIR) / "artifacts") / "whole-way"
    folder.mkdir(parents=True, exist_ok=True)

    def take(page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")

    return take


@pytest.fixture
def maipu(db) -> Territory:
    """The shipped boundaries, categories and places; returns the neighbourhood of the walk."""
    root = Path(settings.BASE_DIR) / "shapefiles"
    call_command("load_territories", str(root / "barrios_maipu.shp"), expect=21, activate=True, verbosity=0)
    call_command("load_categories", verbosity=0)
    call_command("load_places", verbosity=0)
    return Territory.objects.current().get(slug="templo-votivo")


@pytest.fixture
def people(maipu) -> dict[str, User]:
    """One person of each role."""
    office = Department.objects.get(code="operaciones")

    def user(name: str, role: Role, **more) -> User:
        return User.objects.create_user(name, f"{name}@example.cl", PASSWORD, role=role, **more)

    return {
        "facilitadora": user("facilitadora", Role.FACILITATOR, territory_codes=[maipu.code]),
        "direccion": user("direccion", Role.MANAGER, department=office),
        "alcaldia": user("alcaldia", Role.CABINET),
    }


@pytest.fixture
def tonight(maipu, people) -> Gathering:
    """The gathering of the neighbourhood, planned for now."""
    starts = timezone.now()
    return Gathering.objects.create(
        number=1,
        territory=maipu,
        place="Sede vecinal",
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2),
        facilitator=people["facilitadora"],
    )


def photo(colour: str) -> dict:
    out = io.BytesIO()
    Image.new("RGB", (2400, 1800), colour).save(out, "JPEG")
    return {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def pin(page, maipu, shot) -> None:
    """Four taps and a line of text: photo, place, category, save; then the four levels."""
    page.goto("/caminata/")
    expect(page.get_by_text("Barrio Templo Votivo")).to_be_visible()
    page.locator("#map").press("ArrowUp")  # no GPS here: the place is chosen by hand
    page.locator("#photo").set_input_files(photo("gray"))
    page.get_by_role("button", name="Bache de hasta 20 m²").click()
    page.get_by_label("El problema en una línea").fill(TITLE)
    for level, value in {"severity": 2, "reach": 2, "duration": 3}.items():
        page.locator(f'[data-level="{level}"] label').nth(value).click()
    shot(page, "1-caminata")
    page.get_by_role("button", name="Guardar", exact=True).click()
    expect(page.get_by_text("Todo recibido")).to_be_visible()
    shot(page, "2-recibido")


def approve_photo(page) -> None:
    page.goto("/gestion/fotos/")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Aprobar y publicar").click()
    expect(page.get_by_text("la foto quedó aprobada")).to_be_visible()


def conduct(page, wall, gathering, shot) -> None:
    """Ten people, one problem on the ballot, an impossible total refused, the count closed."""
    page.goto(f"/reuniones/{gathering.pk}/sala/")
    wall.goto(f"/reuniones/{gathering.pk}/sala/?vista=proyector")
    page.get_by_role("button", name="Abrir la reunión").click()
    page.get_by_label("Personas sin organización").fill("10")
    page.locator('[data-form="alone"]').get_by_role("button", name="Anotar").click()
    page.get_by_role("button", name="Papeleta").click()
    page.get_by_role("button", name=f"Agregar {TITLE}").click()
    page.get_by_role("button", name="Empezar la votación").click()
    page.get_by_role("button", name="Sí").click()
    row = page.locator(".count", has=page.get_by_role("heading", name=TITLE))
    count(row, 99, 9)
    expect(row.get_by_text("caben")).to_be_visible()
    count(row, 9, 9)
    expect(page.get_by_text("1 de 1 totales anotados")).to_be_visible()
    shot(page, "3-sala")
    page.get_by_label("Primer testigo").fill("Junta de vecinos")
    page.get_by_label("Segundo testigo").fill("vecina")
    page.get_by_role("button", name="Anotar testigos").click()
    count_again(Gathering.objects.get(), Issue.objects.get(title=TITLE))
    page.get_by_role("button", name="Cerrar el conteo").click()
    page.get_by_role("button", name="Sí").click()
    expect(wall.get_by_text("9 fichas, 9 personas")).to_be_visible()
    shot(wall, "4-proyector")


def count(row, tokens: int, people: int) -> None:
    row.get_by_label("Fichas").fill(str(tokens))
    row.get_by_label("Personas").fill(str(people))
    row.get_by_role("button", name="Anotar").click()


def count_again(room: Gathering, issue: Issue) -> None:
    """A colleague of another neighbourhood types the second count on a tablet of their own."""
    colleague = User.objects.create_user("colega", role=Role.FACILITATOR, territory_codes=[1])
    total = {"issue": str(issue.pk), "tokens": 9, "people": 9}
    for action, body in (("count", {"side": 2}), ("total", total), ("compare", {})):
        act(room.pk, colleague, action, {"key": str(uuid.uuid4()), **body})


def publish_and_hand_over(page, shot) -> None:
    page.goto("/alcaldia/")
    page.get_by_role("link", name="Ver la próxima lista").first.click()
    expect(page.get_by_text(TITLE)).to_be_visible()
    page.get_by_label("Revisé la lista").check()
    shot(page, "5-alcaldia")
    page.get_by_role("button", name="Publicar la lista").click()
    wait_until(RankedList.objects.exists)
    number = RankedList.objects.get().number
    page.goto(f"/alcaldia/entregas/{number}/")
    page.get_by_role("button", name="Entregar a las direcciones").click()
    expect(page.get_by_text("Ya entregado")).to_be_visible()
    shot(page, "6-entrega")


def answer(page, reference: str, shot) -> None:
    """Find it by neighbourhood, category, status and place; acknowledge, commit, work, prove."""
    page.goto("/gestion/?territory=templo-votivo&category=PAV-01&status=handed_over&max_place=1&round=1")
    shot(page, "7-escritorio")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text("Es el problema N.º 1 de Templo Votivo")).to_be_visible()
    do(page, "acknowledge", "Acuse de recibo dado")
    day = timezone.localdate() + dt.timedelta(days=20)
    do(page, "accept", "Fecha comprometida", committed_date=day.isoformat())
    do(page, "start", "El trabajo empezó")
    form = page.locator("#action-done")
    reveal(form)
    form.locator("button[type=submit]").click()
    expect(page.get_by_role("alert").or_(page.locator(".field__error")).first).to_be_visible()
    form = page.locator("#action-done")
    reveal(form)
    form.locator('input[type="file"]').set_input_files(photo("seagreen"))
    shot(page, "8-evidencia")
    form.locator("button[type=submit]").click()
    expect(page.locator(".item-head").get_by_text("informado como listo")).to_be_visible()


def do(page, action: str, message: str, **fields) -> None:
    form = page.locator(f"#action-{action}")
    reveal(form)
    for name, value in fields.items():
        form.locator(f'[name="{name}"]').fill(value)
    form.locator("button[type=submit]").click()
    expect(page.locator(".messages").get_by_text(message)).to_be_visible()


def reveal(details) -> None:
    if details.get_attribute("open") is None:
        details.locator("summary").click()


def test_from_a_pin_on_a_walk_to_a_repair_on_the_public_map(make_page, sign_in, maipu, people, tonight, shot):
    tablet = make_page(TABLET, has_touch=True, service_workers="block")
    sign_in(tablet, "facilitadora")
    pin(tablet, maipu, shot)
    issue = Issue.objects.get()
    assert (issue.territory.slug, issue.status) == ("templo-votivo", "registered")
    approve_photo(tablet)
    wall = make_page(PROJECTOR)
    conduct(tablet, wall, tonight, shot)

    cabinet = make_page()
    sign_in(cabinet, "alcaldia")
    publish_and_hand_over(cabinet, shot)

    manager = make_page()
    sign_in(manager, "direccion")
    answer(manager, issue.reference, shot)
    approve_photo(cabinet)

    resident = make_page(PHONE)
    resident.goto("/")
    expect(resident.get_by_role("link", name=TITLE)).to_be_visible()
    shot(resident, "9-vecina-lista")
    resident.get_by_role("link", name=TITLE).click()
    for step in (
        "Registrado",
        "Validado por el barrio",
        "Entregado",
        "Con acuse",
        "Programado",
        "En ejecución",
    ):
        expect(resident.get_by_text(step, exact=True).first).to_be_visible()
    expect(resident.locator('img[src*="/fotos/"]')).to_have_count(2)
    shot(resident, "10-vecina-problema")
    assert "facilitadora@" not in resident.content()

    issue.refresh_from_db()
    lines = list(issue.history.filter(kind="status").values_list("to_value", flat=True))
    assert lines == [
        "registered", "validated", "handed_over", "acknowledged", "scheduled", "in_progress", "reported_done",
    ]  # fmt: skip
    assert Photo.objects.public().count() == 2
