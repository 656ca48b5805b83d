"""The weekly laboratory: what is due, what is asked for, and a page that tells the truth."""

from __future__ import annotations

import datetime as dt
import subprocess

import pytest

from scripts.house import ROOT, Trouble
from scripts.weekly import FRESH_DAYS, PAGE, PARTS, Outcome, chosen, outcomes, page

TODAY = dt.date(2026, 12, 7)


def ran(days_ago: int, outcome: str = "passed") -> Outcome:
    return Outcome(f"{TODAY - dt.timedelta(days=days_ago)}", "all", "5 min", outcome)


@pytest.mark.parametrize(
    ("last", "is_due"),
    [
        (None, True),
        (ran(0), False),
        (ran(FRESH_DAYS), False),
        (ran(FRESH_DAYS + 1), True),
        (ran(0, "failed"), True),
    ],
)
def test_a_run_that_was_cut_short_goes_on_with_what_did_not_pass_yet(last, is_due):
    before = {name: ran(0) for name in PARTS} | ({"storm": last} if last else {})
    if last is None:
        del before["storm"]
    assert chosen("", before, TODAY) == (["storm"] if is_due else [])


def test_what_is_asked_for_runs_whether_it_is_due_or_not():
    fresh = {name: ran(0) for name in PARTS}
    assert chosen("qgis proxy", fresh, TODAY) == ["qgis", "proxy"]
    assert chosen("all", fresh, TODAY) == list(PARTS)


def test_a_part_that_is_none_is_told_with_those_there_are():
    with pytest.raises(Trouble, match=r"hurricane.*storm"):
        chosen("storm hurricane", {}, TODAY)


def test_the_page_dates_each_part_and_names_those_that_never_ran():
    text = page({"storm": ran(3)})
    rows = {line.split("`")[1]: line for line in text.splitlines() if line.startswith("| `")}
    assert set(rows) == set(PARTS)
    assert "2026-12-04 | all | 5 min | passed" in rows.pop("storm")
    assert all("| never |" in row for row in rows.values())


def test_what_the_page_says_is_read_back_as_it_was():
    found = {"storm": ran(3), "proxy": ran(1, "failed")}
    assert outcomes(page(found)) == found


def test_the_page_in_the_documentation_is_one_of_these():
    assert page(outcomes(PAGE.read_text())) == PAGE.read_text(), "write it anew: make weekly PART=…"


def test_the_command_refuses_a_part_that_is_none():
    told = ["make", "weekly", "PART=hurricane"]
    done = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "No such part: hurricane" in done.stderr
