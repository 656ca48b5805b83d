"""`manage.py migrate`: Django's, as the owner of the tables; then each role gets its rights."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from core.postgis import sight
from core.postgis.owner import as_owner
from core.postgis.rights import settle


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and settle the rights; needs the owner's address (DATABASE_OWNER_URL)."""
        connection = connections[options["database"]]
        with as_owner(connection):
            if not options["plan"] and (options["app_label"] or _is_behind(connection)):
                sight.drop(connection)
            super().handle(*args, **options)
            if not options["plan"]:
                settle(connection)


def _is_behind(connection: BaseDatabaseWrapper) -> bool:
    made = MigrationExecutor(connection)
    return bool(made.migration_plan(made.loader.graph.leaf_nodes()))
