"""A small real SMTP server for tests: it speaks over a socket and keeps what it was given."""

from __future__ import annotations

import email
import socketserver
import threading
from email.message import Message
from email.policy import default


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline():
            word = line.strip().split(b" ", 1)[0].upper()
            if word == b"DATA":
                self._say("354 go on")
                self.server.take(self._message())
            self._say("221 bye" if word == b"QUIT" else self.server.answer(word))
            if word == b"QUIT":
                return

    def _message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a free port; `refuses` makes it turn every sender away."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails: list[Message] = []
        self.refuses = False
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    def take(self, raw: bytes) -> None:
        """Keep one mail."""
        self.mails.append(email.message_from_bytes(raw, policy=default))

    def answer(self, word: bytes) -> str:
        """What it says to a command."""
        if self.refuses and word == b"MAIL":
            return "421 later"
        return "250 fine"
