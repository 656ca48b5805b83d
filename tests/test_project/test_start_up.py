"""`make run`: how it ends, how it refuses, and how it goes on after any interruption."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from tests.test_project.checkout import fresh_checkout

EMPTY = {"DEMO": "0"}


@pytest.fixture(scope="module")
def checkout():
    """One clone for all tests of this file, which may come in any order."""
    with fresh_checkout() as made:
        yield made


@pytest.mark.parametrize("word", ["Making the database", "Starting the database", "Bringing", "web server"])
def test_a_start_that_was_killed_is_taken_up_by_the_next_one(checkout, word):
    checkout.kill_at(word, **EMPTY)
    with checkout.running(**EMPTY):
        assert checkout.get("/readyz")[0] == 200


def test_libraries_that_belong_to_another_folder_are_left_as_they_are():
    with fresh_checkout() as other:
        linked = other.folder / ".venv"
        shared = linked.resolve()
        before = sorted(shared.iterdir()), (shared / ".installed-dev").read_text()
        lock = other.folder / "requirements.txt"
        lock.write_text(lock.read_text() + "# settled anew\n")
        install = "from scripts.environment import ensure_python; ensure_python('app')"
        nothing_there = other.environment(PIP_NO_INDEX="1", PIP_FIND_LINKS="")
        told = subprocess.run(
            [sys.executable, "-c", install],
            cwd=other.folder,
            env=nothing_there,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "could not be installed" in told.stderr
        assert not linked.is_symlink()
        assert (sorted(shared.iterdir()), (shared / ".installed-dev").read_text()) == before


def test_without_a_demo_it_prints_no_login_and_says_how_to_make_the_first(checkout):
    with checkout.running(**EMPTY) as (_, printed):
        assert "make manage CMD=createsuperuser" in printed
        assert "password" not in printed


def test_the_second_start_is_quick(checkout):
    with checkout.running(**EMPTY):
        pass
    before = os.times().children_user
    with checkout.running(**EMPTY):
        pass
    # Processor seconds, not the clock's: tests share their machine. 10 s is the promise on an idle one.
    assert os.times().children_user - before < 15


def test_stop_ends_web_server_and_database(checkout):
    with checkout.running(**EMPTY) as (process, _):
        assert checkout.has_database()
        assert checkout.make("stop").returncode == 0
        assert process.wait(30) == 0
        assert not checkout.has_database()
    assert "Nothing was running" in checkout.make("stop").stdout


def test_ctrl_c_ends_web_server_and_database(checkout):
    with checkout.running(**EMPTY) as (process, _):
        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)
        assert not checkout.has_database()


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
    assert "PORT must be a number from 1 to 65535" in checkout.make("run", PORT=port).stderr


def test_a_database_that_is_away_is_said_in_one_sentence_and_no_cluster_is_started(checkout):
    refused = checkout.make("run", DATABASE_URL="postgis://mapa:hidden@127.0.0.1:1/mapa")
    assert "The database cannot be reached" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "hidden" not in refused.stdout + refused.stderr
    assert not checkout.has_database()


def test_what_was_backed_up_can_be_restored_and_served(checkout):
    with checkout.running(**EMPTY):
        assert checkout.make("backup").returncode == 0
    made = sorted((checkout.local / "backups").glob("*.tar"))[-1]
    restored = checkout.make("restore", f"FILE={made}")
    assert restored.returncode == 0, restored.stderr
    with checkout.running(**EMPTY):
        assert checkout.get("/readyz")[0] == 200
