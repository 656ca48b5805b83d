"""`make run` in a fresh checkout: what it serves, how it ends, and how it goes on after any interruption."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from scripts.house import ROOT

# Nothing of the test run's own environment: no DATABASE_URL, no settings.
PLAIN = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


class Checkout:
    """A clone of what is committed, with the installed libraries of this checkout."""

    def __init__(self, folder):
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def make(self, *arguments, **more):
        """Run make to its end; returns the finished process."""
        return subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env=PLAIN | {"PORT": str(self.port)} | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    @contextlib.contextmanager
    def running(self, **more):
        """`make run` until the block ends, with what it printed before it served."""
        process = subprocess.Popen(
            ["make", "run"],
            cwd=self.folder,
            env=PLAIN | {"PORT": str(self.port)} | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield process, "".join(iter_until(process.stdout, "Ctrl-C"))
        finally:
            self.make("stop")
            process.wait(60)

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()

    def has_database(self):
        """Whether a database server of this checkout runs."""
        pid = self.folder / ".local" / "postgres" / "data" / "postmaster.pid"
        return pid.exists()


def iter_until(lines, word):
    for line in lines:
        yield line
        if word in line:
            return


@pytest.fixture(scope="module")
def checkout():
    """One clone for all tests of this file, which may come in any order."""
    above = Path(tempfile.mkdtemp(prefix="mapa-checkout-"))
    above.chmod(0o711)
    folder = above / "mapa"
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(folder)], check=True)
    for name in (".venv", "node_modules"):
        (folder / name).symlink_to((ROOT / name).resolve())
    made = Checkout(folder)
    yield made
    made.make("stop")
    shutil.rmtree(above)


@pytest.mark.parametrize(
    "word", ["Starting the database", "Bringing the database", "Loading the demo", "web server"]
)
def test_a_start_that_was_killed_is_taken_up_by_the_next_one(checkout, word):
    process = subprocess.Popen(
        ["make", "run"],
        cwd=checkout.folder,
        env=PLAIN | {"PORT": str(checkout.port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said = list(iter_until(process.stdout, word))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    with checkout.running() as (_, printed):
        assert checkout.get("/readyz")[0] == 200, said
    assert "Demo logins" in printed


def test_it_prints_pages_and_logins_that_are_true(checkout):
    with checkout.running() as (_, printed):
        paths = re.findall(rf"  http://127\.0\.0\.1:{checkout.port}(/\S*)  ", printed)
        assert "/caminata/" in paths
        assert len(paths) >= 6
        assert all(checkout.get(path)[0] == 200 for path in paths)
        assert [
            name for name in ("facilitadora", "direccion", "alcaldia", "admin") if name not in printed
        ] == []
        kept = checkout.folder / ".local" / "demo-password"
        assert kept.read_text() in printed
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_password_of_ones_own_is_honoured(checkout):
    with checkout.running(DEMO_PASSWORD="vecinas-y-vecinos") as (_, printed):
        assert "password vecinas-y-vecinos" in printed


def test_static_files_have_hashed_names_and_are_served_for_ever(checkout):
    with checkout.running():
        page = checkout.get("/")[1]
        sheets = re.findall(r'href="(/static/[^"]+\.css)"', page)
        assert sheets
        assert all(re.search(r"\.[0-9a-f]{12}\.css$", sheet) for sheet in sheets)
        with urllib.request.urlopen(f"http://127.0.0.1:{checkout.port}{sheets[0]}", timeout=20) as answer:
            assert "immutable" in answer.headers["Cache-Control"]


def test_every_import_between_modules_carries_a_hashed_name(checkout):
    with checkout.running():
        manifest = json.loads((checkout.folder / ".local" / "static" / "staticfiles.json").read_text())[
            "paths"
        ]
    own = [hashed for name, hashed in manifest.items() if name.startswith("js/") and name.endswith(".js")]
    assert own
    for hashed in own:
        text = (checkout.folder / ".local" / "static" / hashed).read_text()
        imports = re.findall(r"""^(?:import|export)\b[^;]*?["'](\.[^"']+)["']""", text, re.MULTILINE)
        assert text.strip()
        assert [name for name in imports if not re.search(r"\.[0-9a-f]{12}\.m?js$", name)] == [], hashed


def test_the_second_start_is_quick(checkout):
    with checkout.running():
        pass
    since = time.monotonic()
    with checkout.running():
        assert time.monotonic() - since < 20  # 10 s on an idle machine; tests share theirs


def test_stop_ends_web_server_and_database(checkout):
    with checkout.running() as (process, _):
        assert checkout.has_database()
        assert checkout.make("stop").returncode == 0
        process.wait(30)
        assert not checkout.has_database()
    assert "Nothing was running" in checkout.make("stop").stdout


def test_ctrl_c_ends_web_server_and_database(checkout):
    with checkout.running() as (process, _):
        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)
        assert not checkout.has_database()


def test_a_second_start_in_the_same_folder_is_refused_in_one_sentence(checkout):
    with checkout.running():
        second = checkout.make("run")
    assert second.returncode != 0
    assert "already at work" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_busy_port_is_said_in_one_sentence_and_leaves_nothing_running(checkout):
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind(("127.0.0.1", checkout.port))
        taker.listen()
        refused = checkout.make("run")
    assert refused.returncode != 0
    assert f"Port {checkout.port} is in use" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not checkout.has_database()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "ocho", "8000; ls"])
def test_an_impossible_port_is_said_in_one_sentence(checkout, port):
    refused = checkout.make("run", PORT=port)
    assert "PORT must be a number from 1 to 65535" in refused.stderr


def test_a_database_that_is_away_is_said_in_one_sentence_and_no_cluster_is_made(checkout):
    refused = checkout.make("run", DATABASE_URL="postgis://mapa:hidden@127.0.0.1:1/mapa")
    assert "The database cannot be reached" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr
    assert "hidden" not in refused.stdout + refused.stderr
    assert not checkout.has_database()


def test_a_backup_of_the_running_site_can_be_restored_when_it_is_stopped(checkout):
    with checkout.running():
        assert checkout.make("backup").returncode == 0
        made = sorted((checkout.folder / ".local" / "backups").glob("*.tar"))[-1]
        assert "site is running" in checkout.make("restore", f"FILE={made}").stderr
        assert checkout.get("/readyz")[0] == 200
    restored = checkout.make("restore", f"FILE={made}")
    assert restored.returncode == 0, restored.stderr
    with checkout.running():
        assert checkout.get("/readyz")[0] == 200
