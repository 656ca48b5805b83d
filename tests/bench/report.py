"""The figures as a table: on the screen and in docs/benchmarks.md."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tests.bench.harness import Row

HEAD = """# Benchmarks

Written by `make bench` (`python -m tests.bench`) on a database of its own that is dropped afterwards:
generated data of a fixed seed, medians of several runs, ours and the bare SQL floor in turns. Ours and
the floor must give the same answer before anything is timed. Times are seconds of processor, of the
program and of the server process that works for it together, so that they hold on a busy machine too;
what counts is the ratio.

"""
COLUMNS = "| work | problems | ours | floor | ours / floor | goal | note |\n|---|--:|--:|--:|--:|--:|---|\n"


def document(rows: Sequence[Row], machine: Sequence[str], day: dt.date) -> str:
    """docs/benchmarks.md."""
    lines = [f"{day:%Y-%m-%d}. {' '.join(machine)}\n\n", COLUMNS, *(_line(row) for row in rows)]
    return HEAD + "".join(lines)


def screen(rows: Sequence[Row]) -> str:
    """The same for a terminal."""
    return "\n".join(
        f"{row.work[:52]:<52} {row.size:>10,} {units(row.ours):>9} {units(row.floor):>9} {row.ratio:>7.1f}×"
        for row in rows
    )


def units(seconds: float) -> str:
    """A length of time in the unit that reads best."""
    if seconds >= 120:
        return f"{seconds / 60:.1f} min"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"


def _line(row: Row) -> str:
    goal = f"≤ {row.goal:g}" if row.goal else ""
    cells = (
        row.work,
        f"{row.size:,}",
        units(row.ours),
        units(row.floor),
        f"{row.ratio:.1f}",
        goal,
        row.note,
    )
    return "| " + " | ".join(cells) + " |\n"
