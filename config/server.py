"""gunicorn's processes with waitress inside: a request takes a thread only when it has arrived whole.

Who sends slowly, or reads slowly, holds a socket and a buffer, never a thread, and not for ever. Which
thread serves is for config/lanes.py to say; where nobody has room the refusal is immediate.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.utilities import Error, RequestEntityTooLarge

from accounts.callers import REFUSED, known_browser, network
from config import seats
from config.lanes import HOUSE, Lane, lane_of, lanes
from config.web_safety import is_from_proxy

MIB = 1024 * 1024
# What a file of boundaries or a tablet's outbox may weigh, and what anybody may send: a photo of 20 MiB.
LARGEST_OF_STAFF = 320 * MIB
LARGEST = 30 * MIB
# Bytes in a second under which nobody sends a body for longer than BODY_SECONDS.
SLOWEST = 512

OPTIONS = {
    "ident": None,
    "asyncore_use_poll": True,
    "connection_limit": 2_000,
    "cleanup_interval": 1,
    # A connection on which nothing moves; between requests, or while an answer is read.
    "channel_timeout": 30,
    "max_request_header_size": 32 * 1024,
    "max_request_body_size": LARGEST_OF_STAFF,
    # Believed or forgotten by config/web_safety.py.
    "clear_untrusted_proxy_headers": False,
    "log_socket_errors": False,
}


class Parser(HTTPRequestParser):
    """A request as it arrives; a large body is only taken from a browser of staff."""

    error: Error | None

    def received(self, data: bytes) -> int:
        """How many of the bytes belonged to this request; `error` says what it is refused for."""
        consumed: int = super().received(data)
        size = max(self.content_length, self.body_bytes_received)
        if size > LARGEST and self.error is None and not self.is_of_staff:
            self.error = RequestEntityTooLarge(f"At most {LARGEST} bytes.")
            self.completed = True
        return consumed

    @property
    def is_of_staff(self) -> bool:
        """Whether somebody of staff once signed in in this browser."""
        return bool(known_browser(self.headers.get("COOKIE", "")))


class Task(WSGITask):
    """One request in its thread."""

    def get_environment(self) -> dict[str, Any]:
        """As WSGI wants it; with the status it is refused with, 0 for none."""
        told = {REFUSED: self.channel.refused, "RAW_URI": self.request.request_uri}
        return super().get_environment() | told

    def service(self) -> None:
        """Serve, and write the line of the access log where one is wanted."""
        super().service()
        answer = SimpleNamespace(
            status=self.status, sent=self.content_bytes_written, headers=self.response_headers
        )
        took = timedelta(seconds=max(0.0, time.time() - self.start_time))
        self.channel.server.note(answer, self.request.headers, self.get_environment(), took)


class Channel(HTTPChannel):
    """One connection, which is closed when a request on it does not come to an end in time."""

    task_class = Task
    parser_class = Parser
    refused = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.began = time.monotonic()
        super().__init__(*args, **kwargs)

    def received(self, data: bytes) -> bool:
        """Take what arrived; the first bytes of a request begin its time."""
        if self.request is None:
            self.began = time.monotonic()
        return bool(super().received(data))

    def is_late(self, header_seconds: float, body_seconds: float) -> bool:
        """Whether the request that is arriving has had its time; 0 seconds: for ever."""
        request, spent = self.request, time.monotonic() - self.began
        if request is None or self.requests:
            return False
        if not request.headers_finished:
            return 0 < header_seconds < spent
        return 0 < body_seconds < spent - request.body_bytes_received / SLOWEST

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked and nothing remains to be told."""
        return not self.requests and not self.total_outbufs_len

    @property
    def caller(self) -> str:
        """The browser of staff, else the network, on whose account this request goes."""
        headers = self.requests[0].headers
        if mark := known_browser(headers.get("COOKIE", "")):
            return f"browser {mark}"
        address = self.addr[0]
        if is_from_proxy(address):
            address = headers.get("X_FORWARDED_FOR", address).rpartition(",")[2].strip()
        return f"network {network(address)}"


