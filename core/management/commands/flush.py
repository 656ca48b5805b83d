"""`manage.py flush`: Django's, as the owner of the tables, for tests. Triggers refuse it elsewhere."""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from core.postgis.owner import as_owner


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        """Empty the tables; no role but the owner may."""
        with as_owner(connections[options["database"]]):
            super().handle(**options)
