"""The indicators as people see them: figures with their cases, nothing under five, charts in words too."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from handovers.indicators.charts import BAR_WIDTH, chart
from handovers.indicators.figures import Figure
from handovers.indicators.views import percent


@pytest.mark.parametrize(
    ("figure", "shown"),
    [
        (Figure(0.625, 21), "63 % (21 casos)"),
        (Figure(None, 4), "pocos casos (4)"),
        (Figure(None, 0), "pocos casos (0)"),
        (Figure(0.0, 5), "0 % (5 casos)"),
    ],
)
def test_a_figure_is_shown_with_its_cases_or_not_at_all(figure, shown):
    assert percent(figure) == shown


def test_bars_are_on_one_scale_that_begins_at_zero():
    drawn = chart([("A", Figure(1.0, 9)), ("B", Figure(0.5, 9)), ("C", Figure(None, 2))], percent, 1.0)
    assert [bar.length for bar in drawn.bars] == [BAR_WIDTH, BAR_WIDTH / 2, 0]
    assert drawn.alternative == "A: 100 % (9 casos); B: 50 % (9 casos); C: pocos casos (2)"


def test_without_any_figure_the_chart_stays_empty():
    assert [bar.length for bar in chart([("A", Figure(None, 0))], percent).bars] == [0]


def test_the_page_names_every_neighbourhood_even_without_a_single_handover(client, town):
    page = client.get("/indicadores/").content.decode()
    assert all(name in page for name in ("Norte", "Centro", "Sur"))
    assert "pocos casos (0)" in page


def test_the_page_takes_as_many_queries_for_many_handovers_as_for_one(
    client, handed, django_assert_max_num_queries
):
    handed()
    client.get("/indicadores/")
    with django_assert_max_num_queries(13):
        client.get("/indicadores/")
    for _ in range(3):
        handed()
    with django_assert_max_num_queries(13):
        client.get("/indicadores/")


@pytest.mark.parametrize(("period", "cases"), [("", 1), ("365", 1), ("90", 0), ("30", 0)])
def test_a_period_counts_only_what_was_handed_over_in_it(client, handed, period, cases):
    handed()
    with time_machine.travel(timezone.now() + dt.timedelta(days=100)):
        page = client.get("/indicadores/", {"periodo": period}).content.decode()
    assert f'<option value="{period}" selected>' in page
    assert ("pocos casos (1)" in page) == bool(cases)


@pytest.mark.parametrize("period", ["7", "x", "-30", "90 "])
def test_a_period_that_is_none_of_the_list_is_told_so(client, town, period):
    answer = client.get("/indicadores/", {"periodo": period})
    assert answer.status_code == 400
    assert "los días hacia atrás" in answer.content.decode()
