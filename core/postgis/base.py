"""The backend's entrance, as Django looks for it."""

from __future__ import annotations

from time import monotonic
from typing import Any

from django.contrib.gis.db.backends.postgis import base
from django.contrib.gis.db.backends.postgis.features import DatabaseFeatures
from django.db.models import Model
from django.db.utils import OperationalError
from psycopg.errors import ConnectionTimeout

from core.postgis import driver, identity, sight
from core.postgis.cursor import TellingCursor

# What the question «are you there?» may take.
GREETING_SECONDS = 1.0
# After an attempt that nobody answered, others of this process are turned away at once for so long.
REST_SECONDS = 1.0


class Features(DatabaseFeatures):
    """PostgreSQL knows of a table, but not of a view, that its key decides the other columns."""

    def allows_group_by_selected_pks_on_model(self, model: type[Model]) -> bool:
        """Not where pages see a view."""
        return (
            super().allows_group_by_selected_pks_on_model(model) and model._meta.db_table not in sight.seen()
        )


class DatabaseWrapper(base.DatabaseWrapper):
    """PATIENCE among the database's settings says how many seconds an answer may take; None: any."""

    Database = driver
    features_class = Features
    # Of all threads: one that waits tells the others.
    rest_until = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> driver.PatientConnection:
        """As usual; raises OperationalError at once while nobody answers."""
        if monotonic() < DatabaseWrapper.rest_until:
            raise driver.OperationalError("the database says nothing")
        try:
            made = super().get_new_connection(conn_params)
        except ConnectionTimeout:
            DatabaseWrapper.rest_until = monotonic() + REST_SECONDS
            raise
        made.patience = self.settings_dict.get("PATIENCE")
        return made

    def get_connection_params(self) -> dict[str, Any]:
        """As usual, with cursors that tell who asks."""
        return super().get_connection_params() | {"cursor_factory": TellingCursor}

    def create_cursor(self, name: str | None = None) -> Any:
        """As usual; one of the server's own, which is told nothing, only where nobody is known."""
        return super().create_cursor(None if name and identity.statements() else name)

    def is_usable(self) -> bool:
        """As usual; raises OperationalError when the server is there and says nothing."""
        if self.connection is None:
            return False
        kept, self.connection.patience = self.connection.patience, GREETING_SECONDS
        try:
            usable = super().is_usable()
        finally:
            self.connection.patience = kept
        if self.connection.is_given_up and not usable:
            return self._hung()
        return usable

    def _hung(self) -> bool:
        """Where a new connection would only wait again."""
        DatabaseWrapper.rest_until = monotonic() + REST_SECONDS
        self.close()
        raise OperationalError("the database says nothing")
