"""Money before promises, and the cabinet's figures over time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from handovers.cabinet import series
from handovers.life import answers, budgets
from handovers.life.delivery import hand_over
from handovers.models import Budget, HandoverItem
from issues.workflow import Status, TransitionRefused


def soon() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=5)


@pytest.fixture
def budget(streets) -> Budget:
    """Operaciones has six million for «gestión» in the year of the commitment."""
    return Budget.objects.create(year=soon().year, department=streets, track="gestion", amount=6_000_000)


def test_a_commitment_within_the_budget_needs_no_reason(item, manager, budget):
    answers.accept(item, manager, committed_date=soon(), cost_class="C2")
    (purse,) = budgets.purses(budget.year)
    assert (purse.committed, purse.left) == (5_000_000, 1_000_000)


def test_a_commitment_beyond_the_budget_needs_a_public_reason(item, manager, budget):
    with pytest.raises(TransitionRefused, match=r"quedan \$6\.000\.000"):
        answers.accept(item, manager, committed_date=soon(), cost_estimate=6_000_001)
    item.refresh_from_db()
    assert item.issue.status == Status.HANDED_OVER
    answers.accept(
        item, manager, committed_date=soon(), cost_estimate=6_000_001, over_budget_reason="Riesgo de caída."
    )
    assert "Riesgo de caída." in item.issue.history.last().public_text


def test_an_estimate_goes_before_the_class(item, manager, budget):
    answers.accept(item, manager, committed_date=soon(), cost_class="C4", cost_estimate=1_000_000)
    assert budgets.purses(budget.year)[0].committed == 1_000_000


def test_without_a_budget_nothing_is_asked(item, manager):
    answers.accept(item, manager, committed_date=soon(), cost_class="C5")
    assert budgets.purses(soon().year) == []


@pytest.mark.parametrize("cost", [-1, 10**13 + 1])
def test_an_impossible_estimate_is_refused(item, manager, cost):
    with pytest.raises(TransitionRefused, match="en pesos"):
        answers.accept(item, manager, committed_date=soon(), cost_estimate=cost)


def test_the_list_shows_what_fits_above_the_line(validated, publish, cabinet, budget):
    ranked_list = publish(*(validated(code) for code in (1, 2, 3)))
    hand_over(ranked_list, cabinet)
    HandoverItem.objects.update(cost_estimate=2_500_000)
    assert budgets.above_the_line(ranked_list, budget.year) == {1: True, 2: True, 3: False}


def test_spending_is_told_for_each_neighbourhood(handed, manager, budget):
    for code, cost in ((1, 100), (1, 200), (2, 50)):
        answers.accept(handed(code), manager, committed_date=soon(), cost_estimate=cost)
    rows = [(row["issue__territory__code"], row["committed"]) for row in budgets.by_territory(budget.year)]
    assert rows == [(1, 300), (2, 50)]


def test_weeks_stand_side_by_side(item, manager):
    week = {each.status: (each.now, each.before) for each in series.weeks()}
    assert week[Status.HANDED_OVER] == (1, 0)
    later = {each.status: (each.now, each.before) for each in series.weeks(timezone.now() + series.WEEK)}
    assert later[Status.HANDED_OVER] == (0, 1)


def test_targets_count_what_is_late_as_missed_and_leave_out_what_still_has_time(handed, manager):
    fast, slow = handed(1), handed(2)
    answers.acknowledge(fast, manager)
    (now,) = series.months()
    assert (now.handed, now.receipt_in_time) == (2, 100.0)
    (later,) = series.months(at=timezone.now() + dt.timedelta(days=30))
    assert (later.receipt_in_time, later.answer_in_time, later.conversion) == (50.0, 0.0, 0.0)
    assert slow.received_at is None


def test_the_report_is_one_page_of_pdf(item, client, cabinet):
    client.force_login(cabinet)
    answer = client.get("/alcaldia/informe.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert answer.content.count(b"/Type /Page\n") + answer.content.count(b"/Type /Page ") <= 1


@pytest.mark.parametrize("path", ["/alcaldia/pantalla/", "/alcaldia/informe.pdf"])
@pytest.mark.parametrize(
    ("person", "status"), [("manager", 403), ("facilitator", 403), ("cabinet", 200), ("administrator", 200)]
)
def test_who_sees_the_cabinets_wall_and_paper(item, client, request, path, person, status):
    client.force_login(request.getfixturevalue(person))
    assert client.get(path).status_code == status


def test_the_cabinet_costs_as_many_questions_for_many_problems(
    handed, client, cabinet, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(45) as captured:
            client.get("/alcaldia/")
        return len(captured)

    client.force_login(cabinet)
    handed(1)
    few = queries()
    for _n in range(6):
        handed(2)
    assert queries() <= few + 1
