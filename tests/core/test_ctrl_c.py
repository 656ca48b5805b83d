"""Ctrl-C, as a terminal sends it (SIGINT to the whole group), while a real command is in the middle of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from core.postgis.rights import WORKER
from scripts.house import ROOT
from tests.core.test_commands import WORDS
from tests.workers import heed_ctrl_c, wait_until

# It asks the database for nothing of its own; without the mark there would be none.
pytestmark = pytest.mark.django_db
# These wait for no lock, and have tests of their own below; privacy.md is written before a finger moves.
APART = {"verify_list", "work", "write_privacy"}
ALL_TABLES = (
    "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables"
    " WHERE schemaname = 'public' AND tableowner = current_user"
)
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND wait_event_type = 'Lock'"


def owners_url() -> str:
    """The test's database as its owner signs in; commands take the role of workers."""
    told = connection.settings_dict | connection.settings_dict["OWNER"]
    where = f"{told['HOST']}:{told['PORT']}/{connection.settings_dict['NAME']}"
    return f"postgis://{told['USER']}:{told['PASSWORD']}@{where}"


def begun(*words: str, **env: str) -> subprocess.Popen:
    """A command in a group of its own, under its own name at the database."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": owners_url(), "DATABASE_ROLE": WORKER, "PGAPPNAME": "interrupted"}
        | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed_ctrl_c,
    )


def interrupted(process: subprocess.Popen) -> tuple[int, str]:
    """Exit status and all it said after Ctrl-C."""
    os.killpg(process.pid, signal.SIGINT)
    out, said = process.communicate(timeout=120)
    assert "Traceback" not in out + said
    assert 'File "' not in out + said
    return process.returncode, out + said


@pytest.fixture
def asked(django_db_setup, django_db_blocker) -> Iterator[psycopg.Connection]:
    """The owner at the test's database, beside Django."""
    with psycopg.connect(owners_url().replace("postgis://", "postgresql://"), autocommit=True) as db:
        yield db


@pytest.fixture
def held(asked) -> Iterator[psycopg.Connection]:
    """Nobody reads or writes a table of the site within the block."""
    tables = asked.execute(ALL_TABLES).fetchone()[0]
    with psycopg.connect(owners_url().replace("postgis://", "postgresql://")) as other:
        other.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        yield asked
        other.rollback()


@pytest.mark.parametrize("name", sorted(set(WORDS) - APART))
def test_each_command_ends_in_a_sentence_in_the_middle_of_its_work(held, name):
    process = begun("manage.py", name, *WORDS[name])
    wait_until(lambda: process.poll() is not None or held.execute(WAITS, ["interrupted"]).fetchone()[0] > 0)
    assert process.poll() is None, process.communicate()
    status, said = interrupted(process)
    assert status == 130
    assert "Interrumpido" in said


def test_a_verifier_that_reads_a_slow_file_does_too(asked, tmp_path):
    pipe = tmp_path / "lista.json"
    os.mkfifo(pipe)
    process = begun("manage.py", "verify_list", str(pipe))
    writer = pipe.open("w")  # returns when the command has opened it to read
    status, said = interrupted(process)
    writer.close()
    assert status == 130
    assert "Interrumpido" in said


@pytest.mark.django_db(transaction=True)
def test_a_worker_ends_what_it_is_at_and_says_so(asked):
    process = begun("manage.py", "work", "mail")
    there = "SELECT count(*) FROM procrastinate_workers"
    wait_until(lambda: asked.execute(there).fetchone()[0] > 0)
    status, said = interrupted(process)
    # A worker that has only just signed in ends as every command does.
    assert (status, "lo que quedó en la cola sigue ahí" in said) == (0, True) or "Interrumpido" in said


# The database's own library is there by then, most of Django not yet.
def test_while_the_command_is_still_starting_it_is_a_sentence_as_well(asked):
    process = begun("manage.py", "seal_history", "--check")

    wait_until(lambda: "psycopg_binary" in Path(f"/proc/{process.pid}/maps").read_text())
    status, said = interrupted(process)
    assert status == 130
    assert "Interrumpido" in said


def test_a_backup_in_the_middle_leaves_no_half_file(held, tmp_path):
    env = {"BACKUP_DIR": str(tmp_path), "DATABASE_OWNER_URL": owners_url(), "DATABASE_BACKUP_URL": ""}
    process = begun("-m", "scripts.backup", **env, MEDIA_ROOT=str(tmp_path / "media"))
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ '^LOCK TABLE'"
    wait_until(lambda: process.poll() is not None or held.execute(waits).fetchone()[0] > 0)
    assert process.poll() is None, process.communicate()
    status, said = interrupted(process)
    assert status == 130
    assert "Stopped" in said
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tar"] == []
