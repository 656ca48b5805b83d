"""Makefile and CI: each command leads to a script that exists, and CI runs what people run."""

import os
import re
import subprocess

import pytest

from scripts.house import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()


@pytest.mark.parametrize(
    "target",
    ["run", "test", "try", "lock", "sbom", "behind", "stop", "bench", "storm", "weekly", "backup", "restore"],
)
def test_a_command_runs_a_script_that_exists(target):
    recipe = subprocess.check_output(["make", "-n", target], cwd=ROOT, text=True)
    module = re.search(r"-m scripts\.(\w+)", recipe)[1]
    assert (ROOT / "scripts" / f"{module}.py").is_file()


def test_the_weekly_checks_name_the_packages_they_lack_before_they_begin():
    env = os.environ | {"QGIS_PYTHON": "/bin/false"}
    done = subprocess.run(
        ["make", "weekly", "PART=qgis"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "The weekly checks need: apt-get install" in done.stderr
    assert "python3-qgis" in done.stderr


def test_some_tests_means_naming_them():
    done = subprocess.run(["make", "try"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Say which tests" in done.stderr


def test_help_lists_every_command():
    listed = subprocess.check_output(["make", "help"], cwd=ROOT, text=True)
    targets = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split()
    assert len(targets) >= 8
    assert all(f"make {target}" in listed for target in targets)


def test_ci_runs_what_people_run():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make test" in script.read_text()
    assert "set -euo pipefail" in script.read_text()


# What runs only once the libraries are there.
LATER = {"prepare": {"django", "core"}, "pictures": {"PIL", "playwright"}}


def test_the_start_up_needs_nothing_but_python_itself():
    own = {path.stem for path in (ROOT / "scripts").glob("*.py")}
    for path in (ROOT / "scripts").glob("*.py"):
        imported = set(re.findall(r"^(?:import|from) (\w+)", path.read_text(), re.MULTILINE))
        foreign = {name for name in imported if name not in os.sys.stdlib_module_names | {"scripts"} | own}
        assert foreign <= LATER.get(path.stem, set())
