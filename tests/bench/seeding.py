"""Seeding the demo town, against the same rows written by INSERT … SELECT into bare tables."""

from __future__ import annotations

from django.db import connection, transaction

from tests.bench.harness import Context, Row, columns_of, once
from tests.bench.report import units

TABLES = ("issues_issue", "issues_historyentry")


def run(context: Context) -> list[Row]:
    """One row: the seeder makes words, places and lives; the floor only writes what is already made."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"CREATE TEMP TABLE bench_{table} "
                f"(LIKE {table} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING INDEXES)"
            )
        floor = once(lambda: [_write(table) for table in TABLES])
        transaction.set_rollback(True)
    note = (
        f"{units(context.seeded_on_the_wall)} on the clock; the floor has neither triggers nor foreign keys"
    )
    return [Row("seeding the demo town", context.size, context.seeded_in, floor, note=note)]


def _write(table: str) -> None:
    columns = ", ".join(columns_of(table))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO bench_{table} ({columns}) SELECT {columns} FROM {table}")
