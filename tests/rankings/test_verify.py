"""The stand-alone verifier: what holds, what does not, and files that mean harm."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings import verify
from rankings.rules.canonical import canonical_text, sealed
from rankings.rules.listing import Move, compile_list
from tests.rankings.imaginary import HEAD, fixed_queues, lists

VERIFIER = Path(verify.__file__)
MOVE = Move("M-2026-000104", 2, "Riesgo de caída", "Alcaldía", "nobody", "")


def run(*files):
    """The verifier as anyone runs it: alone, outside the project."""
    command = [sys.executable, "-I", str(VERIFIER), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)


def write(folder, name, document):
    path = folder / name
    path.write_text(document if isinstance(document, str) else canonical_text(document), encoding="utf-8")
    return path


def chain(length=3):
    """Lists that name each other's digests."""
    documents, previous = [], ""
    for number in range(1, length + 1):
        head = HEAD._replace(number=number, previous_digest=previous)
        documents.append(compile_list(head, fixed_queues(), [MOVE] if number == 2 else []))
        previous = documents[-1]["digest"]
    return documents


def findings(document):
    """What the verifier finds in a document whose digest was made to fit."""
    fitting = sealed(document)
    return [line for _, lines in verify.all_checks(fitting) for line in lines]


def changed(document, **items):
    """The list with one item changed by number, its digest made to fit by the forger."""
    rows = [dict(item) for item in document["items"]]
    for number, change in items.items():
        rows[int(number.strip("_"))] |= change
    return document | {"items": rows}


def swapped(items):
    return [items[1], items[0], *items[2:]]


@pytest.fixture
def published():
    return chain(2)[1]


def test_a_published_list_holds(tmp_path, published):
    told = run(write(tmp_path, "lista.json", published))
    assert told.returncode == 0, told.stdout
    assert "✓ la huella SHA-256 es la del contenido." in told.stdout
    assert "Todo lo comprobado se cumple." in told.stdout
    assert published["digest"] in told.stdout
    assert told.stderr == ""


def test_a_whole_chain_holds_in_any_order(tmp_path):
    files = [write(tmp_path, f"{each['number']}.json", each) for each in chain(3)]
    assert run(*reversed(files)).returncode == 0


def test_a_missing_list_in_the_chain_is_named(tmp_path):
    first, _, third = [write(tmp_path, f"{each['number']}.json", each) for each in chain(3)]
    told = run(first, third)
    assert told.returncode == 1
    assert "Falta la lista N.º 2 en la cadena." in told.stdout


def test_several_missing_lists_are_named(tmp_path):
    files = [write(tmp_path, f"{each['number']}.json", each) for each in chain(5)]
    assert "Faltan las listas N.º 2 a 4 en la cadena." in run(files[0], files[4]).stdout


def test_a_chain_that_was_cut_is_named(tmp_path):
    first, second = chain(2)
    other = sealed(changed(first, _0={"category": "Otra"}))
    told = run(write(tmp_path, "1.json", other), write(tmp_path, "2.json", second))
    assert told.returncode == 1
    assert "La cadena se corta: la lista N.º 2 nombra otra huella que la de la N.º 1." in told.stdout


def test_the_same_list_twice_is_named(tmp_path, published):
    files = write(tmp_path, "a.json", published), write(tmp_path, "b.json", published)
    assert "La lista N.º 2 se dio dos veces." in run(*files).stdout


@given(st.data())
def test_any_changed_byte_is_found(data):
    raw = canonical_text(chain(1)[0]).encode()
    at = data.draw(st.integers(0, len(raw) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda each: each != raw[at]))
    assert not holds(raw[:at] + bytes([other]) + raw[at + 1 :])


@given(st.data())
def test_any_missing_byte_is_found(data):
    raw = canonical_text(chain(1)[0]).encode()
    at = data.draw(st.integers(0, len(raw) - 1))
    assert not holds(raw[:at] + raw[at + 1 :])


def holds(raw):
    """Whether the verifier accepts these bytes."""
    try:
        text = verify.read_text(raw)
        document = verify.read_json(text)
        verify.check_shape(document)
    except verify.Broken:
        return False
    results = [list(verify.check_bytes(document, text))]
    results += [lines for _, lines in verify.all_checks(document)]
    return not any(results)


def test_a_changed_byte_is_told_with_both_digests(tmp_path, published):
    text = canonical_text(published).replace("Luminaria", "luminaria", 1)
    told = run(write(tmp_path, "lista.json", text))
    assert told.returncode == 1
    assert f"la huella no corresponde: el archivo dice {published['digest']} y su contenido da" in told.stdout


def test_another_way_of_writing_is_told_with_its_byte(tmp_path, published):
    told = run(write(tmp_path, "lista.json", json.dumps(published)))
    assert told.returncode == 1
    assert "el archivo no está escrito como se publicó: el byte" in told.stdout


