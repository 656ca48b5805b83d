"""What every measurement shares: a row of the report, a clock, and what machine this is."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from django.db import connection

COLUMNS = """
SELECT quote_ident(attname) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""


@dataclass(frozen=True)
class Row:
    """One piece of work at one size: processor seconds of ours and of the floor. `goal` is a ratio, or 0."""

    work: str
    size: int
    ours: float
    floor: float
    goal: float = 0
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.ours / self.floor if self.floor else 0.0


@dataclass(frozen=True)
class Context:
    """What a measurement may use: a database seeded with `size` problems, and how often to repeat."""

    size: int
    repeats: int
    seeded_in: float
    seeded_on_the_wall: float


def timed(work: Callable[[], object], repeats: int) -> float:
    """Median seconds of some runs, after one to warm up."""
    work()
    return median(once(work) for _ in range(repeats))


def once(work: Callable[[], object]) -> float:
    """Seconds of processor one run takes here and in its database connection."""
    since = clock()
    work()
    return clock() - since


def clock() -> float:
    """Seconds of processor used so far by this process and the server process that works for it.

    Steady on a busy machine. Where the server is on another machine: seconds on the wall.
    """
    spent = _spent_by(_server_process())
    return perf_counter() if spent is None else process_time() + spent


def _server_process() -> int:
    connection.ensure_connection()
    return connection.connection.info.backend_pid


def _spent_by(process: int) -> float | None:
    schedstat = Path(f"/proc/{process}/schedstat")
    comm = Path(f"/proc/{process}/comm")
    if not schedstat.exists() or "postgres" not in comm.read_text(encoding="utf-8"):
        return None
    return int(schedstat.read_text(encoding="utf-8").split()[0]) / 1e9


def side_by_side(
    ours: Callable[[], object], floor: Callable[[], object], repeats: int
) -> tuple[float, float]:
    """Median seconds of both, run in turns so that a busy machine slows both."""
    ours()
    floor()
    pairs = [(once(ours), once(floor)) for _ in range(repeats)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def fetched(sql: str, params: Sequence[object] | dict[str, object] = ()) -> list[tuple[object, ...]]:
    """All rows of a bare statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def columns_of(table: str) -> list[str]:
    """The columns of a table that can be written, quoted, in their order."""
    return [str(name) for (name,) in fetched(COLUMNS, [table])]


def must_agree(what: str, ours: object, floor: object) -> None:
    """Figures of two programs that answer differently mean nothing."""
    if ours != floor:
        raise AssertionError(f"{what}: ours and the floor do not agree")


def machine() -> list[str]:
    """Processor, cores and versions; neither names nor folders."""
    server = fetched("SELECT current_setting('server_version'), postgis_lib_version()")[0]
    return [
        f"Processor: {_processor()}, {os.cpu_count()} cores.",
        f"PostgreSQL {str(server[0]).split()[0]}, PostGIS {server[1]}, Python {platform.python_version()}.",
        f"Load average of the last minute at the end: {os.getloadavg()[0]:.1f}.",
    ]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
