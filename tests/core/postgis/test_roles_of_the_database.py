"""Who serves owns nothing: as pages really sign in, everything that would switch a guard off is refused."""

from __future__ import annotations

import os

import psycopg
import pytest
from django.db import connection

from core.postgis import rights, sight
from tests.roles import owner

# What no role but the owner writes, and what nobody changes: (update refused, delete refused).
KEPT = {
    "gatherings_addendum": (True, True),
    "gatherings_annulledcount": (True, True),
    "gatherings_roomaction": (True, True),
    "gatherings_roommerge": (True, True),
    "handovers_handover": (False, True),
    "handovers_handoveritem": (False, True),
    "issues_dailyhead": (True, True),
    "issues_historyentry": (True, True),
    "issues_indexweights": (True, True),
    "issues_support": (True, True),
    "maps_personact": (True, True),
    "rankings_coefficienttable": (True, True),
    "rankings_listplace": (True, True),
    "rankings_rankedlist": (True, True),
    "walks_conflictingbody": (True, True),
    "walks_decision": (True, True),
    "walks_held": (True, True),
    "walks_syncphoto": (True, True),
    "walks_syncrecord": (True, True),
    # Its clock forgets it; no page may, by its rows.
    "walks_tracksegment": (True, False),
}
ONLY_READ = {"django_migrations", "maps_mapcell"}
REFUSED = psycopg.errors.InsufficientPrivilege


