"""Pages by key, not by offset: page 1,000 costs what page 1 costs, and rows never shift between pages.

A cursor is the sort values of a row, as base64 of JSON; it is not secret and not trusted.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.db.models import F, Q, QuerySet, UUIDField
from django.utils.translation import gettext as _

from core.letters import unfit
from territories.compiled_queries import InArray

MAX_CURSOR = 400
NULLABLE = {"index", "due_date", "territory__code", "department__code"}
Position = tuple[object, uuid.UUID]


class BadPage(ValueError):
    """A cursor, order or page size that cannot be read; the text says what to change."""


@dataclass(frozen=True)
class Ordering:
    """One sort key plus the id as tie-breaker. Empty values come last in both directions."""

    field: str
    descending: bool
    read: Callable[[object], object]

    def expressions(self, *, backwards: bool) -> list:
        """What goes into order_by; spelled as the database indexes are, so that they serve it."""
        last, first = (None, None) if not self._nullable else (True, True)
        key, descending = F(self.field), self.descending != backwards
        nulls = {"nulls_first": first} if backwards else {"nulls_last": last}
        pk_descends = self._pk_descends != backwards
        return [
            key.desc(**nulls) if descending else key.asc(**nulls),
            F("pk").desc() if pk_descends else F("pk").asc(),
        ]

    def segments(self, position: Position | None, *, backwards: bool) -> list[Q]:
        """Conditions of the rows beyond a position, in reading order: filled values, then empty ones.

        Each is a plain range, which an index can start from; one condition for both cannot.
        """
        if position is None and self._is_whole_in_indexes:
            return [Q()]
        if not self._nullable:
            return [self._range(position, backwards)] if position else [Q()]
        filled, empty = Q(**{f"{self.field}__isnull": False}), Q(**{f"{self.field}__isnull": True})
        order = [empty, filled] if backwards else [filled, empty]
        if position is None:
            return order
        here = empty & self._pk_beyond(position[1], backwards)
        if position[0] is not None:
            here = self._range(position, backwards)
        return [here, *order[1:]] if (position[0] is None) == backwards else [here]

    def _range(self, position: Position, backwards: bool) -> Q:
        value, pk = position
        side = "lt" if self.descending != backwards else "gt"
        same = Q(**{self.field: value}) & self._pk_beyond(pk, backwards)
        return Q(**{f"{self.field}__{side}e": value}) & (Q(**{f"{self.field}__{side}": value}) | same)

    def _pk_beyond(self, pk: uuid.UUID, backwards: bool) -> Q:
        return Q(**{f"pk__{'lt' if self._pk_descends != backwards else 'gt'}": pk})

    @property
    def _nullable(self) -> bool:
        return self.field in NULLABLE

    @property
    def _is_whole_in_indexes(self) -> bool:
        """Whether the indexes themselves hold the empty values last, so that a beginning is one range."""
        return self.field == "index" and self.descending

    @property
    def _pk_descends(self) -> bool:
        return self.descending and self.field in ("reported_at", "updated_at", "status_since")


def _integer(value: object) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError(value)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or unfit(value):
        raise ValueError(value)
    return value


def _moment(value: object) -> dt.datetime:
    moment = dt.datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


def _day(value: object) -> dt.date:
    return dt.date.fromisoformat(_text(value))


KEYS: dict[str, Callable[[object], object]] = {
    "reported_at": _moment,
    "updated_at": _moment,
    "status_since": _moment,
    "due_date": _day,
    "index": _integer,
    "support_count": _integer,
    "reference": _text,
    "title": _text,
    "status": _text,
    "territory__code": _integer,
    "category__code": _text,
    "department__code": _text,
}
PUBLIC_NAMES = {
    "territory": "territory__code",
    "category": "category__code",
    "department": "department__code",
}


def parse_ordering(text: str, default: str = "-reported_at", keys: Mapping = KEYS) -> Ordering:
    """Read «-index» or «reported_at»; raises BadPage for anything that is not a known key."""
    written = (text or default).strip()
    name = PUBLIC_NAMES.get(written.lstrip("-"), written.lstrip("-"))
    if name not in keys or written.startswith("--"):
        raise BadPage(_("No se puede ordenar por «%(name)s».") % {"name": written[:40]})
    return Ordering(name, written.startswith("-"), keys[name])


def parse_size(text: str, *, default: int = 50, most: int = 200) -> int:
    """Read a page size of 1 to `most`; raises BadPage."""
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= most):
        raise BadPage(_("El tamaño de página va de 1 a %(most)s.") % {"most": most})
    return int(text)


@dataclass(frozen=True)
class Page:
    """Some rows in order, and the cursors of the pages around them (empty at the ends)."""

    items: list
    next: str
    previous: str


class LinesOf(Protocol):
    """How a page fetches the rows it shows."""

    def of(self, keys: list[Position]) -> list:
        """The lines of these keys, in their order; what is gone by now is left out."""


@dataclass(frozen=True)
class Lines:
    """What a page shows: the whole table with its joins, as models or (with `columns`) as named tuples."""

    rows: QuerySet
    columns: tuple[str, ...] = ()

    def of(self, keys: list[Position]) -> list:
        """The lines of these keys, in their order; what is gone by now is left out."""
        rows = self.rows.filter(InArray(F("pk"), [pk for _value, pk in keys], UUIDField())).order_by()
        found = rows.values_list("pk", *self.columns, named=True) if self.columns else rows
        by_key = {row.pk: row for row in found}
        return [by_key[pk] for _value, pk in keys if pk in by_key]


def page(
    queryset: QuerySet, ordering: Ordering, cursor: str = "", size: int = 50, lines: LinesOf | None = None
) -> Page:
    """The page a cursor asks for; without a cursor the first. Raises BadPage for a broken cursor.

    `queryset` says which rows. Their ids are chosen alone, which indexes can do; then what is shown
    (`lines`, by default the same rows) is fetched for one page only. Two queries.
    """
    backwards, position = _read_cursor(cursor, ordering)
    order = ordering.expressions(backwards=backwards)
    keyed = queryset.annotate(sort_key=F(ordering.field)).order_by(*order)
    found: list[Position] = []
    for segment in ordering.segments(position, backwards=backwards):
        if len(found) <= size:
            found += keyed.filter(segment).values_list("sort_key", "pk")[: size + 1 - len(found)]
    more, keys = len(found) > size, found[:size]
    if backwards:
        keys.reverse()
    return Page(
        (lines or Lines(queryset)).of(keys),
        next=cursor_of(keys[-1], "n") if keys and (more or backwards) else "",
        previous=cursor_of(keys[0], "p") if keys and position and (more or not backwards) else "",
    )


def cursor_of(key: Position, direction: str) -> str:
    """The cursor of the page after («n») or before («p») a row of this sort value and id."""
    value, pk = key
    if isinstance(value, dt.date):
        value = value.isoformat()
    packed = json.dumps([direction, value, str(pk)], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, ordering: Ordering) -> tuple[bool, Position | None]:
    if not cursor:
        return False, None
    try:
        direction, value, pk = json.loads(_unpacked(cursor))
        value = None if value is None else ordering.read(value)
        return {"n": False, "p": True}[direction], (value, uuid.UUID(pk))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, binascii.Error) as error:
        raise BadPage(_("Esa página ya no existe: vuelve al comienzo de la lista.")) from error


def _unpacked(cursor: str) -> bytes:
    if len(cursor) > MAX_CURSOR or not cursor.isascii():
        raise ValueError("cursor")
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
