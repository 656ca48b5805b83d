"""Types for what comes from outside or goes there (JSON, values for SQL), and what cannot be missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias, TypeVar
from uuid import UUID

T = TypeVar("T")
Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = Mapping[str, Json]
# What a page is drawn from: a template takes anything.
Context: TypeAlias = dict[str, object]
SqlValue: TypeAlias = (
    bool
    | int
    | float
    | Decimal
    | str
    | bytes
    | dt.date
    | UUID
    | list[int]
    | list[str]
    | list[UUID]
    | tuple[object, ...]
    | None
)


def present(value: T | None) -> T:
    """What a constraint of the database or a look before has made sure of; raises TypeError without it."""
    if value is None:
        raise TypeError("Nothing is where something was made sure of")
    return value
