"""A list is checked by the rule it was made with, for ever: old lists hold, unknown ones are refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rankings import verify
from rankings.rules.canonical import canonical_text, sealed
from rankings.rules.listing import compile_list
from tests.rankings.imaginary import HEAD, fixed_queues
from tests.rankings.planted import PLANTED_RULE, planted_list
from tests.rankings.tampered import OF_RULE_1, OF_RULE_2

VERIFIER = Path(verify.__file__)


def run(program, *arguments):
    command = [sys.executable, "-I", str(program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)


@pytest.fixture
def save(tmp_path):
    def saved(name, document):
        path = tmp_path / name
        path.write_text(canonical_text(document), encoding="utf-8")
        return path

    return saved


def next_list(previous, number):
    return compile_list(HEAD._replace(number=number, previous_digest=previous), fixed_queues())


def old_list(name, folder=OF_RULE_1):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def test_lists_of_rule_1_hold_with_their_table():
    assert run(VERIFIER, OF_RULE_1 / "1.json", OF_RULE_1 / "2.json").returncode == 0
    told = run(VERIFIER, OF_RULE_1 / "2.json", OF_RULE_1 / "2.csv")
    assert told.returncode == 0
    assert "con la regla 1." in told.stdout


def test_lists_of_rule_2_hold_and_follow_those_of_rule_1_in_one_chain(save):
    assert run(VERIFIER, OF_RULE_2 / "1.json", OF_RULE_2 / "2.json").returncode == 0
    assert "con la regla 2." in run(VERIFIER, OF_RULE_2 / "2.json").stdout
    back = sealed(old_list("2.json", OF_RULE_2) | {"previous_digest": next_list("", 1)["digest"]})
    told = run(VERIFIER, save("1.json", next_list("", 1)), save("2.json", back))
    assert "una regla más antiguos que la N.º 1" in told.stdout


def test_a_list_in_force_follows_those_of_rule_1_in_one_chain(save):
    files = [OF_RULE_1 / "1.json", OF_RULE_1 / "2.json"]
    assert run(VERIFIER, *files, save("3.json", next_list(old_list("2.json")["digest"], 3))).returncode == 0


def test_no_list_goes_back_to_an_older_format(save):
    first = next_list("", 1)
    second = sealed(old_list("2.json") | {"previous_digest": first["digest"]})
    told = run(VERIFIER, save("1.json", first), save("2.json", second))
    assert told.returncode == 1
    assert (
        "La lista N.º 2 está hecha con un formato o una regla más antiguos que la N.º 1.\n"
        in told.stdout.splitlines(keepends=True)[-2]
    )


def test_a_planted_rule_is_a_row_more_and_leaves_old_lists_as_they_were(save, tmp_path):
    newer = tmp_path / "newer.py"
    newer.write_text(PLANTED_RULE, encoding="utf-8")
    second = old_list("2.json")
    third = next_list(second["digest"], 3)
    planted = planted_list(third["digest"], 4)
    files = [OF_RULE_1 / "1.json", OF_RULE_1 / "2.json", save("3.json", third), save("4.json", planted)]
    told = run(newer, VERIFIER, *files)
    assert told.returncode == 0, told.stdout
    assert "con la regla 99." in told.stdout
    assert run(VERIFIER, *files[:3]).returncode == 0


def test_a_planted_rule_finds_what_was_forged_under_it(save, tmp_path):
    newer = tmp_path / "newer.py"
    newer.write_text(PLANTED_RULE, encoding="utf-8")
    forged = planted_list("", 1)
    first, second, *others = forged["items"]
    told = run(newer, VERIFIER, save("1.json", sealed(forged | {"items": [second, first, *others]})))
    assert told.returncode == 1
    assert "fue movido" in told.stdout


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"rule": 99},
            "la lista está hecha con la regla 99, que este verificador no conoce: usa uno más nuevo.",
        ),
        (
            {"format": "mapa-barrial/lista/9"},
            "la lista tiene el formato «mapa-barrial/lista/9», que este verificador no conoce: "
            "usa uno más nuevo.",
        ),
    ],
)
def test_what_a_newer_program_made_gets_one_sentence(save, change, sentence):
    told = run(VERIFIER, save("lista.json", sealed(next_list("", 1) | change)))
    assert (told.returncode, told.stderr) == (1, "")
    assert told.stdout == f"lista.json: {sentence}\nNo se cumple.\n"


@pytest.mark.parametrize(
    ("put", "sentence"),
    [("99", "la regla 99, que este verificador no conoce"), ("uno", "«regla» no es un número entero")],
)
def test_a_table_of_an_unknown_rule_gets_one_sentence(tmp_path, put, sentence):
    lines = (OF_RULE_1 / "2.csv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "lista.csv"
    path.write_text("\n".join([lines[0] + ";regla", *(f"{line};{put}" for line in lines[1:])]))
    told = run(VERIFIER, path)
    assert told.returncode == 1
    assert sentence in told.stdout


def test_a_table_of_two_rules_gets_one_sentence(tmp_path):
    head, first, *others = (OF_RULE_1 / "2.csv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "lista.csv"
    path.write_text("\n".join([head + ";regla", first + ";1", *(f"{line};2" for line in others)]))
    assert "en la línea 3 la columna «regla» no dice lo mismo que en la primera" in run(VERIFIER, path).stdout
