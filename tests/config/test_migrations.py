"""Each app has its tables and its guards; guards can be taken back; a database of 0.1 is refused."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from core.postgis.rights import settle
from scripts import prepare
from scripts.house import Trouble
from scripts.versions import APPLIED_IN_0_1, REFUSAL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_owner")]

GUARDED = (
    "core",
    "territories",
    "accounts",
    "issues",
    "walks",
    "gatherings",
    "rankings",
    "handovers",
    "maps",
)


def guards():
    """Triggers of ours with their whole definition, and functions of ours with theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
            "AND NOT starts_with(tgrelid::regclass::text, 'procrastinate') "
            "UNION ALL SELECT pg_get_functiondef(p.oid) FROM pg_proc p "
            "WHERE p.pronamespace = 'public'::regnamespace AND NOT starts_with(proname, 'procrastinate') "
            "AND NOT EXISTS "
            "(SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        return sorted(definition for (definition,) in cursor.fetchall())


def test_guards_are_taken_back_whole_and_come_back_the_same():
    before = guards()
    assert len(before) > 80
    MigrationExecutor(connection).migrate([(app, "0001_initial") for app in GUARDED])
    assert guards() == []
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    settle(connection)
    assert guards() == before


@pytest.fixture
def database_of_0_1():
    MigrationRecorder(connection).record_applied(*APPLIED_IN_0_1)


def applied():
    return set(MigrationRecorder(connection).applied_migrations())


def test_no_migration_of_this_version_is_taken_for_one_of_0_1():
    assert APPLIED_IN_0_1 not in MigrationLoader(None).disk_migrations


def test_a_database_of_this_version_is_migrated():
    call_command("migrate", skip_checks=False, verbosity=0)


# As `manage.py migrate` is run by a person: with its checks.
@pytest.mark.parametrize("words", [[], ["--plan"], ["--fake"], ["maps"], ["maps", "zero"]])
def test_a_database_of_0_1_is_refused_by_migrate(database_of_0_1, words):
    before = applied()
    with pytest.raises(SystemCheckError, match=r"mapa\.E001") as refused:
        call_command("migrate", *words, skip_checks=False, verbosity=0, stdout=io.StringIO())
    assert REFUSAL in str(refused.value)
    assert applied() == before


def test_a_database_of_0_1_is_refused_by_the_start_in_one_sentence(database_of_0_1):
    before = applied()
    with pytest.raises(Trouble) as refused:
        prepare.database()
    assert str(refused.value) == REFUSAL
    assert applied() == before
