"""The URL is the filter: each parameter narrows, each bad value is refused with a sentence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from issues.index import display
from issues.models import Issue
from issues.query.filters import BadFilter, filtered, smallest_i3_shown_as
from tests.conftest import CENTRO, NORTE


def found(query: str) -> set[str]:
    return set(filtered(Issue.objects.all(), QueryDict(query)).values_list("title", flat=True))


@pytest.fixture
def three(make_issue):
    make_issue(NORTE, title="Hoyo en Pajaritos", severity=2, reach=2, duration=3, vulnerability=2)
    make_issue(CENTRO, title="Poste caído", severity=1, reach=0, duration=0, vulnerability=0)
    late = make_issue(CENTRO, title="Árbol", address="Av. El Rosal 100")
    Issue.objects.filter(pk=late.pk).update(due_date=timezone.localdate() - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"Hoyo en Pajaritos", "Poste caído", "Árbol"}),
        ("territory=1", {"Hoyo en Pajaritos"}),
        ("territory=norte", {"Hoyo en Pajaritos"}),
        ("territory=1,centro", {"Hoyo en Pajaritos", "Poste caído", "Árbol"}),
        ("territory=1&territory=2", {"Hoyo en Pajaritos", "Poste caído", "Árbol"}),
        ("territory=", {"Hoyo en Pajaritos", "Poste caído", "Árbol"}),
        ("status=open&q=caido", {"Poste caído"}),
        ("q=ROSAL arbol", {"Árbol"}),
        ("q=100%", {"Árbol"}),
        ("q=%", set()),
        ("q=Pajaritós", {"Hoyo en Pajaritos"}),
        ("q=pajaritos hoyo", {"Hoyo en Pajaritos"}),
        ("status=finished", set()),
        ("min_index=73.3", {"Hoyo en Pajaritos"}),
        ("min_index=73.4", set()),
        ("bbox=-70.80,-33.52,-70.78,-33.50", {"Hoyo en Pajaritos"}),
        ("overdue=true", {"Árbol"}),
        ("overdue=false", {"Hoyo en Pajaritos", "Poste caído"}),
        ("reported_from=2999-01-01", None),
        ("reported_to=2000-01-01", set()),
        ("unknown=1", {"Hoyo en Pajaritos", "Poste caído", "Árbol"}),
        ("department=operaciones&group=PAV&category=PAV-01&track=gestion&origin=walk&territory=1",
         {"Hoyo en Pajaritos"}),
    ],
)  # fmt: skip
def test_each_filter_narrows(three, query, titles):
    if titles is None:
        with pytest.raises(BadFilter):
            found(query)
    else:
        assert found(query) == titles


@pytest.mark.parametrize(
    "query",
    [
        "territory=atlantis", "territory=99", "category=XXX", "status=gone", "department=x", "track=x",
        "origin=moon", "min_index=x", "min_index=nan", "min_index=1e999", "min_index=-1", "min_index=101",
        "bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=nan,0,1,1", "bbox=inf,0,1,1", "bbox=2,0,1,1", "bbox=-200,0,1,1",
        "bbox=١,٢,٣,٤", "overdue=perhaps", "reported_from=ayer", "reported_to=2026-02-30", "q=" + "a" * 401,
        "updated_from=0000-00-00", "group=" + "x" * 500, "territory=" + ",".join("1" * 101),
        "min_index=%D9%A3", "reported_from=99999999999", "status=open,__class__",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(three, query):
    with pytest.raises(BadFilter) as refusal:
        found(query)
    assert str(refusal.value).endswith(".")


@given(st.integers(0, 300))
def test_min_index_means_what_is_shown(i3):
    least = smallest_i3_shown_as(display(i3))
    assert least <= i3
    assert display(least) == display(i3)
    assert least == 0 or display(least - 1) < display(i3)


def test_the_smallest_index_is_exact():
    assert smallest_i3_shown_as(Decimal("63.3")) == 190
