"""psycopg, with connections that wait for an answer only so long."""

from __future__ import annotations

from typing import TypeVar

import psycopg
from psycopg import *  # noqa: F403  Django reads the errors from here
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout

Answer = TypeVar("Answer")


class PatientConnection(psycopg.Connection):
    """Gives itself up when the server says nothing for `patience` seconds; None waits for ever."""

    patience: float | None = None
    # Whether any statement of this connection told who asks: core/postgis/cursor.py.
    has_told = False
    is_given_up = False

    def wait(self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """As usual, but at most `patience` seconds; raises psycopg.OperationalError then."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except _WaitTimeout:
            self.is_given_up = True
            self.pgconn.finish()
            raise psycopg.OperationalError("the database says nothing") from None


connect = PatientConnection.connect  # type: ignore[assignment]  # ours gives a narrower connection
