"""Which rows of each table pages may touch, and for whom: each app says so in its module `guards`.

Pages are served by mapa_web; workers, the owner and its functions pass. What a command is not named for, no
page does, and a table that nobody named is read and never written. `manage.py migrate` settles it anew:
docs/decisions/row-security.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from core.postgis.sight import guards

SERVED = "current_user = 'mapa_web'"
# Signed in and not closed since, with a role of these.
STAFF = "EXISTS (SELECT FROM accounts_user asks WHERE asks.id = asking_person() AND asks.is_active AND {0})"
ADMINISTRATOR = STAFF.format("asks.role = 'administrator'")
ANYBODY = "true"


def roles(*names: str) -> str:
    """Who asks has one of these roles; none named: any. Asked once in a statement."""
    among = "IN ({})".format(", ".join(f"'{name}'" for name in names)) if names else "IS NOT NULL"
    return f"((SELECT asking_role()) {among})"


def own(column: str) -> str:
    """The row is of who asks."""
    return f"({column} = (SELECT asking_person()))"


def behind(*doors: str) -> str:
    """Who asks came in by one of these doors: core/postgis/identity.py."""
    return "((SELECT asking_door()) IN ({}))".format(", ".join(f"'{door}'" for door in doors))


def either(*conditions: str) -> str:
    """One of these holds."""
    return " OR ".join(conditions)


class Guard(NamedTuple):
    """What pages may do with the rows of one table; None: nothing."""

    insert: str | None = None
    update: str | None = None
    delete: str | None = None
    select: str | None = ANYBODY
    # What an update may make of a row; whatever it wants, if not said.
    becomes: str | None = ANYBODY

    @classmethod
    def by(cls, condition: str, *, select: str | None = ANYBODY) -> Guard:
        """All three ways of writing, for one condition."""
        return cls(condition, condition, condition, select)

    def policies(self, table: str) -> Iterator[tuple[str, str]]:
        """Name and definition of each policy."""
        unserved = f"(NOT {SERVED})"
        yield "unserved", f"USING {unserved} WITH CHECK {unserved}"
        if self.select:
            # Said for all alike where it is for all: PostgreSQL then plans as if there were no policy.
            whole = self.select if self.select == ANYBODY else f"{SERVED} AND ({self.select})"
            yield "served_select", f"FOR SELECT USING ({whole})"
        if self.insert:
            yield "served_insert", f"FOR INSERT WITH CHECK ({SERVED} AND ({self.insert}))"
        if self.update:
            after = f"{SERVED} AND ({self.becomes})"
            yield "served_update", f"FOR UPDATE USING ({SERVED} AND ({self.update})) WITH CHECK ({after})"
        if self.delete:
            yield "served_delete", f"FOR DELETE USING ({SERVED} AND ({self.delete}))"


@cache
def guarded() -> dict[str, Guard]:
    """The guard of each table that an app names."""
    return {table: guard for module in guards() for table, guard in getattr(module, "GUARDS", {}).items()}


POLICIES = """
SELECT c.relname, p.polname, obj_description(p.oid, 'pg_policy') FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'public'::regnamespace
"""
FORCED = "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
# What triggers read and lock is theirs, not of who writes; and no schema of somebody else comes first.
AS_OWNER = """
SELECT format('ALTER FUNCTION %s SECURITY DEFINER', oid::regprocedure)
    || ' SET search_path = pg_catalog, public, pg_temp'
FROM pg_proc WHERE prorettype = 'trigger'::regtype AND pronamespace = 'public'::regnamespace
    AND NOT prosecdef AND proowner = current_user::regrole AND NOT EXISTS (
        SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e'
    )
"""


def settle(owner: BaseDatabaseWrapper, tables: Collection[str]) -> None:
    """Make each table's policies as they should be; one that is so already is left alone, without a lock."""
    with owner.cursor() as cursor:
        cursor.execute(POLICIES)
        made = {(table, name): told for table, name, told in cursor.fetchall()}
        cursor.execute(FORCED)
        forced = {name for (name,) in cursor.fetchall()}
        for table in tables:
            for statement in _changes(table, made):
                cursor.execute(statement)
            if table not in forced:
                cursor.execute(f'ALTER TABLE public."{table}" ENABLE ROW LEVEL SECURITY')
                cursor.execute(f'ALTER TABLE public."{table}" FORCE ROW LEVEL SECURITY')
        cursor.execute(AS_OWNER)
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def _changes(table: str, made: dict[tuple[str, str], str | None]) -> Iterator[str]:
    wanted = dict(guarded().get(table, Guard()).policies(table))
    for of_table, name in made:
        if of_table == table and name not in wanted:
            yield f'DROP POLICY {name} ON public."{table}"'
    for name, words in wanted.items():
        digest = hashlib.sha256(words.encode()).hexdigest()
        if made.get((table, name)) == digest:
            continue
        if (table, name) in made:
            yield f'DROP POLICY {name} ON public."{table}"'
        yield f'CREATE POLICY {name} ON public."{table}" {words}'
        yield f"COMMENT ON POLICY {name} ON public.\"{table}\" IS '{digest}'"


def guard(table: str, **may: str) -> str:
    """SQL of migrations from before `guards`: what they make, `settle` replaces."""
    made = [f"CREATE POLICY unserved ON {table} USING (NOT {SERVED}) WITH CHECK (NOT {SERVED});"]
    for command, condition in may.items():
        clause = "WITH CHECK" if command == "insert" else "USING"
        made.append(
            f"CREATE POLICY served_{command} ON {table} FOR {command} {clause} ({SERVED} AND ({condition}));"
        )
    made += [f"ALTER TABLE {table} {word} ROW LEVEL SECURITY;" for word in ("ENABLE", "FORCE")]
    return "\n".join(made)


def unguard(table: str, *commands: str) -> str:
    """SQL that takes it back."""
    made = [f"ALTER TABLE {table} {word} ROW LEVEL SECURITY;" for word in ("NO FORCE", "DISABLE")]
    made += [f"DROP POLICY IF EXISTS served_{command} ON {table};" for command in commands]
    return "\n".join([*made, f"DROP POLICY IF EXISTS unserved ON {table};"])
