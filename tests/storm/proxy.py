"""A small HTTP proxy on one fixed port that spoils requests on demand, before or after they arrived."""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass
class Fault:
    """Spoils the next `times` requests whose path starts with (or is) `path` and whose method fits.

    kind: "reset_before" (nothing arrives), "cut_upload" (part of the body arrives), "reset_after"
    (arrived and answered, the answer is lost), "cut_answer" (half of it, then a reset that may take the half
    along), "end_early" (half of it, all of which arrives), "hang" (the answer waits
    for `release`), "late" (the request itself arrives only after `release`, its sender long gone),
    "answer" (the proxy answers by itself with `status`, `headers`, `body`), "slow" (`rate` bytes/s).
    """

    kind: str
    path: str = "/api/v1/sync/"
    times: int = 1
    method: str = ""
    status: int = 500
    body: bytes = b"<h1>Error</h1>"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    rate: int = 300
    exact: bool = False
    release: threading.Event = field(default_factory=threading.Event)
    seen: int = 0

    def fits(self, method: str, path: str) -> bool:
        """Whether it spoils this request."""
        if self.times <= 0 or self.method not in ("", method):
            return False
        return path == self.path if self.exact else path.startswith(self.path)


class FaultProxy:
    """Listens on 127.0.0.1 and forwards to `target` (host, port)."""

    def __init__(self, target: tuple[str, int], port: int = 0) -> None:
        self.target = target
        self.faults: list[Fault] = []
        self.chooser: Callable[[str, str], Fault | None] | None = None
        self.log: list[tuple[str, str, int]] = []
        self.lock = threading.Lock()
        self.server = _Server(port, self)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        """Where to find it."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def spoil(self, kind: str, **more) -> Fault:
        """Add a fault for the next fitting requests."""
        fault = Fault(kind, **more)
        self.faults.append(fault)
        return fault

    def heal(self) -> None:
        """Forget all faults; what hung is let go."""
        for fault in self.faults:
            fault.times = 0
            fault.release.set()
        self.faults.clear()

    def pick(self, method: str, path: str) -> Fault | None:
        """The fault for a request, once."""
        with self.lock:
            for fault in self.faults:
                if fault.fits(method, path):
                    fault.times -= 1
                    fault.seen += 1
                    return fault
        return self.chooser(method, path) if self.chooser else None

    def close(self) -> None:
        """Stop listening."""
        self.heal()
        self.server.shutdown()
        self.server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, proxy: FaultProxy) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.proxy = proxy

    def handle_error(self, request, client_address) -> None:
        """Clients that vanish are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def log_message(self, *args) -> None:
        pass

    def handle_one(self) -> None:
        self.close_connection = True
        fault = self.server.proxy.pick(self.command, self.path)
        if fault is None:
            return self.give(*self.forward(self.read_body()))
        return getattr(self, fault.kind)(fault)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = handle_one

    # --- Faults ---------------------------------------------------------------------------
    def reset_before(self, fault: Fault) -> None:
        self.reset()

    def cut_upload(self, fault: Fault) -> None:
        self.rfile.read(max(1, self.length // 2))
        self.reset()

    def reset_after(self, fault: Fault) -> None:
        self.forward(self.read_body())
        self.reset()

    def hang(self, fault: Fault) -> None:
        answer = self.forward(self.read_body())
        fault.release.wait(60)
        self.give(*answer)

    def late(self, fault: Fault) -> None:
        body = self.read_body()
        self.reset()
        fault.release.wait(60)
        self.forward(body)

    def cut_answer(self, fault: Fault) -> None:
        status, headers, body = self.forward(self.read_body())
        self.send_head(status, headers, len(body))
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.reset()

    def end_early(self, fault: Fault) -> None:
        status, headers, body = self.forward(self.read_body())
        self.send_head(status, headers, len(body))
        self.wfile.write(body[: len(body) // 2])

    def answer(self, fault: Fault) -> None:
        self.read_body()
        self.give(fault.status, list(fault.headers.items()), fault.body)

    def slow(self, fault: Fault) -> None:
        self.give(*self.forward(self.read_body(fault.rate)))

    # --- Parts ----------------------------------------------------------------------------
    @property
    def length(self) -> int:
        return int(self.headers.get("Content-Length") or 0)

    def read_body(self, rate: int = 0) -> bytes:
        if not rate:
            return self.rfile.read(self.length)
        parts, left = [], self.length
        while left:
            part = self.rfile.read(min(left, max(1, rate // 10)))
            left -= len(part)
            parts.append(part)
            time.sleep(0.1)
        return b"".join(parts)

    def forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        link = http.client.HTTPConnection(*self.server.proxy.target, timeout=60)
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
            link.request(self.command, self.path, body or None, headers | {"Connection": "close"})
            answer = link.getresponse()
            data = answer.read()
            self.server.proxy.log.append((self.command, self.path, answer.status))
            return answer.status, answer.getheaders(), data
        except (OSError, http.client.HTTPException):
            return 502, [("Content-Type", "text/plain")], b"no upstream"
        finally:
            link.close()

    def give(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        with contextlib.suppress(OSError):
            self.send_head(status, headers, len(body))
            self.wfile.write(body)

    def send_head(self, status: int, headers: list[tuple[str, str]], length: int) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def reset(self) -> None:
        """RST instead of FIN; the file objects hold the socket open, so they are closed too."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RD)
        self.rfile.close()
        self.connection.close()
        self.wfile = self.rfile = _Nowhere()


class _Nowhere:
    closed = True

    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass
