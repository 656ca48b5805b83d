"""The owner of the tables, who migrates and lays out a demo, and does nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

from core.postgis import identity


@contextmanager
def as_owner(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Sign in as the database's owner for the block; afterwards the next query signs in as before.

    Only this thread's connection changes. Within a transaction it stays who it is.
    """
    if connection.in_atomic_block:
        yield
        return
    connection.close()
    kept = connection.settings_dict
    connection.settings_dict = kept | kept["OWNER"]
    try:
        with identity.acting_as(""):
            yield
    finally:
        connection.close()
        connection.settings_dict = kept