class Visit:
    """A request that waits for a thread of its lane, with the seat it holds meanwhile."""

    def __init__(self, channel: Channel, seat: int | None) -> None:
        self.channel, self.seat = channel, seat

    def service(self) -> None:
        """Serve it, then leave."""
        try:
            self.channel.service()
        finally:
            seats.leave(self.seat)

    def cancel(self) -> None:
        """Leave without an answer."""
        self.channel.cancel()
        seats.leave(self.seat)


class Crew(ThreadedTaskDispatcher):
    """The threads of one lane."""

    # That somebody waits is no news here.
    queue_logger = logging.getLogger("waitress.queue.silent")
    queue_logger.disabled = True

    def __init__(self, lane: Lane) -> None:
        super().__init__()
        self.lane = lane
        self.set_thread_count(lane.threads)

    @property
    def is_full(self) -> bool:
        """Whether as many wait already as may."""
        return len(self.queue) >= self.lane.waiting


class Lanes:
    """Sends each request to its lane, or turns it away at once: 503 without a place, 429 for who has many."""

    def __init__(self, threads: int) -> None:
        self.crews = {lane.name: Crew(lane) for lane in lanes(threads)}
        self.taken = 0

    def add_task(self, channel: Channel) -> None:
        """Let a request that is whole wait for a thread."""
        self.taken += 1
        crew = self.crews[HOUSE if channel.server.is_for_metrics else self._name(channel)]
        channel.refused, seat = self._admit(crew, channel)
        if channel.refused:
            crew = self.crews[HOUSE]
        visit = Visit(channel, seat)
        visit.cancel() if channel.refused and crew.is_full else crew.add_task(visit)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """End the threads; what still waits is cancelled. Returns whether it was."""
        ended = [crew.shutdown(cancel_pending, timeout) for crew in self.crews.values()]
        return all(ended)

    def _name(self, channel: Channel) -> str:
        request = channel.requests[0]
        if request.error:
            return HOUSE
        return lane_of(request.path, is_staff=request.is_of_staff)

    def _admit(self, crew: Crew, channel: Channel) -> tuple[int, int | None]:
        if crew.is_full:
            return 503, None
        if not crew.lane.seats:
            return 0, None
        seat = seats.take(f"{crew.lane.name} {channel.caller}", crew.lane.seats)
        return (0, seat) if seat is not None else (429, None)


class Server(TcpWSGIServer):
    """One listening socket."""

    channel_class = Channel
    header_seconds = body_seconds = 0.0
    is_for_metrics = False
    # Writes a line of the access log, where one is wanted.
    note: Callable[..., None]

    def maintenance(self, now: float) -> None:
        """Close what is idle, and what does not come to an end."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.is_late(self.header_seconds, self.body_seconds):
                channel.will_close = True


class LaneWorker(Worker):
    """A process of gunicorn."""

    def run(self) -> None:
        """Serve until asked to stop, or until so many requests that a fresh process is better."""
        self.map: dict[int, Any] = {}
        self.crew = Lanes(self.cfg.threads)
        self.servers = [self._listen(one.sock) for one in self.sockets]
        while self.alive and self.ppid == os.getppid() and self.crew.taken < self.max_requests:
            self._turn()
        self._drain()

    def _listen(self, sock: Any) -> Server:
        told = (sock.family, sock.type, sock.proto, sock.getsockname())
        server = Server(
            self.wsgi, self.map, True, sock, dispatcher=self.crew, adj=Adjustments(**OPTIONS),
            bind_socket=False, sockinfo=told,
        )  # fmt: skip
        server.note = self.log.access  # from here on gunicorn writes
        server.header_seconds = float(os.environ.get("WEB_HEADER_SECONDS") or 15)
        server.body_seconds = float(os.environ.get("WEB_BODY_SECONDS") or 60)
        server.is_for_metrics = str(server.effective_port) == os.environ.get("METRICS_PORT")
        return server

    def _turn(self) -> None:
        self.notify()
        wasyncore.loop(timeout=1, use_poll=True, map=self.map, count=1)

    def _drain(self) -> None:
        """Take nobody new, and let who is here have the answer."""
        until = time.monotonic() + self.cfg.graceful_timeout
        for server in self.servers:
            server.accepting = False
        while time.monotonic() < until and not self._is_quiet():
            self._turn()
        self.crew.shutdown(timeout=1)

    def _is_quiet(self) -> bool:
        return all(channel.is_idle for server in self.servers for channel in server.active_channels.values())
