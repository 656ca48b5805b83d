"""Handovers and indicators as JSON: complete, public, without persons."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from handovers.indicators.figures import (
    Done,
    Figure,
    Group,
    coherence,
    conversion,
    days_to_receipt,
    equity,
    kept,
)
from handovers.life.delivery import hand_over, hand_over_urgent
from issues.models import Issue

START = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)


def group(finished: bool = True, days: int | None = None, theme: str = "PAV", count: int = 1) -> Group:
    """Handed-over problems of neighbourhood 1."""
    return Group(1, theme, finished, days, count)


def done(place: int, day: int, ranked_list: int = 1) -> Done:
    """A problem of a list, finished so many days later."""
    return Done(1, ranked_list, place, START + dt.timedelta(days=day))


def test_the_order_kept_of_the_published_example():
    published = {"B1": 1, "C1": 2, "A1": 3, "A2": 4, "B2": 5, "C2": 6}
    executed = ["A1", "B1", "A2", "C1"]
    cases = [done(published[name], day) for day, name in enumerate(executed)]
    assert kept(cases) == Figure(None, 4)
    assert kept([*cases, done(7, 9)]).value == 0.7


@pytest.mark.parametrize(
    ("figure", "found"),
    [
        (conversion([group(count=4)]), Figure(None, 4)),
        (conversion([group(count=2), group(finished=False, count=3)]), Figure(0.4, 5)),
        (conversion([]), Figure(None, 0)),
        (equity([group(count=5), group(theme="ALU")], 120), Figure(5.0, 6)),
        (coherence([group(count=3), group(theme="ALU", count=2), group(finished=False)],
                   {1: frozenset({"PAV"})}), Figure(0.6, 5)),
        (days_to_receipt([group(days=n) for n in (9, 1, 2, 1, 9)] + [group()]), Figure(2.0, 5)),
        (days_to_receipt([group(days=1, count=3), group(days=4, count=3)]), Figure(2.5, 6)),
        (kept([done(n, n) for n in range(1, 7)]), Figure(1.0, 6)),
        (kept([done(n, 9 - n) for n in range(1, 7)]), Figure(0.0, 6)),
        (kept([done(n, 9 - n, ranked_list=n) for n in range(1, 7)]), Figure(1.0, 6)),
        (kept([]), Figure(None, 0)),
    ],
)  # fmt: skip
def test_each_indicator_with_its_cases(figure, found):
    assert figure == found


def test_an_anonymous_reader_sees_each_handover_without_persons(item, client, manager):
    one = client.get("/api/v1/handovers/1/").json()
    assert one["department"] == "operaciones"
    assert [(i["reference"], i["place"], i["round"]) for i in one["items"]] == [(item.issue.reference, 1, 1)]
    text = client.get("/api/v1/handovers/1/").content.decode()
    assert not any(name in text for name in ("alcaldia", "handed_by", "assigned", "received_by"))


def test_a_hidden_problem_is_not_told(item, client):
    Issue.objects.filter(pk=item.issue_id).update(visibility="staff")
    assert client.get("/api/v1/handovers/1/").json()["items"] == []


def test_the_urgent_lane_has_its_public_log(item, make_issue, cabinet, client):
    hand_over_urgent(make_issue(severity=3), cabinet)
    found = client.get("/api/v1/handovers/?lane=urgent").json()["results"]
    assert [(h["number"], h["ranked_list"]) for h in found] == [(2, None)]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("?department=nowhere", 400),
        ("?department=%00", 400),
        ("?lane=slow", 400),
        ("?before=x", 400),
        ("?page_size=0", 400),
        ("99/", 404),
        ("9999999999/", 404),
        ("-1/", 404),
        ("?department=operaciones&lane=list", 200),
    ],
)
def test_a_question_that_cannot_be_is_answered_with_a_sentence(item, client, address, status):
    answer = client.get(f"/api/v1/handovers/{address}")
    assert answer.status_code == status
    if status == 400:
        assert isinstance(answer.json()["detail"], str)


def test_indicators_stay_silent_under_five_cases(item, client):
    found = client.get("/api/v1/indicators/").json()
    assert found["commune"]["conversion"] == {"value": None, "cases": 1}
    assert [each["code"] for each in found["neighbourhoods"]] == [1, 2, 3]
    assert found["furthest_behind"] == []


def test_indicators_cost_the_same_for_two_problems_and_for_many(
    validated, publish, cabinet, client, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(12) as captured:
            client.get("/api/v1/indicators/")
        return len(captured)

    hand_over(publish(*(validated(1) for _n in range(2))), cabinet)
    few = queries()
    hand_over(publish(*(validated(2) for _n in range(12))), cabinet, at=timezone.now())
    assert queries() == few


def test_the_interface_is_documented_without_warnings(db, capsys):
    call_command("spectacular", file="/dev/null")
    assert "handovers" not in capsys.readouterr().err
