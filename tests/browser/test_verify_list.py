"""The verifier in the browser: on the published list, on files of one's own, without a network."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import HealthCheck, given, settings

from rankings import verify
from rankings.publishing import publish
from rankings.rules.canonical import canonical_text, sealed
from rankings.rules.listing import compile_list
from tests.rankings.conftest import accept, example, published, vote  # noqa: F401
from tests.rankings.imaginary import HEAD, fixed_queues, lists

pytestmark = pytest.mark.django_db(transaction=True)
CHECKER = "/static/js/data/list-check.js"
JUDGE = """async ([checker, text]) => {
  const {readList, checkList} = await import(checker);
  try {
    const read = readList(new TextEncoder().encode(text));
    return checkList(read).flatMap(({findings}) => findings).map(({code}) => code);
  } catch (error) { return [error.finding?.code ?? String(error)]; }
}"""


def file(name, text):
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def choose(page, *files):
    page.locator("#files").set_input_files(list(files))
    page.wait_for_function("document.querySelector('#verdict').className !== 'notice'")


def test_the_published_list_holds_with_one_tap(page, published):  # noqa: F811
    page.goto("/listas/1/")
    page.get_by_role("link", name="Comprobar esta lista").click()
    page.get_by_role("button", name="La lista N.º 1 publicada aquí").click()
    page.get_by_text("Todo lo comprobado se cumple.").wait_for()
    assert page.locator(".finding--holds").count() == 11
    assert page.get_by_text("Es la misma lista que publica este sitio.").is_visible()


def test_it_works_without_a_network_on_the_downloaded_file(page, published):  # noqa: F811
    page.goto("/listas/1/verificar/")
    page.context.set_offline(True)
    choose(page, file("lista.json", published.document))
    assert page.get_by_text("Todo lo comprobado se cumple.").is_visible()


def test_a_changed_file_is_found_and_named(page, published):  # noqa: F811
    page.goto("/listas/1/verificar/")
    choose(page, file("lista.json", published.document.replace("Norte 1", "Norte 9", 1)))
    assert page.get_by_text("No se cumple.", exact=True).is_visible()
    assert page.get_by_text("La huella no corresponde").is_visible()
    assert page.get_by_text("No es la lista que publica este sitio").is_visible()


def test_a_list_missing_in_the_chain_is_named(page, published, cabinet):  # noqa: F811
    third = [publish("gestion", actor=cabinet) for _ in range(2)][1]
    page.goto("/listas/1/verificar/")
    choose(page, file("1.json", published.document), file("3.json", third.document))
    assert page.get_by_text("Falta la lista N.º 2 en la cadena.").is_visible()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("hola", "El archivo no es JSON."),
        ("[]", "El archivo no es una lista publicada."),
        ("[" * 200_000, "El archivo no es"),
        ('{"format":"mapa-barrial/lista/1","number":1e400}', "En el archivo falta «number»"),
        ('{"format":"mapa-barrial/lista/1"}', "En el archivo falta «number»"),
    ],
)
def test_a_hostile_file_gets_one_sentence(page, published, content, sentence):  # noqa: F811
    page.goto("/listas/1/verificar/")
    choose(page, file("lista.json", content))
    assert page.get_by_text(sentence).is_visible()


def test_text_of_a_file_is_shown_as_text(page, published):  # noqa: F811
    document = json.loads(published.document)
    document["overrides"] = [
        {"reference": "<img src=x onerror=alert(1)>", "from": 1, "to": 1, "reason": "x", "office": "y"}
    ]
    page.goto("/listas/1/verificar/")
    choose(page, file("lista.json", canonical_text(sealed(document))))
    assert page.get_by_text("<img src=x onerror=alert(1)>").is_visible()
    assert page.locator("main img").count() == 0


def test_the_browser_agrees_with_both_other_implementations(page, published):  # noqa: F811
    page.goto("/listas/1/verificar/")

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(lists())
    def agree(made):
        queues, moves = made
        document = compile_list(HEAD, queues, moves)
        assert page.evaluate(JUDGE, [CHECKER, canonical_text(document)]) == []

    agree()


@pytest.mark.parametrize("name", ["place", "rule_place", "round", "turn", "own_place", "index"])
def test_the_browser_finds_what_the_python_verifier_finds(page, published, name):  # noqa: F811
    page.goto("/listas/1/verificar/")
    document = compile_list(HEAD, fixed_queues())
    items = [dict(item) for item in document["items"]]
    items[3][name] += 1
    forged = sealed(document | {"items": items})
    lines = [line for _, found in verify.checked(forged, verify.CHECKS) for line in found]
    assert len(page.evaluate(JUDGE, [CHECKER, canonical_text(forged)])) == len(lines) > 0


@pytest.mark.parametrize("path", ["/listas/", "/listas/1/", "/listas/1/verificar/", "/como-priorizamos/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_no_accessibility_violations(make_page, published, path, scheme):  # noqa: F811
    page = make_page(color_scheme=scheme)
    page.goto(path)
    for summary in page.locator("summary").all()[:3]:
        summary.click()
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [360, 390, 768, 1280, 1920])
@pytest.mark.parametrize("path", ["/listas/", "/listas/1/", "/listas/1/verificar/", "/como-priorizamos/"])
def test_no_page_scrolls_sideways(make_page, published, path, width):  # noqa: F811
    page = make_page({"width": width, "height": 800})
    page.goto(path)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0
