"""Every tampered or odd file gets its sentence, code 1 and no traceback; the browser says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings import verify
from tests.rankings.tampered import CASES, findings, published, published_by_rule_1, spoken, written

IDS = [case.name for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_tampered_file_is_refused_with_a_sentence(case, tmp_path, capsys):
    path = tmp_path / "lista.json"
    path.write_bytes(case.file())
    assert verify.run([str(path)]) == 1
    told = capsys.readouterr().out
    assert spoken(case.says) in told or case.says in told
    assert told.endswith("No se cumple.\n")


@pytest.mark.parametrize("make", [published, published_by_rule_1])
def test_the_lists_from_which_they_are_made_hold(make):
    assert findings(written(make())) == []


def test_no_two_cases_have_one_name_and_each_changes_the_file():
    assert len(set(IDS)) == len(IDS) > 120
    assert all(case.file() != written(case.published()) for case in CASES)


def test_a_file_of_129_mb_is_refused_by_its_size(tmp_path, capsys):
    path = tmp_path / "lista.json"
    with path.open("wb") as file:
        file.truncate(129 * 1024 * 1024)
    assert verify.run([str(path)]) == 1
    assert "es demasiado grande para ser una lista (más de 128 MB)" in capsys.readouterr().out


@given(st.data())
def test_any_number_changed_in_a_reason_is_found_and_its_item_named(data):
    document = published()
    at = data.draw(st.integers(0, len(document["items"]) - 1))
    which = data.draw(st.integers(0, 1))
    item = document["items"][at]
    digits = [n for n, letter in enumerate(item["reasons"][which]) if letter.isdigit()]
    place = data.draw(st.sampled_from(digits))
    said = item["reasons"][which]
    other = data.draw(st.sampled_from("0123456789").filter(lambda each: each != said[place]))
    item["reasons"][which] = said[:place] + other + said[place + 1 :]
    lines = [line for _, found in verify.checked(document, [("", verify.check_reasons)]) for line in found]
    assert len(lines) == 1
    assert lines[0].startswith(f"la razón de {item['reference']} en {('su barrio', 'la ciudad')[which]}")
