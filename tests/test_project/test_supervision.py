"""Whatever of `make run` is killed outright comes back by itself."""

import os
import re
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_project.checkout import fresh_checkout
from tests.workers import wait_until

# What docs/operations.md promises; and for what is no promise, such as the first start.
PROMISED, SECONDS = 15, 150
ALL = {"web", "chores", "mail"}


@pytest.fixture(scope="module")
def site():
    """A served checkout without a demo; `printed` is what the start said."""
    with fresh_checkout() as checkout, checkout.running(DEMO="0") as (_, printed):
        checkout.printed = printed
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


def back(name: str, what: Callable[[], bool]) -> None:
    """Wait for it as long as is promised, and say how long it took.

    The promise is that of a machine that has a processor for it: where several wait for each, it is as many
    times longer.
    """
    began, waiting = time.monotonic(), os.getloadavg()[0] / (os.cpu_count() or 1)
    wait_until(what, PROMISED * max(1.0, waiting))
    print(f"{name}: back after {time.monotonic() - began:.1f} s, {waiting:.1f} waiting for each processor")


def test_the_metrics_are_where_the_start_says_and_not_on_the_site(site):
    address = re.search(r"http://127\.0\.0\.1:\d+/metrics", site.printed)[0]

    def counts_the_clock() -> bool:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return "\nmapa_clock_age_seconds " in answer.read().decode()

    wait_until(counts_the_clock, SECONDS)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        site.get("/metrics")


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_killed_program_is_back(site, name):
    wait_until(lambda: set(children(site)) == ALL, SECONDS)
    before = children(site)[name]
    os.kill(before, signal.SIGKILL)
    back(name, lambda: children(site).get(name, before) != before and is_ready(site))


def test_a_killed_database_is_back_and_everything_with_it(site):
    before = database(site)
    os.kill(before, signal.SIGKILL)
    back("database", lambda: database(site) not in (0, before) and is_ready(site))
    wait_until(lambda: set(children(site)) == ALL, SECONDS)
