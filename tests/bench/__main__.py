"""`python -m tests.bench [--sizes 100000,1000000] [--quick]`: speed against the bare SQL floor.

Needs DATABASE_URL of a server on which databases may be created; the database it names is not touched.
Each size gets a database of its own, seeded, measured and dropped. --quick measures one small size and
leaves docs/benchmarks.md as it is.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.bench.harness import Row
from tests.bench.report import document, screen

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "docs/benchmarks.md"
SIZES = (100_000, 1_000_000)
QUICK = (5_000,)
REPEATS = 15
IN_DJANGO = "import django; django.setup(); from tests.bench import one_size; one_size.main()"


def main(arguments: Sequence[str]) -> int:
    """Measure every size in a process and a database of its own; returns the exit status."""
    wish = _wish(arguments)
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        print("Set DATABASE_URL to a PostgreSQL server with PostGIS, or run `make bench`.", file=sys.stderr)
        return 1
    rows: list[dict[str, object]] = []
    for size in wish.sizes:
        found = _in_a_process(url, size, wish.repeats)
        if not found:
            return 1
        rows += found["rows"]
        _tell(rows, found["machine"], write=not wish.quick)
    return 0


def _wish(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=_sizes, default=None, help="problems, as 100000,1000000")
    parser.add_argument("--quick", action="store_true", help="one small size, no report")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    wish = parser.parse_args(arguments)
    wish.sizes = wish.sizes or (QUICK if wish.quick else SIZES)
    return wish


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(int(part) for part in text.split(","))
    if not all(1 <= size <= 5_000_000 for size in sizes):
        raise argparse.ArgumentTypeError("sizes go from 1 to 5000000")
    return sizes


def _in_a_process(url: str, size: int, repeats: int) -> dict[str, object]:
    print(f"{size:,} problems …", file=sys.stderr)
    with _scratch(url, size) as database, tempfile.TemporaryDirectory() as files:
        env = {"SECRET_KEY": secrets.token_hex(32), "DEMO": "1", "HTTPS": "0", "LOG_LEVEL": "ERROR"}
        env |= os.environ | {"DATABASE_URL": database, "TESTING": "0", "DEBUG": "0"}
        env |= {"MEDIA_ROOT": f"{files}/media", "STATIC_ROOT": f"{files}/static"}
        env |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "-c", IN_DJANGO, str(size), str(repeats)]
        done = subprocess.run(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {}


@contextmanager
def _scratch(url: str, size: int) -> Iterator[str]:
    """The URL of a new database on the same server, dropped at the end."""
    parts = urlsplit(url)
    name = f"mapa_bench_{os.getpid()}_{size}"
    server = urlunsplit(parts._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')


def _tell(rows: list[dict[str, object]], machine: list[str], *, write: bool) -> None:
    measured = [Row(**row) for row in rows]
    print("\n".join(machine))
    print(screen(measured))
    if write:
        REPORT.write_text(document(measured, machine, dt.datetime.now(dt.UTC).date()), encoding="utf-8")
        print(f"Written: {REPORT.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
