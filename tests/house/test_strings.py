"""What people read goes through gettext, and facts of one place stand in data and settings.

What offends all the same is counted in `untranslated.txt` and `facts.txt`, with its reason. A new offender
fails; so does a mended one until its number is lowered, and a list that is longer than it was. After files
moved or were mended: `python -m tests.house`.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from scripts.house import ROOT
from tests.docs.pages import tracked
from tests.house import facts, strings
from tests.house.allowed import differences, read

HERE = Path(__file__).parent
Reader = Callable[[str], Iterable[tuple[int, str]]]
KINDS = {
    "python": ["*.py"],
    "javascript": ["static/js/*.js"],
    "template": ["templates/*.html"],
}
# Tests, the invented town, and what Django writes.
NOT_OURS_TO_SAY = ("tests/", "demo/")
SETTINGS = ("config/settings.py", "config/formats/")
# Offences on the day this was written; a lower number is always welcome here.
AT_MOST = {"untranslated.txt": 36, "facts.txt": 26}
READERS: dict[str, dict[str, Reader]] = {
    "untranslated.txt": {
        "python": strings.in_python,
        "javascript": strings.in_javascript,
        "template": strings.in_template,
    },
    "facts.txt": {
        "python": facts.in_python,
        "javascript": facts.in_javascript,
        "template": facts.in_template,
    },
}


def offences(rule: str) -> Counter[str]:
    """How often each file breaks the rule."""
    found: Counter[str] = Counter()
    for kind, patterns in KINDS.items():
        for path in ours(patterns, rule):
            found[path] = len(list(READERS[rule][kind]((ROOT / path).read_text())))
    return +found


def ours(patterns: list[str], rule: str) -> list[str]:
    apart = NOT_OURS_TO_SAY + (SETTINGS if rule == "facts.txt" else ())
    return [path for path in tracked(*patterns) if not path.startswith(apart) and "/migrations/" not in path]


@pytest.mark.parametrize("rule", READERS)
def test_no_file_breaks_the_rule_more_often_than_its_list_says_nor_less(rule):
    assert differences(offences(rule), read(HERE / rule)) == []


@pytest.mark.parametrize("rule", READERS)
def test_the_list_only_gets_shorter(rule):
    assert sum(one.count or 0 for one in read(HERE / rule).values()) <= AT_MOST[rule]


@pytest.mark.parametrize("rule", READERS)
def test_no_file_is_listed_that_is_gone(rule):
    assert [name for name in read(HERE / rule) if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("rule", READERS)
def test_whatever_is_spared_has_its_reason(rule):
    assert [name for name, one in read(HERE / rule).items() if len(one.why) < 15] == []


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_something_to_look_at(kind):
    assert len(ours(KINDS[kind], "untranslated.txt")) > 30


@pytest.mark.parametrize(
    ("reader", "text", "found"),
    [
        (strings.in_python, 'raise Refused("El barrio no existe")', 1),
        (strings.in_python, 'raise Refused(f"Faltan {n} fichas en la mesa")', 1),
        (strings.in_python, 'raise Refused(_("El barrio no existe"))', 0),
        (strings.in_python, '_("El barrio %(x)s") % {"x": name}', 0),
        (strings.in_python, '"""El barrio de la casa."""', 0),
        (strings.in_python, 'order_by("el_barrio")', 0),
        (strings.in_javascript, 'note.textContent = "Guardado";', 1),
        (strings.in_javascript, "note.textContent = settings.words.saved;", 0),
        (strings.in_javascript, 'say("Guardado en esta tableta");', 1),
        (strings.in_javascript, "say(`El mapa de ${name}`);", 1),
        (strings.in_javascript, "// El mapa de la casa", 0),
        (strings.in_javascript, "const quoted = /[\"']el barrio[\"']/;", 0),
        (strings.in_javascript, 'document.querySelector("[data-lista] p");', 0),
        (strings.in_template, "<p>Guardar</p>", 1),
        (strings.in_template, '<img alt="Foto del lugar">', 1),
        (strings.in_template, '<p>{% translate "Guardar" %}</p>', 0),
        (strings.in_template, "<p>{% blocktranslate %}Guardar {{ x }}{% endblocktranslate %}</p>", 0),
        (strings.in_template, "{# Guardar #}<p>{{ word }}</p>", 0),
        (strings.in_template, '<a class="button" href="/x.csv">CSV</a>', 0),
        (strings.in_template, "{% block body_class %}wide room{% endblock %}", 0),
    ],
)
def test_words_for_people_are_told_from_code(reader, text, found):
    assert len(list(reader(text))) == found


@pytest.mark.parametrize(
    ("reader", "text", "found"),
    [
        (facts.in_python, 'title = "Mapa de Maipú"', 1),
        (facts.in_python, 'holidays.country_holidays("CL")', 1),
        (facts.in_python, "centre = (-33.51, -70.77)", 2),
        (facts.in_python, "geom.transform(32719)", 1),
        (facts.in_python, '"""As in Maipú."""\nx = 7.5', 0),
        (facts.in_python, "settings.COMMUNE_NAME", 0),
        (facts.in_javascript, 'number.toLocaleString("es-CL")', 1),
        (facts.in_javascript, "// as Chile writes it", 0),
        (facts.in_template, "<p>{% translate 'Municipalidad de Maipú' %}</p>", 1),
        (facts.in_template, "{# Maipú #}<p>{{ commune_name }}</p>", 0),
    ],
)
def test_facts_of_one_place_are_told_from_code(reader, text, found):
    assert len(list(reader(text))) == found


def test_a_new_offence_and_a_mended_one_are_both_said(tmp_path):
    listed = tmp_path / "list.txt"
    listed.write_text("# why\n2 a.py  the reason\n1 b.py  another\n* d.py  meant to be so\n")
    assert differences(Counter({"a.py": 3, "c.py": 1, "d.py": 7}), read(listed)) == [
        "a.py: 3 instead of 2",
        "c.py: 1 instead of 0",
        "b.py: lower it to 0",
    ]
