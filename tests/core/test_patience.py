"""A database that hangs (SIGSTOP) and one that is slow: told quickly, and back by itself."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection

from scripts import cluster as clusters
from scripts.cluster import Cluster, free_port
from scripts.house import PYTHON
from tests.workers import wait_until

FAST = {"STATEMENT_SECONDS": "3", "LOCK_SECONDS": "1"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster of its own, which may be stopped without stopping anybody else's."""
    above = Path(tempfile.mkdtemp(prefix="mapa-hung-"))
    above.chmod(0o711)
    home = above / "home"
    home.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(home, clusters._owner())
    made = Cluster(home, clusters._owner(), durable=False)
    made.start()
    yield made
    made.stop()
    shutil.rmtree(above)


def programs_of(cluster: Cluster) -> list[int]:
    """The server and all of its children."""
    server = cluster._recorded_pid()
    told = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(server)], capture_output=True, text=True, check=True
    )
    return [server, *map(int, told.stdout.split())]


@contextlib.contextmanager
def hung(cluster: Cluster) -> Iterator[None]:
    """Nothing of the server moves within the block; the kernel still takes what is sent to it."""
    stopped = programs_of(cluster)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


class Site:
    """The web server on the cluster, empty but for its tables."""

    def __init__(self, port: int) -> None:
        self.port = port

    def status(self, path: str) -> int:
        """What a page answers; 0 when nobody does within 30 s."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


@pytest.fixture(scope="module")
def site(cluster) -> Iterator[Site]:
    """gunicorn with two threads, as it serves."""
    made = Site(free_port(8950))
    told = {"DATABASE_URL": cluster.url(), "PORT": str(made.port), "WEB_CONCURRENCY": "1", "WEB_THREADS": "2"}
    env = os.environ | told | FAST | {"METRICS_PORT": ""}
    here = {"env": env, "cwd": django_settings.BASE_DIR}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], check=True, **here)
    command = [str(PYTHON.with_name("gunicorn")), "--config", "config/gunicorn.py", "config.wsgi:application"]
    process = subprocess.Popen(command, **here)
    wait_until(lambda: made.status("/readyz") == 200)
    yield made
    process.terminate()
    process.wait(60)


def test_a_hung_database_is_told_and_comes_back_by_itself(cluster, site):
    assert site.status("/") == 200
    with hung(cluster):
        # Had it waited for the database, nobody would have answered within the 30 s.
        assert [site.status(path) for path in ("/readyz", "/", "/api/v1/issues/", "/readyz")] == [503] * 4
        assert site.status("/healthz") == 200
    wait_until(lambda: [site.status(path) for path in ("/readyz", "/")] == [200, 200], seconds=60)


def test_whoever_comes_first_after_it_hung_is_told_too(cluster):
    env = os.environ | {"SERVING": "1", "DATABASE_URL": cluster.url()}
    env |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
    with hung(cluster):
        asked = [sys.executable, "-c", FIRST]
        told = subprocess.run(asked, env=env, cwd=django_settings.BASE_DIR, capture_output=True, text=True)
    assert told.stdout.split() == ["OperationalError"] * 2, told.stderr


def test_the_data_of_a_new_cluster_carries_checksums(cluster):
    with psycopg.connect(cluster.url().replace("postgis://", "postgresql://")) as db:
        assert db.execute("SHOW data_checksums").fetchone()[0] == "on"


# A process without a connection asks twice.
FIRST = """
import django
django.setup()
from django.db import connection, OperationalError
for attempt in range(2):
    try:
        connection.ensure_connection()
    except OperationalError as error:
        print(type(error).__name__)
"""
# What a page's connection and a command's are told.
TOLD = {
    "statement_timeout": ("20s", "1h"),
    "lock_timeout": ("8s", "2min"),
    "idle_in_transaction_session_timeout": ("1min", "1h"),
}
ASK = """
import django
django.setup()
from django.db import connection
connection.ensure_connection()
print(connection.connection.patience)
for name in {names}:
    print(connection.connection.execute("SHOW " + name).fetchone()[0])
"""


@pytest.mark.parametrize(("serving", "patience"), [("1", "22"), ("0", "None")])
def test_pages_give_up_soon_and_commands_late(cluster, serving, patience):
    env = os.environ | {"SERVING": serving, "DATABASE_URL": cluster.url()}
    env |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
    here = {"env": env, "cwd": django_settings.BASE_DIR, "check": True}
    asked = [sys.executable, "-c", ASK.format(names=list(TOLD))]
    told = subprocess.run(asked, capture_output=True, text=True, **here).stdout.split()
    assert told == [patience, *(ends[serving == "0"] for ends in TOLD.values())]


@pytest.mark.django_db(transaction=True)
def test_a_connection_given_up_is_closed_and_the_next_question_gets_a_new_one():
    connection.ensure_connection()
    connection.connection.patience = 0.2
    with pytest.raises(OperationalError, match="says nothing"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(30)")
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
