"""Who is at a piece of work: a lock of the database, which frees it when its holder dies."""

from __future__ import annotations

from django.db import connection


def hold(what: str, number: int) -> bool:
    """Take the lock of one piece of work; False when somebody else has it."""
    return _asked("SELECT pg_try_advisory_lock(hashtext(%s), %s)", what, number)


def let_go(what: str, number: int) -> None:
    """Give the lock back."""
    _asked("SELECT pg_advisory_unlock(hashtext(%s), %s)", what, number)


def is_held(what: str, number: int) -> bool:
    """Whether somebody is at this piece of work now."""
    return _asked(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND classid::bigint = hashtext(%s)::bigint & 4294967295 AND objid::bigint = %s)",
        what,
        number,
    )


def _asked(sql: str, what: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [what, number % 2**31])
        return cursor.fetchone()[0]
