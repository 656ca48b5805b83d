"""manage.py verify_list: the verifier as a command of the installation."""

import pytest
from django.core.management import call_command

from rankings.rules.canonical import canonical_text
from rankings.rules.listing import compile_list
from tests.rankings.imaginary import HEAD, fixed_queues


@pytest.mark.parametrize(("change", "code"), [(("", ""), 0), (("Luminaria", "luminaria"), 1)])
def test_its_exit_code_says_whether_the_list_holds(tmp_path, capsys, change, code):
    path = tmp_path / "lista.json"
    text = canonical_text(compile_list(HEAD, fixed_queues())).replace(*change, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        call_command("verify_list", str(path))
    assert left.value.code == code
    assert ("Todo lo comprobado se cumple." in capsys.readouterr().out) == (code == 0)


def test_a_missing_list_of_the_chain_is_named(tmp_path, capsys):
    for number in (1, 3):
        head = HEAD._replace(number=number, previous_digest="" if number == 1 else "0" * 64)
        text = canonical_text(compile_list(head, fixed_queues()))
        (tmp_path / f"{number}.json").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        call_command("verify_list", str(tmp_path / "1.json"), str(tmp_path / "3.json"))
    assert left.value.code == 1
    assert "Falta la lista N.º 2 en la cadena." in capsys.readouterr().out
