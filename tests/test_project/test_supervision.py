"""Whatever of `make run` is killed outright comes back by itself."""

import os
import signal
from pathlib import Path

import pytest

from tests.test_project.checkout import fresh_checkout
from tests.workers import wait_until

# On an idle machine each is back within 15 s; tests share theirs.
SECONDS = 150
ALL = {"web", "chores", "mail"}


@pytest.fixture(scope="module")
def site():
    """A served checkout without a demo."""
    with fresh_checkout() as checkout, checkout.running(DEMO="0"):
        yield checkout


def children(checkout) -> dict[str, int]:
    """The programs of the site by a word of their command line, with their process numbers."""
    parent = (checkout.local / "run.pid").read_text()
    lines = {pid: line for pid, line in processes() if parent_of(pid) == parent}
    words = {"web": "gunicorn", "chores": "work chores long", "mail": "work mail"}
    return {name: pid for name, word in words.items() for pid, line in lines.items() if word in line}


def processes():
    """(number, command line) of all that run."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield int(folder.name), (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue


def parent_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
    except OSError:
        return ""


def database(checkout) -> int:
    """The process number of the database server, 0 without one."""
    file = checkout.local / "postgres" / "data" / "postmaster.pid"
    try:
        pid = int(file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pid if Path(f"/proc/{pid}").exists() else 0


def is_ready(checkout) -> bool:
    try:
        return checkout.get("/readyz")[0] == 200
    except OSError:
        return False


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_killed_program_is_back(site, name):
    wait_until(lambda: set(children(site)) == ALL, SECONDS)
    before = children(site)[name]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: children(site).get(name, before) != before and is_ready(site), SECONDS)


def test_a_killed_database_is_back_and_everything_with_it(site):
    before = database(site)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: database(site) not in (0, before) and is_ready(site), SECONDS)
    wait_until(lambda: set(children(site)) == ALL, SECONDS)
