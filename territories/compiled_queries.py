"""Queries that Django compiles once: on a page asked for all day, compiling costs more than the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BooleanField, F, Field, Func, QuerySet, Value

from core.typing import SqlValue


class InArray(Func):
    """«column = ANY(array)»: one parameter, where IN has fifty that the driver reads each time."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, column: F, values: Sequence[object], field: Field) -> None:
        super().__init__(column, Value(values, ArrayField(field)))


class CompiledQuery:
    """A query for plain columns, compiled at its first use; every call only fills in its values.

    `build` makes it from a stand-in for each value and hands each on as it is. Stand-ins differ from one
    another and from everything else in the query.
    """

    def __init__(self, build: Callable[..., QuerySet], **stand_ins: SqlValue) -> None:
        self._build = build
        self._stand_ins = stand_ins

    def rows(self, **values: SqlValue) -> list[tuple]:
        """The rows for these values, as plain tuples."""
        sql, params = self._written
        with connection.cursor() as cursor:
            cursor.execute(sql, [values[name] if name else param for name, param in params])
            return cursor.fetchall()

    @cached_property
    def _written(self) -> tuple[str, list[tuple[str, SqlValue]]]:
        sql, params = self._build(**self._stand_ins).query.sql_with_params()
        return sql, [(self._name_of(param), param) for param in params]

    def _name_of(self, param: object) -> str:
        """The value a parameter stands for; empty where it is part of the query itself."""
        return next((name for name, stand_in in self._stand_ins.items() if stand_in == param), "")
