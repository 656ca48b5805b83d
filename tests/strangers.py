"""The real server on the test's database, and strangers who send letter by letter."""

from __future__ import annotations

import contextlib
import http.client
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
from django.conf import settings

from scripts.cluster import free_port
from tests.workers import database_url, wait_until

HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = (
    b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin="
)


@dataclass
class Answer:
    """What a page said."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, path: str, method: str = "GET", seconds: float = 30, **headers: str) -> Answer:
    """A whole request; the status is 0 when nobody answers in so many seconds."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        link.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = link.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())
    except (OSError, http.client.HTTPException):
        return Answer(0, {}, b"")
    finally:
        link.close()


@dataclass
class Drips:
    """Connections on which a request begins and never ends."""

    port: int
    beginning: bytes
    links: list[socket.socket] = field(default_factory=list)

    def begin(self, number: int) -> None:
        """So many more of them."""
        for _ in range(number):
            link = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            link.sendall(self.beginning)
            link.setblocking(False)
            self.links.append(link)

    def drip(self) -> None:
        """One more letter on each; who was cut off is no longer among them."""
        self.links = [link for link in self.links if _takes_a_letter(link)]

    def are_cut(self) -> bool:
        """Whether nobody is left, after one more letter."""
        self.drip()
        return not self.links

    def close(self) -> None:
        """Let go."""
        for link in self.links:
            link.close()


def _takes_a_letter(link: socket.socket) -> bool:
    """Whether the other side still listens; an answer to half a request (408) counts as being cut off."""
    with contextlib.suppress(OSError):
        link.send(b"a")
        try:
            link.recv(1)
        except BlockingIOError:
            return True
    link.close()
    return False


@dataclass
class Crowd:
    """Whole requests sent at the same time, whose answers are looked at later."""

    port: int
    links: list[socket.socket] = field(default_factory=list)

    def ask(self, path: str, number: int = 1, **headers: str) -> None:
        """So many more of them."""
        told = {"Host": "127.0.0.1", "Connection": "close"} | headers
        lines = "".join(f"{name.replace('_', '-')}: {text}\r\n" for name, text in told.items())
        for _ in range(number):
            link = socket.create_connection(("127.0.0.1", self.port), timeout=120)
            link.sendall(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
            self.links.append(link)

    def answered(self) -> list[int]:
        """The statuses that have come so far."""
        ready, _, _ = select.select(self.links, [], [], 0)
        return sorted(int(link.recv(12, socket.MSG_PEEK)[9:12]) for link in ready)

    def close(self) -> None:
        """Go away without the answers."""
        for link in self.links:
            link.close()


@contextlib.contextmanager
def crowd(port: int) -> Iterator[Crowd]:
    """Who asks at the same time until the block ends."""
    made = Crowd(port)
    try:
        yield made
    finally:
        made.close()


@contextlib.contextmanager
def a_locked_table(name: str) -> Iterator[None]:
    """Whoever asks this table waits until the block ends."""
    with psycopg.connect(database_url().replace("postgis://", "postgresql://")) as db:
        db.execute(f'LOCK TABLE "{name}" IN ACCESS EXCLUSIVE MODE')
        yield
        db.rollback()


@contextlib.contextmanager
def a_server(*words: str, port: int = 0, **told: str) -> Iterator[int]:
    """gunicorn as `make run` starts it, with more words or settings; the port it answers on."""
    port = port or free_port(8960)
    process = start_server(port, *words, **told)
    try:
        wait_until(lambda: ask(port, "/healthz", seconds=2).status == 200)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def start_server(port: int, *words: str, **told: str) -> subprocess.Popen:
    """The same for whoever ends it: the leader of a group of its own, which can be killed as a whole."""
    env = os.environ | {"DATABASE_URL": database_url(), "PORT": str(port), "WEB_CONCURRENCY": "1"}
    env |= {"METRICS_PORT": "", "WEB_THREADS": "2"} | told
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", *words]
    command.append("config.wsgi:application")
    return subprocess.Popen(command, env=env, cwd=settings.BASE_DIR, start_new_session=True)


@contextlib.contextmanager
def drips(port: int, beginning: bytes, number: int) -> Iterator[Drips]:
    """So many half requests until the block ends."""
    made = Drips(port, beginning)
    try:
        made.begin(number)
        yield made
    finally:
        made.close()
