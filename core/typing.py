"""Types for what comes from outside or goes there: JSON, the words of a statement of SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

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