@pytest.fixture(scope="module")
def serving(django_db_setup, django_db_blocker):
    """The test's database as the web server signs in: a password of its own, no role taken on the way."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_SERVING_URL"].replace("postgis://", "postgresql://")
    with psycopg.connect(url, dbname=name) as made:
        yield made


def refused(serving, sql: str) -> None:
    with pytest.raises(REFUSED):
        serving.execute(sql)
    serving.rollback()


@pytest.fixture(scope="module")
def known(django_db_setup, django_db_blocker) -> list[rights.Table]:
    with django_db_blocker.unblock(), owner():
        return rights.tables(connection)


def test_who_serves_is_nobody_special(serving):
    asked = (
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    assert serving.execute(asked).fetchone() == (False, False, False, False)
    owned = "SELECT relname FROM pg_class WHERE pg_has_role(relowner, 'MEMBER')"
    assert serving.execute(owned).fetchall() == []
    serving.rollback()


OF_A_TABLE = [
    'ALTER TABLE public."{0}" ADD COLUMN trap text',
    'ALTER TABLE public."{0}" DISABLE TRIGGER ALL',
    'ALTER TABLE public."{0}" DISABLE ROW LEVEL SECURITY',
    'ALTER TABLE public."{0}" OWNER TO mapa_web',
    'TRUNCATE public."{0}" CASCADE',
    'DROP TABLE public."{0}" CASCADE',
    'CREATE TRIGGER trap BEFORE INSERT ON public."{0}" FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE RULE trap AS ON INSERT TO public."{0}" DO INSTEAD NOTHING',
    'CREATE POLICY trap ON public."{0}" USING (true)',
    'GRANT ALL ON public."{0}" TO PUBLIC',
]


@pytest.mark.parametrize("statement", OF_A_TABLE)
def test_no_table_is_bent(serving, known, statement):
    assert len(known) > 90
    for table in known:
        if (
            statement.startswith("GRANT") and table.name not in sight.seen()
        ):  # a warning and no effect: the right is not there afterwards
            serving.execute(statement.format(table.name))
            asked = f"SELECT has_table_privilege('mapa_backup', '{table.name}', 'INSERT')"
            assert serving.execute(asked).fetchone() == (False,)
            serving.rollback()
        else:
            refused(serving, statement.format(table.name))


def test_no_trigger_is_dropped(serving):
    asked = (
        "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND c.relname NOT LIKE 'procrastinate%'"
    )
    triggers = serving.execute(asked).fetchall()
    assert len(triggers) > 50
    for name, table in triggers:
        refused(serving, f'DROP TRIGGER "{name}" ON public."{table}"')


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET ROLE mapa",
        "SET ROLE mapa_worker",
        "SET SESSION AUTHORIZATION mapa",
        "CREATE FUNCTION trap() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION pg_temp.trap() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NEW'",
        "ALTER FUNCTION map_cells_insert() SECURITY INVOKER",
        "DROP FUNCTION refuse_change() CASCADE",
        "CREATE TABLE trap (id int)",
        "CREATE TEMP TABLE issues_issue (id int)",
        "CREATE SCHEMA trap",
        "CREATE EXTENSION dblink",
        "CREATE ROLE trap SUPERUSER",
        "ALTER ROLE mapa_web BYPASSRLS",
        "COPY issues_issue (title) TO PROGRAM 'cat'",
        "COPY issues_issue (title) FROM PROGRAM 'echo trap'",
        "COPY issues_issue (title) FROM '/etc/passwd'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT body FROM core_letter",
        "SELECT headers FROM core_letter",
        "SELECT * FROM core_letter",
        "SET row_security = off; SELECT * FROM issues_reporter",
        "DROP POLICY served_select ON issues_reporter",
        "ALTER POLICY served_select ON issues_reporter USING (true)",
        "DROP VIEW issues_issue",
        "CREATE OR REPLACE VIEW issues_issue AS SELECT * FROM public.issues_issue",
        "ALTER VIEW issues_issue RENAME TO other",
        "DROP SCHEMA mapa_web CASCADE",
        "CREATE VIEW mapa_web.trap AS SELECT 1",
        "SELECT 1 FROM public.issues_issue",
        "UPDATE public.issues_issue SET title = title",
        "SELECT backup_noted()",
        "SELECT backup_failed('trap')",
        "SELECT setval(pg_get_serial_sequence('issues_historyentry', 'id'), 1)",
    ],
)
def test_what_would_open_the_rest_is_refused(serving, statement):
    refused(serving, statement)


def test_what_triggers_keep_is_no_right_of_anybody(known):
    kept = {table.name: (table.keeps_rows, table.loses_none) for table in known}
    assert {name: both for name, both in kept.items() if any(both)} == KEPT


@pytest.mark.parametrize("table", sorted(set(KEPT) | ONLY_READ))
def test_history_is_neither_changed_nor_removed(serving, table):
    update, delete = KEPT.get(table, (True, True))
    column = "SELECT column_name FROM information_schema.columns WHERE table_name = %s LIMIT 1"
    (name,) = serving.execute(column, [table]).fetchone()
    if update:
        refused(serving, f'UPDATE "{table}" SET "{name}" = "{name}"')
    if delete:
        refused(serving, f'DELETE FROM "{table}"')
    if table in ONLY_READ:
        refused(serving, f'INSERT INTO "{table}" DEFAULT VALUES')


@pytest.mark.django_db
def test_a_worker_erases_a_reason_and_nothing_more_of_a_kept_row():
    rights_of = {(role, one): _has(role, "issues_historyentry", one) for role in rights.ROLES for one in ALL}
    assert {key for key, has in rights_of.items() if has} == {
        ("mapa_web", "SELECT"),
        ("mapa_web", "INSERT"),
        ("mapa_worker", "SELECT"),
        ("mapa_worker", "INSERT"),
        ("mapa_worker", "UPDATE"),
        ("mapa_backup", "SELECT"),
    }


ALL = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def _has(role: str, table: str, right: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("columns", ["count(*)", "address, subject, state"])
def test_of_a_letter_the_administration_s_page_reads_all_but_what_it_says(serving, columns):
    assert serving.execute(f"SELECT {columns} FROM core_letter LIMIT 1").description
    serving.rollback()


@pytest.mark.django_db
def test_who_makes_backups_reads_everything_and_writes_nothing(known):
    for table in known:
        assert [right for right in ALL if _has(rights.BACKUP, table.name, right)] == ["SELECT"]


@pytest.mark.django_db
def test_functions_that_act_as_the_owner_have_a_path_of_their_own():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig::text FROM pg_proc WHERE prosecdef"
            " AND pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) = session_user"
        )
        found = dict(cursor.fetchall())
    assert {"map_cells_insert", "map_cells_update", "map_cells_delete", "backup_noted"} <= set(found)
    assert [
        name for name, told in found.items() if "search_path=pg_catalog, public, pg_temp" not in told
    ] == []


@pytest.mark.django_db
def test_settling_again_changes_nothing():
    asked = (
        "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    with owner(), connection.cursor() as cursor:
        cursor.execute(asked)
        before = cursor.fetchall()
        rights.settle(connection)
        cursor.execute(asked)
        assert cursor.fetchall() == before
