"""Who asks, as the database may know it: row security reads `mapa.who`, told with each statement.

A person is known from the moment the code looks who is signed in (accounts/middleware.py). Who comes with a
link or an address instead holds a key, for the rows that it opens and for no longer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SAFE = re.compile(r"[\w-]*", re.ASCII)
_person: ContextVar[str] = ContextVar("person", default="")
_key: ContextVar[str] = ContextVar("key", default="")
_door: ContextVar[str] = ContextVar("door", default="")
_role: ContextVar[str | None] = ContextVar("role", default=None)


class Roles:
    """The role that a statement takes outside of requests and within them: none, but in tests."""

    outside = ""
    within = ""


def statements(*, anew: bool = False) -> list[str]:
    """What tells the database who asks, for the running transaction only; nothing where nobody does.

    `anew`: something was told before, so that nobody is told too. Raises ValueError for a fact that could end
    its own quotes.
    """
    person, key, door, role = _person.get(), _key.get(), _door.get(), _role.get()
    if not all(SAFE.fullmatch(fact) for fact in (person, key, door)):
        raise ValueError("neither a number nor a digest")
    who = f"{person}/{key}" + (f"/{door}" if door else "")
    role = Roles.outside if role is None else role
    return [
        *([f"SET LOCAL ROLE {role}"] if role else []),
        *([f"SET LOCAL mapa.who = '{who}'"] if person or key or door or anew else []),
    ]


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    """Take this role for the block, "" for none; only tests have another to take."""
    before = _role.set(role)
    try:
        yield
    finally:
        _role.reset(before)


@contextmanager
def request() -> Iterator[None]:
    """A request: nobody is known when it begins, and nobody when it ends."""
    before = _person.set("")
    try:
        with acting_as(Roles.within), behind(""):
            yield
    finally:
        _person.reset(before)


def enter(door: str) -> None:
    """Come in by a door, until the request ends."""
    _door.set(door)


def introduce(person: int) -> None:
    """Tell who is signed in, until the request ends."""
    _person.set(str(person))


@contextmanager
def holding(key: str) -> Iterator[None]:
    """Open the rows of this key for the block: a digest, or the number of a row that is being made."""
    before = _key.set(key)
    try:
        yield
    finally:
        _key.reset(before)


@contextmanager
def behind(door: str) -> Iterator[None]:
    """Come in by a door, for the block; each is for one kind of page.

    "counts" tells how many, or keeps the place of what is not public; "inbox" takes in what a tablet sends;
    "account" signs somebody in; "joining" writes on the problem that another is joined to.
    """
    before = _door.set(door)
    try:
        yield
    finally:
        _door.reset(before)


@contextmanager
def in_the_name_of(person: int) -> Iterator[None]:
    """Who did it is not who is signed in, for the block: what a tablet sends is its author's."""
    before = _person.set(str(person))
    try:
        yield
    finally:
        _person.reset(before)


def key_of(secret: str) -> str:
    """The key of what is no digest itself, an address for one: it stands in no statement."""
    return hashlib.sha256(secret.encode()).hexdigest()
