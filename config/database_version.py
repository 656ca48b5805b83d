"""A database that this version cannot take over is refused before anything is written to it."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, Critical
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from scripts.versions import APPLIED_IN_0_1, REFUSAL


def check_version(databases: Sequence[str] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Find databases of 0.1 among these; `migrate` asks before it reads or does anything."""
    applied = [MigrationRecorder(connections[alias]).applied_migrations() for alias in databases or ()]
    return [Critical(REFUSAL, id="mapa.E001") for names in applied if APPLIED_IN_0_1 in names]
