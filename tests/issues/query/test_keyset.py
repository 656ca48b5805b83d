"""Pages by key show every row once, in order, forwards and backwards."""

from __future__ import annotations

import base64
import json

import pytest

from issues.models import Issue
from issues.query import keyset

ORDERS = [
    "-reported_at",
    "reported_at",
    "-index",
    "index",
    "reference",
    "-due_date",
    "territory",
    "-department",
]


@pytest.fixture
def many(make_issue):
    """Nine problems: equal and empty indexes among them."""
    for n in range(9):
        level = n % 3 or None
        make_issue(1 + n % 3, severity=level, reach=level, duration=level, vulnerability=level)


def walk(ordering: keyset.Ordering, size: int) -> list[list]:
    pages, cursor = [], ""
    while True:
        found = keyset.page(Issue.objects.all(), ordering, cursor, size)
        pages.append(found)
        cursor = found.next
        if not cursor:
            return pages


@pytest.mark.parametrize("size", [1, 2, 4, 9, 50])
@pytest.mark.parametrize("order", ORDERS)
def test_walking_the_pages_shows_every_row_once_in_order(many, order, size):
    ordering = keyset.parse_ordering(order)
    walked = [row.pk for found in walk(ordering, size) for row in found.items]
    whole = Issue.objects.order_by(*ordering.expressions(backwards=False)).values_list("pk", flat=True)
    assert walked == list(whole)


@pytest.mark.parametrize("order", ORDERS)
def test_the_way_back_shows_the_same_pages(many, order):
    ordering = keyset.parse_ordering(order)
    there = walk(ordering, 2)
    back, cursor = [], there[-1].previous
    while cursor:
        found = keyset.page(Issue.objects.all(), ordering, cursor, 2)
        back.insert(0, [row.pk for row in found.items])
        cursor = found.previous
    assert [pk for page in back for pk in page] == [row.pk for page in there[:-1] for row in page.items]


def packed(value) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    ["x", "ñ", "=" * 10, "A" * 500, packed([]), packed(["n", "2026", "x"]), packed(["z", None, "0" * 32]),
     packed({"a": 1}), packed(["n", "2026-01-01T00:00:00", "0" * 32]), packed(["n", [1], "0" * 32]),
     packed("[" * 200)],
)  # fmt: skip
def test_a_broken_cursor_is_refused_with_a_sentence(many, cursor):
    with pytest.raises(keyset.BadPage, match="ya no existe"):
        keyset.page(Issue.objects.all(), keyset.parse_ordering(""), cursor)


@pytest.mark.parametrize("order", ["password", "created_by__password", "--index", "reporter", "?", "index;"])
def test_an_order_that_is_not_offered_is_refused(order):
    with pytest.raises(keyset.BadPage):
        keyset.parse_ordering(order)


@pytest.mark.parametrize("size", ["0", "-1", "201", "x", "9" * 30, "٣"])
def test_a_page_size_out_of_range_is_refused(size):
    with pytest.raises(keyset.BadPage):
        keyset.parse_size(size)


@pytest.mark.parametrize("order", ORDERS)
def test_lines_fetched_by_their_ids_come_in_the_order_of_the_page(many, order):
    ordering = keyset.parse_ordering(order)
    lines = keyset.Lines(Issue.objects.all(), ("reference", "territory__name"))
    plain = keyset.page(Issue.objects.all(), ordering, "", 4)
    shown = keyset.page(Issue.objects.all(), ordering, "", 4, lines)
    assert [line.reference for line in shown.items] == [issue.reference for issue in plain.items]
    assert (shown.next, shown.previous) == (plain.next, plain.previous)
    assert shown.items[0].territory__name


def test_a_line_can_only_be_of_a_row_that_was_asked_for(many):
    one = Issue.objects.order_by("reference")[:1]
    rows = Issue.objects.filter(reference=one[0].reference)
    page = keyset.page(rows, keyset.parse_ordering(""), "", 50, keyset.Lines(Issue.objects.all()))
    assert [issue.reference for issue in page.items] == [one[0].reference]


@pytest.mark.parametrize("rows", [2, 9])
def test_a_page_takes_two_queries_however_many_rows(many, django_assert_num_queries, rows):
    with django_assert_num_queries(2):
        found = keyset.page(Issue.objects.all(), keyset.parse_ordering(""), "", rows)
    assert len(found.items) == rows
