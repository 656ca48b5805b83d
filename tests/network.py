"""No transaction waits for somebody else's machine: a socket opened inside one is an error in every test.

PostgreSQL's own library opens its sockets unseen by Python, so the database itself is not meant.
"""

from __future__ import annotations

import sys

from django.core.mail import EmailMessage
from django.core.mail.backends import locmem
from django.db import connection


class TalksInTransaction(AssertionError):
    """Code that talks to a network while it holds a transaction open."""


def within_transaction() -> bool:
    """Whether the code under test has opened a transaction; the one around the test itself does not count."""
    return any(not block._from_testcase for block in connection.atomic_blocks)


def refuse() -> None:
    """Raise TalksInTransaction within a transaction."""
    if within_transaction():
        raise TalksInTransaction


def watch() -> None:
    """From now on a connection to a network from within a transaction raises."""
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        refuse()


class EmailBackend(locmem.EmailBackend):
    """Only remembers, and refuses what a real one would be asked within a transaction."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        """Remember them."""
        refuse()
        return super().send_messages(messages)