@pytest.mark.parametrize(
    ("forge", "sentence"),
    [
        (
            lambda document: (
                document | {"items": [document["items"][1], document["items"][0], *document["items"][2:]]}
            ),
            "M-2026-000104 está en la fila 1 y dice lugar 2: fue movido",
        ),
        (
            lambda document: changed(document, _2={"round": 2}),
            "M-2026-000301 tiene ronda 2 y según la regla le toca 1",
        ),
        (
            lambda document: changed(document, _0={"index": 230}),
            "el puntaje de M-2026-000201 dice 230 y sus niveles dan 220",
        ),
        (
            lambda document: document | {"overrides": []},
            "M-2026-000104 está en el lugar 2 y le toca el 9: fue movido",
        ),
        (
            lambda document: document | {"overrides": [document["overrides"][0] | {"reason": " "}]},
            "el cambio de lugar de M-2026-000104 no dice motivo u oficina",
        ),
        (
            lambda document: document | {"overrides": [document["overrides"][0] | {"reference": "M-1"}]},
            "se cambió de lugar M-1, que no está en la lista",
        ),
        (
            lambda document: document | {"previous_digest": ""},
            "falta la huella de la lista anterior",
        ),
        (
            lambda document: document | {"items": [*document["items"], document["items"][0]]},
            "M-2026-000201 aparece dos veces",
        ),
        (
            lambda document: changed(document, _0={"neighbourhood": 9}),
            "M-2026-000201 es de un barrio que la lista no nombra",
        ),
        (
            lambda document: document | {"weights": document["weights"] | {"severity": 50}},
            "los pesos del puntaje no suman 100",
        ),
        (
            lambda document: changed(document, _0={"vote": document["items"][0]["vote"] | {"tokens": 126}}),
            "M-2026-000201 tiene más fichas que las que se repartieron",
        ),
        (
            lambda document: changed(document, _0={"vote": document["items"][0]["vote"] | {"people": 26}}),
            "M-2026-000201 tiene más personas que fichas o que votantes",
        ),
        (
            lambda document: changed(document, _0={"vote": document["items"][0]["vote"] | {"tokens": 40}}),
            "en la reunión 2, M-2026-000201 está antes que M-2026-000202 y los conteos dicen lo contrario",
        ),
        (
            lambda document: document | {"number": 1},
            "la lista N.º 1 nombra una lista anterior",
        ),
    ],
)
def test_a_forger_who_fits_the_digest_is_still_found(published, forge, sentence):
    assert sentence in findings(forge(published))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "el archivo no es JSON"),
        (b"hola", "el archivo no es JSON"),
        (b"\xff\xfe", "el byte 1 está cambiado"),
        (b"[" * 300_000, "está anidado sin fin"),
        (b'{"a":' * 200_000, "está anidado sin fin"),
        (b'{"a":NaN}', "un número que no es entero: NaN"),
        (b'{"a":-Infinity}', "un número que no es entero: -Infinity"),
        (b'{"a":1e999}', "un número que no es entero: 1e999"),
        (b'{"a":' + b"9" * 10_000 + b"}", "tiene un número imposible"),
        (b'{"a":1,"a":2}', "dice dos veces «a»"),
        (b"[]", "no es una lista publicada"),
        (b'{"format":"otra"}', "no es una lista publicada"),
        (b'{"format":"mapa-barrial/lista/1"}', "falta «number»"),
        (b"lugar;ronda\r\n1;1\r\n", "falta la columna"),
        (b'lugar;"ronda\r\n1;1\r\n', "no es un CSV"),
        (b"lugar;" + b"x" * 200_000, "no es un CSV"),
        ('{"\u202e\x1b[2J":1,'.encode(), "el archivo no es JSON"),
    ],
)
def test_a_hostile_file_gets_one_sentence_and_no_traceback(tmp_path, content, sentence):
    path = tmp_path / "lista.json"
    path.write_bytes(content)
    told = run(path)
    assert told.returncode == 1
    assert sentence in told.stdout
    assert "Traceback" not in told.stderr + told.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", True),
        ("number", "2"),
        ("number", -1),
        ("number", 2**53),
        ("items", {}),
        ("items", [1]),
        ("weights", []),
        ("weights", {"severity": 40}),
        ("neighbourhoods", None),
        ("neighbourhoods", [{"code": 1, "name": "a", "coefficient": 0, "accepted": 0}]),
        ("overrides", [{}]),
        ("digest", None),
        ("track", 7),
    ],
)
def test_a_list_of_another_shape_gets_one_sentence(tmp_path, published, name, value):
    told = run(write(tmp_path, "lista.json", json.dumps(published | {name: value})))
    assert told.returncode == 1
    assert told.stderr == ""
    assert len(told.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vote", 7),
        ("vote", {}),
        ("levels", [1, 2, 3]),
        ("levels", [1, 2, 3, 4]),
        ("levels", "2232"),
        ("reported_on", "ayer"),
        ("place", None),
        ("index", 1.0),
        ("reference", 12),
    ],
)
def test_an_item_of_another_shape_gets_one_sentence(tmp_path, published, name, value):
    told = run(write(tmp_path, "lista.json", json.dumps(changed(published, _0={name: value}))))
    assert told.returncode == 1
    assert told.stderr == ""


def test_a_file_that_is_not_there_and_no_file_at_all_are_told(tmp_path):
    assert "no se pudo abrir" in run(tmp_path / "nada.json").stdout
    assert run(tmp_path).returncode == 1
    told = run()
    assert told.returncode == 1
    assert told.stdout.startswith("Uso:")


def test_control_characters_of_a_file_never_reach_the_terminal(tmp_path, published):
    forged = sealed(changed(published, _0={"reference": "M-\x1b[2J-1"}) | {"track": "\x1b[31m"})
    told = run(write(tmp_path, "lista.json", forged))
    assert told.returncode == 1
    assert "\x1b" not in told.stdout


@given(lists())
def test_the_verifier_agrees_with_the_rules(made):
    queues, moves = made
    assert holds(canonical_text(compile_list(HEAD, queues, moves)).encode())
