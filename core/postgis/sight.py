"""What pages see of a table: a view of the same name, in a schema that only their role looks into.

PostgreSQL looks for a table in the schema with the name of who asks before `public`. So the code of pages,
workers and migrations is the same, and pages find the view. It is no barrier: its condition stands beside
those of the page, and every index still serves. docs/decisions/row-security.md.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

SCHEMA = "mapa_web"
MADE = """
SELECT c.relname, coalesce(obj_description(c.oid, 'pg_class'), '') FROM pg_class c
WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'v'
"""


@cache
def guards() -> list[ModuleType]:
    """The module `guards` of each app that has one, and of the tables that are no app's of ours."""
    names = [f"{config.name}.guards" for config in apps.get_app_configs() if "." not in config.name]
    return [import_module(name) for name in ["core.postgis.guards", *names] if find_spec(name)]


@cache
def seen() -> dict[str, str]:
    """The rows that pages see, of each table they do not see whole."""
    return {table: rows for module in guards() for table, rows in getattr(module, "SEEN", {}).items()}


def wanted(table: str, columns: list[str]) -> str:
    """The view of one table."""
    named = ", ".join(f'"{name}"' for name in columns)
    whole = f'SELECT {named} FROM public."{table}"'  # noqa: S608  # nosec B608 # our own names
    return f'CREATE VIEW {SCHEMA}."{table}" AS {whole} WHERE {seen()[table]}'


def settle(owner: BaseDatabaseWrapper, columns: dict[str, list[str]]) -> None:
    """Make the views as they should be; one that is so already is left alone."""
    with owner.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        cursor.execute(MADE, [SCHEMA])
        made = dict(cursor.fetchall())
        for table in seen():
            view = wanted(table, columns[table])
            digest = hashlib.sha256(view.encode()).hexdigest()
            if made.get(table) != digest:
                cursor.execute(f'DROP VIEW IF EXISTS {SCHEMA}."{table}" CASCADE; {view}')
                cursor.execute(f"COMMENT ON VIEW {SCHEMA}.\"{table}\" IS '{digest}'")


def drop(owner: BaseDatabaseWrapper) -> None:
    """Take them away, so that a migration may change their tables."""
    with owner.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
