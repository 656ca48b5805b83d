"""Types of the browser's scripts: `make test` reads all of them strictly, and none may be anything."""

import json
import re
from pathlib import Path

import pytest

from scripts.check import STEPS
from scripts.house import ROOT

WORKER = "static/js/pages/walk/worker.js"
CONFIGS = {"types of scripts": "tsconfig.json", "types of the worker": "tsconfig.worker.json"}
# In a type of a comment or of a declaration, not in a sentence.
ANYTHING = re.compile(
    r"\{[^{}\n]*(?<![\w-])any(?![\w-])[^{}\n]*\}|:\s*any\b|<any\b|\bas any\b"
    r"|@ts-(?:ignore|expect-error|nocheck)"
)


def options(name: str) -> dict:
    return json.loads((ROOT / name).read_text())


def scripts() -> list[Path]:
    return sorted([*(ROOT / "static" / "js").rglob("*.js"), *(ROOT / "types").rglob("*.d.ts")])


def test_all_scripts_are_read_and_the_worker_by_itself():
    assert options("tsconfig.json")["include"] == ["static/js", "types"]
    assert options("tsconfig.json")["exclude"] == [WORKER]
    assert options("tsconfig.worker.json")["include"] == [WORKER]
    assert len(scripts()) > 100


@pytest.mark.parametrize(("step", "config"), CONFIGS.items())
def test_a_step_of_the_suite_reads_each_part(step, config):
    (command,) = [command for name, command, _extra in STEPS if name == step]
    assert (ROOT / command[-1]).samefile(ROOT / config) or (ROOT / command[-1] / config).is_file()


def test_they_are_read_strictly():
    compiler = options("tsconfig.json")["compilerOptions"]
    assert compiler["checkJs"] is True
    assert compiler["strict"] is True
    assert options("tsconfig.worker.json")["extends"] == "./tsconfig.json"
    assert not {"strict", "checkJs"} & set(options("tsconfig.worker.json")["compilerOptions"])


def test_nothing_is_anything():
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in scripts()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if ANYTHING.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("/** @param {any} value */", True),
        ("/** @type {Record<string, any>} */", True),
        ("  json: any;", True),
        ("// @ts-ignore", True),
        ("/** Whether any of them {name} is there. */", False),
        ("/** @param {unknown} value of any kind */", False),
    ],
)
def test_a_type_is_told_from_a_sentence(line, refused):
    assert bool(ANYTHING.search(line)) is refused
