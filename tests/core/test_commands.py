"""Every command of the site ends in a sentence: nonsense, a file that is not there, no database, Ctrl-C."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DataError, OperationalError, ProgrammingError

from core.commands import run, sentence_of
from tests.workers import database_url

OURS = {
    path.stem: path
    for app in apps.get_app_configs()
    if Path(app.path).is_relative_to(settings.BASE_DIR) and ".venv" not in app.path
    for path in Path(app.path).glob("management/commands/[a-z]*.py")
}
# What each is asked in earnest.
WORDS = {
    "close_demo_accounts": [],
    "encrypt_second_steps": [],
    "erase_reason": ["1", "--by", "admin"],
    "expire_verifications": [],
    "flush": ["--no-input"],
    "forget_persons": [],
    "issue_client_key": ["Sistema"],
    "load_categories": [],
    "load_organisations": [],
    "load_places": [],
    "load_territories": ["shapefiles/barrios_maipu.shp"],
    "migrate": [],
    "prove_installation": [],
    "remind_gatherings": [],
    "seal_history": [],
    "seed_demo": [],
    "tend": [],
    "verify_list": ["no-existe.json"],
    "work": ["mail"],
    "write_privacy": [],
}
# These need no database.
APART = {"verify_list", "write_privacy"}
FILES = ["load_categories", "load_organisations", "load_places", "load_territories", "verify_list"]
NONSENSE = {
    "erase_reason": [["x", "--by", "admin"], ["1"], [str(2**63), "--by", "nadie"]],
    "issue_client_key": [[], ["x" * 5000]],
    "load_territories": [[], ["x.shp", "--expect", "-1"], ["x.shp", "--drawn-on", "ayer"],
                         ["shapefiles/barrios_maipu.shp", "--tolerance", "nan", "--dry-run"],
                         ["shapefiles/barrios_maipu.shp", "--picture", "/no/existe.svg"]],
    "seal_history": [["--declare", "x"], ["--declare", "-1", "--by", "admin"], ["--check", "--declare", "1"]],
    "seed_demo": [["--issues", "0"], ["--issues", "muchos"], ["--seed", "-1"]],
    "work": [[], ["nada"]],
}  # fmt: skip


def command(*words: str, **env: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url()} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen) -> tuple[int, str]:
    """Exit status and all it said, which holds no traceback and nothing of Python's."""
    out, said = process.communicate(timeout=120)
    assert "Traceback" not in out + said
    assert 'File "' not in out + said
    return process.returncode, out + said


def test_the_table_knows_every_command_of_the_house():
    assert set(WORDS) == set(OURS) - {"__init__"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(set(WORDS) - APART - {"work"}))
def test_without_a_database_it_says_so(name):
    status, said = ended(command(name, *WORDS[name], DATABASE_URL="postgis://mapa:hidden@127.0.0.1:1/mapa"))
    assert status == 1
    assert "La base de datos no responde" in said
    assert "hidden" not in said


def test_ctrl_c_is_a_sentence_and_its_own_exit_status(capsys):
    def interrupted(words: list[str]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as ended_by:
        run(["manage.py", "x"], interrupted)
    assert ended_by.value.code == 130
    assert "Interrumpido" in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "words"), [(name, words) for name, table in NONSENSE.items() for words in table]
)
def test_nonsense_is_refused_in_a_sentence(capsys, name, words):
    with pytest.raises(SystemExit) as refused:
        run(["manage.py", name, *words])
    said = capsys.readouterr().err
    assert refused.value.code in (1, 2)
    assert said.strip()
    assert "falla del programa" not in said
    assert "Traceback" not in said


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(WORDS))
def test_an_option_that_is_none_is_refused(capsys, name):
    with pytest.raises(SystemExit) as refused:
        run(["manage.py", name, *WORDS[name], "--no-existe"])
    assert refused.value.code == 2
    assert "--no-existe" in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/no/existe.csv", "/", "x" * 300, "/dev/null"])
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_none_is_refused_in_a_sentence(capsys, name, path):
    with pytest.raises(SystemExit) as refused:
        run(["manage.py", name, path])
    told = capsys.readouterr()
    assert refused.value.code in (1, 2)
    assert (told.err + told.out).strip()
    assert "falla del programa" not in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("connection refused"), "La base de datos no responde"),
        (DataError("value too long"), "no se guardó nada"),
        (ProgrammingError('relation "x" does not exist'), "migrate"),
        (PermissionError(13, "Permission denied", "/x"), "leer o escribir un archivo"),
        (OSError(28, "No space left on device"), "No space left"),
        (ImproperlyConfigured("SECRET_KEY is too weak"), "SECRET_KEY is too weak"),
        (ZeroDivisionError("vecina@example.cl"), "…@…"),
    ],
)
def test_each_kind_of_fault_has_its_sentence(error, said):
    assert said in sentence_of(error)
    assert "\n" not in sentence_of(error)


@pytest.mark.parametrize(("words", "raised"), [([], SystemExit), (["--traceback"], ZeroDivisionError)])
def test_who_asks_for_the_traceback_gets_it(words, raised):
    def fail(words: list[str]) -> None:
        raise ZeroDivisionError

    with pytest.raises(raised):
        run(["manage.py", "x", *words], fail)


@pytest.mark.django_db
def test_a_town_that_is_seeded_is_said_to_be_there(town, capsys):
    call_command("seed_demo", issues=3, verbosity=0)
    for words in ([], ["--issues=9"], ["--seed=2"]):
        call_command("seed_demo", *words)
        assert "ya está" in capsys.readouterr().out
