"""The harness of the measurements: its clock, its table, its refusals."""

import datetime as dt
import subprocess
import sys

import pytest
from django.conf import settings

from tests.bench.harness import Row, clock, machine, must_agree, side_by_side
from tests.bench.report import document, screen, units

ROW = Row("desk, narrow", 100_000, 0.004, 0.002, goal=3.0, note="a note")


def test_a_row_tells_how_many_times_the_floor_it_took():
    assert ROW.ratio == 2.0
    assert Row("no floor", 1, 1.0, 0.0).ratio == 0.0


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.00042, "0.42 ms"), (0.25, "250.00 ms"), (3.0, "3.00 s"), (150.0, "2.5 min")]
)
def test_times_are_told_in_the_unit_that_reads_best(seconds, text):
    assert units(seconds) == text


def test_the_report_is_one_table_line_for_each_row():
    text = document([ROW], ["Processor: some."], dt.date(2026, 11, 22))
    assert "| desk, narrow | 100,000 | 4.00 ms | 2.00 ms | 2.0 | ≤ 3 | a note |" in text
    assert "2.0×" in screen([ROW])


@pytest.mark.django_db
def test_the_clock_goes_on_with_work_in_program_and_database():
    since = clock()
    sum(range(200_000))
    assert clock() > since
    ours, floor = side_by_side(lambda: sum(range(100_000)), lambda: None, 3)
    assert ours > floor


def test_answers_that_differ_stop_the_measurement():
    with pytest.raises(AssertionError, match="desk"):
        must_agree("desk", [1], [2])


@pytest.mark.django_db
def test_the_machine_is_told_without_names_or_folders():
    told_as = " ".join(machine())
    assert "PostgreSQL" in told_as
    assert "cores" in told_as
    assert "/" not in told_as.replace("/ floor", "")


def test_without_a_database_it_says_what_to_do():
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick"],
        capture_output=True, text=True, cwd=settings.BASE_DIR, env={"PATH": "/usr/bin:/bin"}, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
