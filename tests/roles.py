"""The roles of the database in tests: a request is served as pages are, all else is done as workers do it."""

from __future__ import annotations

from contextlib import AbstractContextManager

from core.postgis import identity
from core.postgis.rights import WEB, WORKER


def take_roles() -> None:
    """From now on every statement says as whom it is made."""
    identity.Roles.outside, identity.Roles.within = WORKER, WEB


def owner() -> AbstractContextManager[None]:
    """The owner of the tables: for what triggers refuse even to it, and for damage done on purpose."""
    return identity.acting_as("NONE")


def web() -> AbstractContextManager[None]:
    """Who serves pages, outside of any request."""
    return identity.acting_as(WEB)
