"""Cursors that tell the database who asks, in the same message as the statement: no round trip more.

It holds for one transaction, which is the statement itself where there is no other; so it is right behind a
pooler that gives each transaction another connection.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import psycopg
from django.db.backends.postgresql.base import Cursor
from psycopg import sql
from psycopg.pq import TransactionStatus

from core.postgis import identity
from core.postgis.driver import PatientConnection


class TellingCursor(Cursor, psycopg.ClientCursor[Any]):
    """As Django's, which is psycopg's; the answers to what it tells are passed over."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> TellingCursor:
        """As usual, with what is to be told in front."""
        told = self._to_tell()
        super().execute(_in_front(told, query), params, **how)
        for _one in told:
            self.nextset()
        return self

    def executemany(self, query: Any, params_seq: Iterable[Any], **how: Any) -> None:
        """As usual, but one by one where there is something to tell."""
        if not self._to_tell():
            return super().executemany(query, params_seq, **how)
        for params in params_seq:
            self.execute(query, params)
        return None

    def _to_tell(self) -> list[str]:
        here = cast(PatientConnection, self.connection)
        if here.info.transaction_status == TransactionStatus.INERROR:
            return []  # nothing but a rollback is heard
        # Within a transaction, what was told before would still hold.
        told = identity.statements(anew=here.has_told and not here.autocommit)
        here.has_told |= bool(told)
        return told


def _in_front(told: list[str], query: Any) -> Any:
    if not told:
        return query
    words = "".join(f"{one};" for one in told)
    if isinstance(query, bytes):
        return words.encode() + query
    return words + query if isinstance(query, str) else sql.SQL(words) + query
