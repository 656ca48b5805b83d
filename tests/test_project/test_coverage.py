"""The floor of branches: each app by itself, and nothing measured is no pass."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib

import pytest
from coverage import CoverageData

from scripts.check import FLOORED, STEPS
from scripts.coverage import Reach, reach
from scripts.house import ROOT


def told(branches: int, of_branches: int, *, lines: int = 1, of_lines: int = 1) -> dict:
    summary = {
        "covered_branches": branches,
        "num_branches": of_branches,
        "covered_lines": lines,
        "num_statements": of_lines,
    }
    return {"summary": summary}


@pytest.mark.parametrize(
    ("branches", "of_branches", "holds"),
    [(9, 10, True), (90, 100, True), (89, 100, False), (899, 1000, False), (10, 10, True), (0, 0, False)],
)
def test_nine_of_ten_branches_keep_the_floor_and_one_less_does_not(branches, of_branches, holds):
    assert Reach(1, 1, branches, of_branches).holds is holds


def test_no_app_hides_behind_another():
    files = {f"{app}/models.py": told(1000, 1000) for app in FLOORED}
    files["walks/sync/inbox.py"] = told(0, 200)
    found = reach({"files": files})
    assert [app for app, reached in found.items() if not reached.holds] == ["walks"]


def test_an_app_of_which_nothing_was_measured_does_not_pass():
    found = reach({"files": {"accounts/models.py": told(10, 10)}})
    assert not found["issues"].holds
    assert str(found["issues"]) == "nothing of branches, nothing of lines"


def test_the_figure_is_never_rounded_up_to_the_floor():
    assert str(Reach(1, 1, 8999, 10000)).startswith("89.9 %")


def test_lines_are_told_but_only_branches_are_held():
    assert Reach(1, 100, 9, 10).holds


def test_without_a_file_of_measures_the_step_fails_and_says_so(tmp_path):
    env = os.environ | {"COVERAGE_FILE": str(tmp_path / "none")}
    command = [sys.executable, "-m", "scripts.coverage"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Nothing was measured" in done.stderr


def test_make_test_measures_every_test_without_a_browser_and_then_holds_the_floor():
    steps = {name: command for name, command, _extra in STEPS}
    assert "--cov" in steps["tests"]
    assert not [word for word in steps["tests"] if word.startswith(("tests/", "--ignore"))]
    names = list(steps)
    assert names.index("coverage") == names.index("tests") + 1


def test_what_is_measured_are_the_apps_with_a_floor():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["coverage"]["run"]
    assert sorted(told["source"]) == sorted(FLOORED)


CHILD = """import sys
if len(sys.argv) > 1:
    print("told")
if len(sys.argv) > 2:
    print("never")
"""
STARTS = """import subprocess, sys
def test_{name}():
    subprocess.run([sys.executable, "-m", "accounts.child", *{words}], check=True)
"""


def test_programs_that_tests_start_are_counted_on_every_worker(tmp_path):
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts" / "child.py").write_text(CHILD)
    (tmp_path / "test_one.py").write_text(STARTS.format(name="one", words=[]))
    (tmp_path / "test_other.py").write_text(STARTS.format(name="other", words=["word"]))
    env = {"PATH": os.environ["PATH"], "COVERAGE_FILE": str(tmp_path / "measured")}
    options = ["-c", os.devnull, "--rootdir", ".", "-p", "no:cacheprovider", "-q", "-n", "2"]
    measure = ["--cov", f"--cov-config={ROOT / 'pyproject.toml'}", "--cov-report="]
    command = [sys.executable, "-m", "pytest", *options, *measure, "."]
    subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, check=True)
    data = CoverageData(env["COVERAGE_FILE"])
    data.read()
    (child,) = data.measured_files()
    assert set(data.arcs(child) or ()) >= {(2, 3), (2, 4), (4, -1)}
    assert (4, 5) not in set(data.arcs(child) or ())
