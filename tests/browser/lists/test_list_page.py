"""A published list in the browser: map in step, filters, the cabinet's pages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rankings.asking import NOBODY
from rankings.publishing import propose_move
from tests.rankings.conftest import accept, example, published, vote  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "Cable bajo frente a la escuela, lo pidió bomberos"


def test_pointing_at_a_place_marks_it_on_the_map(page, published):  # noqa: F811
    page.goto("/listas/1/")
    expect(page.locator(".list-mark")).to_have_count(3)  # the three of Norte lie on one spot
    page.locator("#lugar-1").hover()
    expect(page.locator(".list-mark--current")).to_have_text("1")
    page.locator("#lugar-4 summary").focus()
    expect(page.locator(".list-mark--current")).to_have_text("2 · 4 +1")


def test_choosing_a_mark_opens_its_place(page, published):  # noqa: F811
    page.goto("/listas/1/")
    page.locator(".list-mark").get_by_text("1", exact=True).dispatch_event("click")
    page.locator("#lugar-1 details[open]").wait_for()
    assert page.get_by_text("Le toca la ronda 1").first.is_visible()


def test_the_list_is_filtered_by_neighbourhood(page, published):  # noqa: F811
    page.goto("/listas/1/")
    page.get_by_label("Barrio", exact=True).select_option(label="Norte")
    page.get_by_role("button", name="Filtrar").click()
    page.wait_for_url("**territory=1**")
    assert page.locator(".place__title").all_inner_texts() == ["Norte 1", "Norte 2", "Norte 3"]


def test_the_cabinet_moves_a_place_with_its_reason(page, sign_in, example, cabinet):  # noqa: F811
    sign_in(page, cabinet.username)
    page.goto("/alcaldia/listas/gestion/cambios/")
    page.get_by_label("Folio del problema").fill(example[2].reference)
    page.get_by_label("Al lugar").fill("1")
    page.get_by_label("Motivo público").fill(REASON)
    page.get_by_label("¿Quién lo pidió?").select_option("nobody")
    page.get_by_role("button", name="Guardar el cambio con su motivo").click()
    page.get_by_text("El cambio de lugar se aplicará en la próxima lista").wait_for()
    assert page.get_by_text(f"«{REASON}»").is_visible()
    page.get_by_role("button", name="Quitar").click()
    page.get_by_text("El cambio de lugar quedó sin efecto.").wait_for()


def test_the_cabinet_compares_other_weights(page, sign_in, example, cabinet):  # noqa: F811
    sign_in(page, cabinet.username)
    page.goto("/alcaldia/ensayos/")
    page.get_by_label("Nombre", exact=True).fill("Más tiempo")
    page.get_by_label("Peso de la gravedad").fill("20")
    page.get_by_label("Peso del tiempo").fill("40")
    page.get_by_role("button", name="Guardar y comparar").click()
    page.get_by_text("Ensayo: no está publicado ni se publica").wait_for()
    assert page.get_by_role("row").count() > 8


@pytest.mark.parametrize("path", ["/alcaldia/listas/gestion/cambios/", "/alcaldia/ensayos/"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_cabinets_pages_are_accessible_and_fit(make_page, sign_in, example, cabinet, path, width):  # noqa: F811
    propose_move(example[2], 1, REASON, asked=NOBODY, actor=cabinet)
    page = make_page({"width": width, "height": 800})
    sign_in(page, cabinet.username)
    page.goto(path)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0
