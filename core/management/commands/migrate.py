"""`manage.py migrate`: Django's, as the owner of the tables; then each role gets its rights."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from core.postgis.owner import as_owner
from core.postgis.rights import settle


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and settle the rights; needs the owner's address (DATABASE_OWNER_URL)."""
        connection = connections[options["database"]]
        with as_owner(connection):
            super().handle(*args, **options)
            if not options["plan"]:
                settle(connection)
