"""Reach a database from PostgreSQL's own programs without its password on a command line."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from scripts.house import Trouble


class Urls(NamedTuple):
    """The addresses of one database: as who serves, works, owns and makes backups."""

    web: str
    worker: str
    owner: str
    backup: str

    @classmethod
    def given(cls) -> "Urls":
        """Those of the environment; what it does not name is done by who owns, and that by who serves."""
        web = os.environ.get("DATABASE_URL", "")
        owner = os.environ.get("DATABASE_OWNER_URL") or web
        worker = os.environ.get("DATABASE_WORKER_URL") or owner
        return cls(web, worker, owner, os.environ.get("DATABASE_BACKUP_URL") or owner)

    def of_pages(self) -> dict[str, str]:
        """What the web server is told: who it is, and nobody else."""
        return {"DATABASE_URL": self.web, "DATABASE_WORKER_URL": "", "DATABASE_OWNER_URL": ""}

    def of_workers(self) -> dict[str, str]:
        """The same for commands and workers."""
        return self.of_pages() | {"DATABASE_URL": self.worker}

    def of_tests(self) -> dict[str, str]:
        """What tests are told: tests/environment.py."""
        return self.of_pages() | {"DATABASE_OWNER_URL": self.owner, "DATABASE_BACKUP_URL": self.backup}

    def of_migrations(self) -> dict[str, str]:
        """What prepares a database is told: it works, and owns while it migrates."""
        return self.of_workers() | {"DATABASE_OWNER_URL": self.owner}


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
