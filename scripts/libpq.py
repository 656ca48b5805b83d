"""Reach a database from PostgreSQL's own programs without its password on a command line."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scripts.house import Trouble


def environment(url: str) -> dict[str, str]:
    """The environment with the PG… variables of a DATABASE_URL."""
    parts = urlsplit(url)
    said = {
        "PGHOST": unquote(parts.netloc.rpartition("@")[2].rpartition(":")[0] or parts.hostname or ""),
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return os.environ | {name: value for name, value in said.items() if value}


def program(name: str) -> str:
    """The newest pg_dump, pg_restore or psql here, as it serves older servers; raises Trouble if missing."""
    found = {path.parts[-3]: path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")}
    if found:
        return str(found[max(found, key=float)])
    elsewhere = shutil.which(name)
    if elsewhere is None:
        raise Trouble(f"{name} is missing: apt-get install postgresql-client")
    return elsewhere


def run(url: str, name: str, *arguments: str, or_else: str, input: str | None = None) -> str:
    """Run one of PostgreSQL's programs there; returns its output, Trouble(or_else) when it fails."""
    done = subprocess.run(
        [program(name), *arguments],
        env=environment(url),
        input=input or "",
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()[-1]
        raise Trouble(f"{or_else}: {last}")
    return done.stdout


def sql(url: str, statements: str, or_else: str, database: str | None = None) -> str:
    """Run statements with psql, all or none; returns bare rows."""
    options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-1"]
    where = ["-d", database] if database else []
    return run(url, "psql", *options, *where, or_else=or_else, input=statements).strip()
