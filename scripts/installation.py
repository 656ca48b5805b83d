"""The parts of an installation, its database, and the environment of its programs."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from scripts import environment, packages, translations
from scripts.cluster import Cluster, private_cluster
from scripts.house import ROOT, VENV, Trouble, is_process, kept_secret, local, only_one
from scripts.libpq import Urls

PRIVATE = "postgres"
FOR_TESTS = "postgres-test"
FOR_BENCH = "postgres-bench"


def given_database() -> str:
    """The DATABASE_URL of the environment, or nothing: then a private cluster is used."""
    return os.environ.get("DATABASE_URL", "")


def ensure_parts(kind: str) -> None:
    """System packages, Python and browser libraries, translations: for "app" or "dev", what is missing."""
    groups = ["app", "client" if given_database() else "cluster", *(["test"] if kind == "dev" else [])]
    with only_one("setup", "Another `make` is preparing this folder; start again when it is done"):
        packages.ensure(*groups)
        environment.ensure_python(kind)
        environment.ensure_browser_libraries(kind)
        translations.ensure()


@contextlib.contextmanager
def database(name: str = PRIVATE, *, durable: bool = True) -> Iterator[Urls]:
    """The URLs of the given database or, without one, of the private cluster, which runs inside the block.

    After it the cluster is ended, unless `make run` is serving from it.
    """
    if given_database():
        yield Urls.given()
        return
    cluster = private_cluster(name, durable=durable)
    try:
        cluster.start()
        yield cluster.urls()
    finally:
        if name != PRIVATE or run_process() in (None, os.getpid()):
            cluster.stop()


def web_port() -> int:
    """PORT of the environment, 8000 without one; raise Trouble unless it is a port a program may have."""
    asked = os.environ.get("PORT") or "8000"
    if not asked.isascii() or not asked.isdigit() or not 0 < int(asked) < 65_536:
        raise Trouble(f"PORT must be a number from 1 to 65535, and is {asked!r}")
    return int(asked)


def app_environment(database: dict[str, str]) -> dict[str, str]:
    """The environment for config/settings.py, for plain HTTP on this machine; the caller's values win.

    `database` is one of the answers of Urls: who the process is there.
    """
    ours = {
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": kept_secret(local("secret-key"), size=64),
        "MEDIA_ROOT": str(local("media")),
        "STATIC_ROOT": str(local("static")),
        "SITE_URL": f"http://127.0.0.1:{web_port()}",
        "DEMO": "0" if given_database() else "1",
        "PORT": str(web_port()),
    }
    path = f"{VENV / 'bin'}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    return ours | os.environ | {"DATABASE_BACKUP_URL": "", "PATH": path} | database


def run_process() -> int | None:
    """The `make run` of this checkout, if any: a number is believed only with its name and folder."""
    pid_file = local("run.pid")
    pid = int(pid_file.read_text()) if pid_file.is_file() else 0
    return pid if pid and is_process(pid, "scripts.run") and _folder_of(pid) == ROOT else None


def _folder_of(pid: int) -> Path | None:
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True)
    except OSError:
        return None


def existing_clusters() -> list[Cluster]:
    """The clusters ever made for this checkout."""
    names = (PRIVATE, FOR_TESTS, FOR_BENCH)
    return [private_cluster(name, durable=name != FOR_TESTS) for name in names if local(name).is_dir()]
