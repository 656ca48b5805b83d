"""A query compiled once answers like one compiled for each call, whatever it was asked before."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, F, IntegerField, Q, TextField, Value, When
from django.db.models.query import QuerySet

from territories.compiled_queries import CompiledQuery, InArray
from territories.models import Territory


def chosen(codes: list[int], slugs: list[str]) -> QuerySet:
    named = Q(InArray(F("code"), codes, IntegerField())) | Q(InArray(F("slug"), slugs, TextField()))
    return Territory.objects.filter(named).filter(population__gt=5000).order_by("code").values_list("slug")


def test_each_call_fills_in_its_own_values(town):
    asked = CompiledQuery(chosen, codes=[-1], slugs=["?"])
    assert asked.rows(codes=[1], slugs=[]) == [("norte",)]
    assert asked.rows(codes=[], slugs=["sur", "nada"]) == [("sur",)]
    assert asked.rows(codes=[2, 3], slugs=["norte"]) == [("norte",), ("centro",), ("sur",)]
    assert asked.rows(codes=[], slugs=[]) == []


def test_what_is_part_of_the_question_stays(town):
    Territory.objects.filter(code=1).update(population=5000)
    assert CompiledQuery(chosen, codes=[-1], slugs=["?"]).rows(codes=[1, 2], slugs=[]) == [("centro",)]


def test_odd_values_are_only_values(town):
    asked = CompiledQuery(chosen, codes=[-1], slugs=["?"])
    assert asked.rows(codes=[], slugs=["'; DROP TABLE x; --", "%s", "{norte}", '"', "norte"]) == [("norte",)]


def test_days_are_values_too(town):
    def since(today: dt.date) -> QuerySet:
        old = When(boundary_set__valid__contains=today, then=Value(1))
        return Territory.objects.order_by("code").values_list("code", Case(old, default=Value(0)))

    asked = CompiledQuery(since, today=dt.date.min)
    in_force = Territory.objects.first().boundary_set.valid.lower
    assert asked.rows(today=in_force) == [(1, 1), (2, 1), (3, 1)]
    assert asked.rows(today=in_force - dt.timedelta(days=1)) == [(1, 0), (2, 0), (3, 0)]
