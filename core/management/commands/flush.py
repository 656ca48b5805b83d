"""`manage.py flush`: Django's, as the owner of the tables, for tests. Triggers refuse it elsewhere."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections

from core.postgis.owner import as_owner
from core.together.contention import TRIES, is_contention


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        """Empty the tables; no role but the owner may. Pages may be in the way: TRIES times."""
        for left in reversed(range(TRIES)):
            try:
                self.empty(**options)
                return
            except CommandError as error:
                if not left or not is_contention(error.__cause__):
                    raise

    def empty(self, **options: Any) -> None:
        """Empty the tables once."""
        with as_owner(connections[options["database"]]):
            super().handle(**options)
