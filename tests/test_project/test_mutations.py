"""The mutation run: what counts as noticed, and that it breaks and runs what is there."""

from __future__ import annotations

import tomllib

import pytest

from scripts.house import ROOT
from scripts.mutations import Score, score

TOLD = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]


@pytest.mark.parametrize(
    ("noticed", "survived", "holds"),
    [(95, 5, True), (94, 6, False), (100, 0, True), (0, 0, False), (0, 1, False)],
)
def test_nineteen_of_twenty_changes_have_to_be_noticed(noticed, survived, holds):
    assert Score(noticed, survived).holds is holds


STATS = {"killed": 7, "timeout": 1, "survived": 2, "suspicious": 1, "no_tests": 50, "skipped": 0, "total": 61}


def test_a_hang_is_noticed_and_what_no_test_runs_through_is_left_to_the_coverage():
    assert score(STATS) == Score(noticed=8, survived=3)
    assert str(score(STATS)) == "8 of 11 changes noticed"


def test_what_there_was_no_time_for_is_told_and_is_not_in_the_score():
    found = score(STATS | {"total": 65})
    assert found == Score(8, 3, untried=4)
    assert str(found) == "8 of 11 changes noticed, 4 not tried"


@pytest.mark.parametrize("pattern", TOLD["only_mutate"])
def test_what_is_broken_is_there(pattern):
    assert list(ROOT.glob(pattern))


@pytest.mark.parametrize("path", TOLD["pytest_add_cli_args_test_selection"])
def test_the_tests_near_it_are_there(path):
    assert (ROOT / path).exists()
