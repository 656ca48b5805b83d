"""Types: `make test` reads all of the house strictly, and what it lets pass has its reason beside it."""

import re
import tomllib
from pathlib import Path

import pytest

from scripts.check import STEPS
from scripts.house import ROOT

OPTIONS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
CONFIGURED = (ROOT / "pyproject.toml").read_text().split("[tool.mypy]")[1].split("\n[tool.")[0]
# Tests are read by people only.
NOT_READ = {"tests"}
IGNORED = re.compile(r"# type: ignore(?!\[[\w, -]+\]  # \w)")


def python_folders() -> set[str]:
    return {file.relative_to(ROOT).parts[0] for file in ROOT.glob("[a-z]*/*.py")} - {"node_modules"}


def house() -> list[Path]:
    return [file for name in OPTIONS["files"] for file in [ROOT / name, *(ROOT / name).rglob("*.py")]]


def test_every_folder_of_the_house_is_read():
    assert set(OPTIONS["files"]) == (python_folders() - NOT_READ) | {"manage.py"}


def test_the_step_reads_what_is_configured_and_nothing_less():
    (command,) = [command for name, command, _extra in STEPS if name == "types"]
    assert not [word for word in command if word.endswith(".py") or word in OPTIONS["files"]]


def test_what_of_strict_is_off_says_why():
    assert OPTIONS["strict"] is True
    switched_off = [line for line in CONFIGURED.splitlines() if " = false" in line]
    assert switched_off
    assert [line for line in switched_off if not re.search(r"false  # \w", line)] == []


def test_nothing_is_ignored_without_its_code_and_its_reason():
    lines = [
        f"{file}:{number}"
        for file in house()
        if file.suffix == ".py"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if IGNORED.search(line)
    ]
    assert lines == []


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("a = b  # type: ignore", True),
        ("a = b  # type: ignore[misc]", True),
        ("a = b  # type: ignore[misc]  # the stubs know less", False),
    ],
)
def test_a_reason_is_words_after_the_code(line, refused):
    assert bool(IGNORED.search(line)) is refused
