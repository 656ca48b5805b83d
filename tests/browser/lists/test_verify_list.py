"""The verifier in the browser: on the published list, on files of one's own, without a network."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rankings import verifier_words, verify
from rankings.publishing import document_of
from rankings.rules.canonical import canonical_text, sealed
from rankings.rules.listing import compile_list
from tests.rankings import tampered
from tests.rankings.conftest import accept, example, publish_next, published, vote  # noqa: F401
from tests.rankings.imaginary import HEAD, fixed_queues, lists
from tests.rankings.planted import PLANTED_ROW, planted_list
from tests.rankings.tampered import CASES, OF_RULE_1, OF_RULE_2, spoken

pytestmark = pytest.mark.django_db(transaction=True)
CHECKER = "/static/js/data/lists/list-check.js"
JUDGE = """async ([checker, text]) => {
  const {readList, checkList} = await import(checker);
  try {
    const read = readList(new TextEncoder().encode(text));
    return checkList(read).flatMap(({findings}) => findings).map(({code}) => code);
  } catch (error) { return [error.finding?.code ?? String(error)]; }
}"""

# As the page says it (static/js/pages/lists/verify.js), for more files than a person would choose.
TELL = """async ([checker, bytes, sentences]) => {
  const {readList, checkList} = await import(checker);
  const readable = (value) => [...String(value)].slice(0, 300).join("").replace(/(?! )[\\p{C}\\p{Z}]/gu, "·");
  const fill = (sentence, facts) => sentence.replace(/\\{(\\w+)\\}/g, (_, name) => readable(facts[name]));
  const say = (finding) => fill(sentences[finding.code], finding);
  try {
    const read = readList(new Uint8Array(bytes));
    return checkList(read).flatMap(({findings}) => findings).map(say);
  } catch (error) { return [error.finding ? say(error.finding) : String(error)]; }
}"""
SENTENCES = {code: str(sentence) for code, sentence in verifier_words.SENTENCES.items()}


def told(ranked_list):
    """lista.json as it is served."""
    return canonical_text(document_of(ranked_list))


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
    assert page.locator(".finding--holds").count() == 15
    assert page.get_by_text("Es la misma lista que publica este sitio.").is_visible()


def test_it_works_without_a_network_on_the_downloaded_file(page, published):  # noqa: F811
    page.goto("/listas/1/verificar/")
    page.context.set_offline(True)
    choose(page, file("lista.json", told(published)))
    assert page.get_by_text("Todo lo comprobado se cumple.").is_visible()


def test_a_changed_file_is_found_and_named(page, published):  # noqa: F811
    page.goto("/listas/1/verificar/")
    choose(page, file("lista.json", told(published).replace(published.office, "Otra oficina", 1)))
    assert page.get_by_text("No se cumple.", exact=True).is_visible()
    assert page.get_by_text("La huella no corresponde").is_visible()
    assert page.get_by_text("No es la lista que publica este sitio").is_visible()


def test_a_changed_title_is_found_and_named(page, published):  # noqa: F811
    page.goto("/listas/1/verificar/")
    choose(page, file("lista.json", told(published).replace("Norte 1", "Norte 9", 1)))
    assert page.get_by_text("No se cumple.", exact=True).is_visible()
    assert page.get_by_text("El texto «Norte 9» no es el de su huella.").is_visible()


def test_a_list_missing_in_the_chain_is_named(page, published, publish_next):  # noqa: F811
    third = [publish_next() for _ in range(2)][1]
    page.goto("/listas/1/verificar/")
    choose(page, file("1.json", told(published)), file("3.json", told(third)))
    assert page.get_by_text("Falta la lista N.º 2 en la cadena.").is_visible()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("hola", "El archivo no es JSON: está cortado o cambiado."),
        ("[]", "El archivo no es una lista publicada."),
        ("[" * 200_000, "El archivo no es"),
        ('{"format":"mapa-barrial/lista/1","number":1e400}', "un número que no es entero: 1e400"),
        ('{"format":"mapa-barrial/lista/1"}', "En el archivo falta «number»"),
    ],
)
def test_a_hostile_file_gets_one_sentence(page, published, content, sentence):  # noqa: F811
    page.goto("/listas/1/verificar/")
    choose(page, file("lista.json", content))
    assert page.get_by_text(sentence).is_visible()


def test_text_of_a_file_is_shown_as_text(page, published):  # noqa: F811
    page.goto("/listas/1/verificar/")
    choose(page, file("lista.json", told(published).replace("Norte 1", "<img src=x onerror=alert(1)>", 1)))
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
    lines = [line for _, found in verify.all_checks(forged) for line in found]
    assert len(page.evaluate(JUDGE, [CHECKER, canonical_text(forged)])) == len(lines) > 0


def sentences_of_the_page(page, name, content):
    """What the page finds wrong in a file, as a person reads it."""
    page.locator("#files").set_input_files(
        [{"name": f"{name}.json", "mimeType": "application/json", "buffer": content}]
    )
    page.wait_for_function(
        "name => document.querySelector('#files-checked h3')?.textContent.startsWith(`${name}.json`)",
        arg=name,
    )
    lines = page.locator("#files-checked .finding--fails").all_inner_texts()
    said = [spoken(line.split("no se cumple:", 1)[-1].strip()) for line in lines]
    # A list of the same number is also compared with the one of this site, which Python does not know.
    return [line for line in said if not line.startswith("no es la lista que publica este sitio")]


def test_the_browser_says_of_every_tampered_file_what_python_says(page, published):  # noqa: F811
    page.goto("/listas/1/verificar/")
    for number, case in enumerate(CASES):
        content = case.file()
        lines = [spoken(line) for line in tampered.findings(content)]
        shown = sentences_of_the_page(page, f"caso-{number}", content)
        assert shown[:20] == lines[:20], case.name


PLANT = f"""async (checker) => (({PLANTED_ROW})((await import(checker)).RULES))"""


def test_a_rule_to_come_is_one_row_more_and_lists_of_rule_1_still_hold(page, published):  # noqa: F811
    page.goto("/listas/1/verificar/")
    olds = [
        (folder / name).read_text(encoding="utf-8")
        for folder in (OF_RULE_1, OF_RULE_2)
        for name in ("1.json", "2.json")
    ]
    planted = canonical_text(planted_list("", 1))
    assert page.evaluate(JUDGE, [CHECKER, planted]) == ["rule_unknown"]
    assert [page.evaluate(JUDGE, [CHECKER, old]) for old in olds] == [[]] * 4
    page.evaluate(PLANT, CHECKER)
    assert [page.evaluate(JUDGE, [CHECKER, each]) for each in (*olds, planted)] == [[]] * 5
    forged = planted_list("", 1)
    forged["items"] = forged["items"][::-1]
    assert "row_moved" in page.evaluate(JUDGE, [CHECKER, canonical_text(sealed(forged))])


def test_the_browser_names_a_list_that_goes_back_to_an_older_rule(page, published):  # noqa: F811
    old = json.loads((OF_RULE_1 / "2.json").read_text(encoding="utf-8"))
    second = canonical_text(sealed(old | {"previous_digest": published.digest}))
    page.goto("/listas/1/verificar/")
    choose(page, file("1.json", told(published)), file("2.json", second))
    said = "La lista N.º 2 está hecha con un formato o una regla más antiguos que la N.º 1."
    assert page.get_by_text(said).is_visible()


def test_the_browser_refuses_a_file_of_129_mb_before_reading_it(page, published, tmp_path):  # noqa: F811
    path = tmp_path / "lista.json"
    with path.open("wb") as large:
        large.truncate(129 * 1024 * 1024)
    page.goto("/listas/1/verificar/")
    page.locator("#files").set_input_files(path)
    page.get_by_text("es demasiado grande para ser una lista (más de 128 MB)").wait_for()


def test_the_browser_says_of_any_broken_file_what_python_says(page, published):  # noqa: F811
    page.goto("/listas/1/verificar/")
    raw = tampered.written(tampered.published())

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, len(raw) - 1), st.integers(0, 3), st.binary(max_size=3))
    def agree(at, cut, put):
        content = raw[:at] + put + raw[at + cut :]
        told = page.evaluate(TELL, [CHECKER, list(content), SENTENCES])
        assert [spoken(line) for line in told] == [spoken(line) for line in tampered.findings(content)]

    agree()


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
