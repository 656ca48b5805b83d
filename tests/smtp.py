"""A small real SMTP server for tests: it speaks over a socket and keeps what it was given."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Callable
from email.message import Message
from email.policy import default

from core.jobs import Queue
from tests.workers import work_off


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.server.calls += 1
        if self.server.is_silent:
            self.rfile.readline()
            return
        self._say("220 test")
        while line := self.rfile.readline():
            word = line.strip().split(b" ", 1)[0].upper().decode()
            if word == "DATA":
                self._say("354 go on")
                self.server.take(self._message())
                word = "END"
            answer = self.server.answer(word)
            if answer:
                self._say(answer)
            if not answer or word == "QUIT":
                return

    def _message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free port.

    `refuses` makes it turn every sender away; `says` gives its answer to a command (END: to a whole mail),
    where an empty one hangs up; `is_silent` makes it accept and say nothing; `on_taking` is called with each
    mail before the answer.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[Message] = []
        # How many connections were made, whatever became of them.
        self.calls = 0
        self.refuses = self.is_silent = False
        self.says: dict[str, str] = {}
        self.on_taking: Callable[[], None] = lambda: None
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def server_close(self) -> None:
        """End it whole."""
        self.shutdown()
        super().server_close()

    @property
    def mails(self) -> list[Message]:
        """What it was given, once the worker of the mail has done what waits."""
        work_off(Queue.MAIL)
        return self.taken

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    @property
    def url(self) -> str:
        """As EMAIL_URL says it."""
        return f"smtp://127.0.0.1:{self.port}"

    def take(self, raw: bytes) -> None:
        """Keep one mail."""
        self.taken.append(email.message_from_bytes(raw, policy=default))
        self.on_taking()

    def answer(self, word: str) -> str:
        """What it says to a command."""
        if self.refuses and word == "MAIL":
            return "421 later"
        return self.says.get(word, "221 bye" if word == "QUIT" else "250 fine")
