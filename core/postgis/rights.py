"""What each role of the database may do to each table. `manage.py migrate` settles it anew every time.

The roles are made by deploy/roles.sql; where the server has none of them, there is nothing to settle.
"""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from core.postgis import row_security, sight

WEB, WORKER, BACKUP = "mapa_web", "mapa_worker", "mapa_backup"
ROLES = (WEB, WORKER, BACKUP)
SENTENCE = (
    "DATABASE_URL signs in as the owner of the tables, who can switch off everything that protects them, and "
    "DEMO is 0. Sign in as mapa_web (deploy/roles.sql) and name the owner in DATABASE_OWNER_URL"
)

# The owner's tables, and what triggers refuse whatever the row is: 1 row, 2 before, 8 delete, 16 update.
TABLES = """
SELECT c.relname, coalesce(bool_or(t.tgtype & 16 > 0), false), coalesce(bool_or(t.tgtype & 8 > 0), false),
    (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped)
FROM pg_class c
LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgtype & 3 = 3 AND t.tgqual IS NULL
    AND t.tgfoid IN (
        SELECT oid FROM pg_proc
        WHERE proname IN ('refuse_change', 'history_kept', 'only_emptied', 'only_orphaned')
    )
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND c.relowner = current_user::regrole
GROUP BY c.oid, c.relname ORDER BY c.relname
"""
OTHERS = """
SELECT c.relname, c.relkind = 'S' FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('S', 'v', 'm')
    AND c.relowner = current_user::regrole
"""
# Erasing an internal reason is a command of the operator, emptying what tablets sent is a chore: triggers see
# that it is no more than that.
ERASED_BY_WORKERS = {"issues_historyentry", "walks_syncrecord", "walks_conflictingbody"}
# Photos whose record never came are forgotten by a chore: a trigger sees that it is no other.
FORGOTTEN_BY_WORKERS = {"walks_syncphoto"}
# Letters may hold links that are meant for one person: pages write them and never read them.
UNREAD = {"core_letter": {"body", "headers"}}
# Only the owner writes it, and it does so before there is any guard.
UNGUARDED = {"django_migrations"}
# Nobody but the owner makes anything here, not even for the length of a session.
CLOSED = """
DO $$ BEGIN
    IF has_schema_privilege('{web}', 'public', 'CREATE') THEN
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    END IF;
    IF has_database_privilege('{web}', current_database(), 'TEMPORARY') THEN
        EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
END $$
"""


class Table(NamedTuple):
    """A table, whether its triggers refuse every update and every deletion, and its columns."""

    name: str
    keeps_rows: bool
    loses_none: bool
    columns: list[str]

    def rights_of(self, role: str) -> list[str]:
        """The privileges of a role on it, or on what it sees of it."""
        if role == BACKUP or self.name in settings.TABLES_ONLY_READ:
            return ["SELECT"]
        may_update = not self.keeps_rows or (role == WORKER and self.name in ERASED_BY_WORKERS)
        may_delete = not self.loses_none or (role == WORKER and self.name in FORGOTTEN_BY_WORKERS)
        return [
            self._read_by(role),
            "INSERT",
            *(["UPDATE"] if may_update else []),
            *(["DELETE"] if may_delete else []),
        ]

    def _read_by(self, role: str) -> str:
        unread = UNREAD.get(self.name) if role == WEB else None
        if not unread:
            return "SELECT"
        read = ", ".join(f'"{name}"' for name in self.columns if name not in unread)
        return f"SELECT ({read})"


def tables(owner: BaseDatabaseWrapper) -> list[Table]:
    """The tables of who asks, by name."""
    with owner.cursor() as cursor:
        cursor.execute(TABLES)
        return [Table(*row) for row in cursor.fetchall()]


def settle(owner: BaseDatabaseWrapper) -> None:
    """Give each role that the server has its rights, and take all others away, in one transaction."""
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", [list(ROLES)])
        roles = [name for (name,) in cursor.fetchall()]
        cursor.execute(OTHERS)
        others = cursor.fetchall()
        known = tables(owner)
        if WEB in roles:
            sight.settle(owner, {table.name: table.columns for table in known})
            row_security.settle(owner, [table.name for table in known if table.name not in UNGUARDED])
        for role in roles:
            cursor.execute(";".join(_statements(role, known, others)))
        if BACKUP in roles:
            cursor.execute(f"GRANT EXECUTE ON FUNCTION backup_noted(), backup_failed(text) TO {BACKUP}")
        if WEB in roles:
            cursor.execute(CLOSED.format(web=WEB))


def _statements(role: str, known: list[Table], others: list[tuple[str, bool]]) -> list[str]:
    made = [f"GRANT USAGE ON SCHEMA public TO {role}"]
    if role == WEB:
        made.append(f"GRANT USAGE ON SCHEMA {sight.SCHEMA} TO {role}")
    for table in known:
        made.append(f'REVOKE ALL ON TABLE public."{table.name}" FROM {role}')
        made.append(f"GRANT {', '.join(table.rights_of(role))} ON TABLE {_met(table.name, role)} TO {role}")
    for name, is_sequence in others:
        numbers = is_sequence and role != BACKUP
        right = "USAGE, SELECT" if numbers else "SELECT"
        made.append(f'GRANT {right} ON {"SEQUENCE" if is_sequence else "TABLE"} "{name}" TO {role}')
    return made


def _met(table: str, role: str) -> str:
    """What a role meets under a table's name."""
    schema = sight.SCHEMA if role == WEB and table in sight.seen() else "public"
    return f'{schema}."{table}"'


def refuse_to_serve_as_owner() -> None:
    """Raises ImproperlyConfigured where DEMO=0 and who serves owns the tables, or could become who does.

    A database that is away is for `/readyz` to tell.
    """
    if settings.DEMO:
        return
    asked = (
        "SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = to_regclass('django_migrations')"
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            owns = cursor.fetchone()
    except OperationalError:
        return
    finally:
        connection.close()  # gunicorn forks after this.
    if owns and owns[0]:
        raise ImproperlyConfigured(SENTENCE)
