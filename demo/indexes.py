"""Loading a table in bulk: its secondary indexes are put aside and built again at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

BUILD_MEMORY = "256MB"
ASIDE = """
SELECT c.relname, pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
WHERE i.indrelid = %s::regclass AND NOT i.indisprimary AND NOT i.indisunique AND k.oid IS NULL
ORDER BY c.relname
"""


def put_aside(table: str) -> list[str]:
    """Drop the secondary indexes of a table; returns the statements that build them again."""
    with connection.cursor() as cursor:
        cursor.execute(ASIDE, [table])
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


@contextmanager
def indexes_aside(table: str) -> Iterator[None]:
    """Inside, a table keeps only the indexes that guard its rows; all are as before afterwards.

    Must run in a transaction: when the loading fails, the rollback brings the indexes back.
    """
    definitions = put_aside(table)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [BUILD_MEMORY])
        for definition in definitions:
            cursor.execute(definition)
