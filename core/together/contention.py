"""Two at once in the database: what it asks to try again is tried again here, and nowhere else.

Rows are locked in one order (docs/architecture.md), so a deadlock is rare. It is never a person's fault and
is never shown as a database that does not answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction

Result = TypeVar("Result")

TRIES = 6
# PostgreSQL ended one of two that waited for each other, or one that read what another changed.
AGAIN = frozenset({"40P01", "40001"})
# Somebody else had the row for longer than `lock_timeout`.
HELD_TOO_LONG = "55P03"


class Busy(OperationalError):
    """Others kept changing the same rows; nothing of this piece of work is stored."""


def patiently(work: Callable[[], Result]) -> Result:
    """Do `work` in one transaction, from its beginning again where others were in the way: TRIES times.

    Inside a transaction it is done once: whoever began that one tries again. Raises Busy.
    """
    tries = 1 if connection.in_atomic_block else TRIES
    for _attempt in range(tries):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if connection.in_atomic_block or not is_contention(error):
                raise
            fault = error
            if sqlstate_of(error) not in AGAIN:
                break
    raise Busy(str(fault)) from fault


def is_contention(error: BaseException | None) -> bool:
    """Whether others were in the way, and the database itself is well."""
    return isinstance(error, Busy) or sqlstate_of(error) in AGAIN | {HELD_TOO_LONG}


def sqlstate_of(error: BaseException | None) -> str:
    """PostgreSQL's own number of a fault; empty where it gave none."""
    return getattr(getattr(error, "__cause__", None), "sqlstate", None) or ""


def one_at_a_time(what: str) -> None:
    """Wait until nobody else is at the same thing; free when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 12))", [what])
