"""Each count next to a choice of the desk is the number of rows that choosing it shows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict
from django.utils import timezone

from handovers.desk.views import total_of
from handovers.life import answers
from handovers.life.delivery import hand_over, hand_over_urgent
from handovers.query.facets import ABSENT, facet_counts
from handovers.query.filters import matching
from issues.models import Issue

ADDRESSES = [
    "",
    "stage=all",
    "territory=1",
    "territory=1,2&status=handed_over",
    "stage=all&category=PAV-01&track=gestion",
    "stage=all&assigned=none",
    "stage=all&assigned=manager&round=1",
    "overdue=true",
    "stage=all&overdue=false&origin=walk",
    "q=hoyo&stage=all",
    "max_place=2",
]


@pytest.fixture
def desk(validated, publish, cabinet, make_issue, manager):
    """Handed over, urgent, late, assigned and still to come."""
    first, second = validated(1, title="Hoyo"), validated(2, title="Vereda")
    hand_over(publish(first, second, validated(1)), cabinet)
    hand_over_urgent(make_issue(3, title="Hoyo sin tapa", severity=3), cabinet)
    make_issue(3)
    item = first.handover_items.get()
    answers.acknowledge(item, manager)
    first.handover_items.update(assigned_to=manager)
    Issue.objects.filter(pk=second.pk).update(due_date=timezone.localdate() - dt.timedelta(days=2))


def rows_of(user, params: QueryDict, name: str, value: str) -> int:
    """How many rows the desk shows when a filter has this value alone."""
    chosen = params.copy()
    chosen.pop("cursor", None)
    chosen.setlist(name, [value])
    # A status looks through every stage unless the address names one.
    if name == "status" and "stage" not in params:
        chosen["stage"] = "desk"
    return total_of(matching(user, chosen))


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("who", ["manager", "cabinet"])
def test_a_count_is_the_number_of_rows_that_the_choice_shows(desk, address, who, request):
    user, params = request.getfixturevalue(who), QueryDict(address)
    for name, counts in facet_counts(user, params).items():
        for value, count in counts.items():
            if value != ABSENT or name == "assigned":
                assert rows_of(user, params, name, value) == count, (name, value)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_row_is_counted_once_in_each_facet_that_is_not_set(desk, manager, address):
    params = QueryDict(address)
    total = total_of(matching(manager, params))
    for name, counts in facet_counts(manager, params).items():
        if name not in params:
            assert sum(counts.values()) == total, name


def test_counts_take_as_many_queries_for_many_rows_as_for_few(
    desk, make_issue, manager, django_assert_num_queries
):
    for _ in range(12):
        make_issue(2)
    with django_assert_num_queries(6):
        facet_counts(manager, QueryDict("stage=all"))
