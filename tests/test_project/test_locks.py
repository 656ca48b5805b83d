"""The lock files: every wish is pinned, tests run on the versions that are served, no machine is named."""

import json
import re
import tomllib

import pytest

from scripts.house import ROOT

PYTHON_LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"]


def pins(name):
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    return dict(line.split("==") for line in lines if line)


def normal(name):
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~!; ]", name)[0]).lower()


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_every_line_of_a_python_lock_pins_one_version(name):
    assert pins(name)
    assert "://" not in (ROOT / name).read_text()
    assert "--" not in (ROOT / name).read_text()


def test_what_is_wished_for_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    app, dev = (
        {normal(n) for n in pins("requirements.txt")},
        {normal(n) for n in pins("requirements-dev.txt")},
    )
    assert {normal(wish) for wish in project["dependencies"]} <= app
    assert {normal(wish) for wish in project["optional-dependencies"]["dev"]} <= dev


def test_tests_run_on_the_versions_that_are_served():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_browser_libraries_are_pinned_with_their_digests():
    wishes = json.loads((ROOT / "package.json").read_text())["dependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert wishes == locked[""]["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wishes.values())
    assert all(entry["integrity"].startswith("sha512-") for path, entry in locked.items() if path)
