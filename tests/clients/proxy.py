"""The site behind Caddy with our own deploy/Caddyfile (`make weekly PART=proxy`): apt-get install caddy.

Half requests, shares by the address that Caddy tells, and what must pass through it as before.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.lanes import PUBLIC, lanes
from scripts.cluster import free_port
from tests.strangers import BODY, HEAD, a_locked_table, a_server, ask, crowd, drips
from tests.workers import wait_until

CADDYFILE = Path(settings.BASE_DIR) / "deploy" / "Caddyfile"
PAGES = {"/": 200, "/gestion/": 302, "/caminata/": 200, "/api/v1/issues/": 200, "/readyz": 200}
BEHIND = {"BEHIND_PROXY": "1", "LOCK_SECONDS": "100", "STATEMENT_SECONDS": "100"}
# The server's own deadlines, off, so that only Caddy's are seen.
NEVER = {"WEB_HEADER_SECONDS": "0", "WEB_BODY_SECONDS": "0"}

pytestmark = pytest.mark.django_db


@contextlib.contextmanager
def behind_caddy(folder: Path, *words: str, text: str = "", **told: str) -> Iterator[int]:
    """The server with Caddy in front, plain HTTP; the port that Caddy answers on."""
    with a_server(*words, **BEHIND | told) as server:
        port, file = free_port(8970), folder / "Caddyfile"
        file.write_text(text or CADDYFILE.read_text())
        env = os.environ | {
            "SITE_HOST": f"http://127.0.0.1:{port}", "SITE_UPSTREAM": f"127.0.0.1:{server}",
            "CADDY_ADMIN": f"127.0.0.1:{free_port(8990)}",
            "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
        }  # fmt: skip
        command = ["caddy", "run", "--config", str(file), "--adapter", "caddyfile"]
        process = subprocess.Popen(command, env=env)
        try:
            wait_until(lambda: ask(port, "/healthz", seconds=2).status == 200)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def statuses(port: int) -> dict[str, int]:
    return {page: ask(port, page).status for page in PAGES}


def shortened(*names: str) -> str:
    """Our Caddyfile with these deadlines of a second."""
    lines = CADDYFILE.read_text().splitlines()
    return "\n".join(f"{line.split()[0]} 1s" if line.strip().startswith(names) else line for line in lines)


def without(*names: str) -> str:
    """Our Caddyfile without these deadlines."""
    lines = CADDYFILE.read_text().splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith(names))


@pytest.fixture(scope="module", autouse=True)
def database(django_db_setup) -> None:
    """The tables, for a process of its own."""


def test_pages_answer_through_caddy_while_a_hundred_send_letter_by_letter(tmp_path):
    with behind_caddy(tmp_path) as port, drips(port, HEAD, 50) as heads, drips(port, BODY, 50) as bodies:
        for _ in range(3):
            assert statuses(port) == PAGES
            heads.drip()
            bodies.drip()
        assert (len(heads.links), len(bodies.links)) == (50, 50), "nobody was cut off before the time"


def test_planted_caddy_alone_does_not_save_a_server_whose_threads_wait(tmp_path):
    with behind_caddy(tmp_path, "--worker-class", "gthread") as port, drips(port, BODY, 50):
        wait_until(lambda: ask(port, "/readyz", seconds=3).status == 0)


@pytest.mark.parametrize(("name", "beginning"), [("read_header", HEAD), ("read_body", BODY)])
def test_who_never_comes_to_an_end_is_cut_off_by_caddy(tmp_path, name, beginning):
    server = behind_caddy(tmp_path, text=shortened(name), **NEVER)
    with server as port, drips(port, beginning, 20) as made:
        wait_until(made.are_cut)


def test_planted_without_its_lines_caddy_lets_them_stay(tmp_path):
    server = behind_caddy(tmp_path, text=without("read_header", "read_body"), **NEVER)
    with server as port, drips(port, HEAD, 5) as made:
        with pytest.raises(AssertionError):
            wait_until(made.are_cut, seconds=5)
        assert len(made.links) == 5


def test_shares_are_those_of_the_address_that_caddy_saw_whatever_the_sender_says(tmp_path):
    share = next(lane.seats for lane in lanes(2) if lane.name == PUBLIC)
    with behind_caddy(tmp_path) as port, crowd(port) as greedy:
        with a_locked_table("issues_issue"):
            for number in range(share + 2):
                greedy.ask("/api/v1/issues/", X_Forwarded_For=f"198.51.100.{number}")
            wait_until(lambda: greedy.answered() == [429] * 2)
            assert ask(port, "/gestion/").status == 302
        wait_until(lambda: greedy.answered() == [200] * share + [429] * 2)
