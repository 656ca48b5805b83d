"""An office that was dissolved: nothing is handed to it, and the cabinet is told what hangs on it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Department, User
from handovers.cabinet import overview
from handovers.life import answers, delivery
from handovers.models import Handover, HandoverItem
from issues.models import Category, Issue, RoutingRule
from issues.workflow import Status, TransitionRefused


@pytest.fixture
def dissolve(streets):
    """Takes «En funciones» off Operaciones and closes its people's accounts."""

    def doing() -> Department:
        Department.objects.filter(pk=streets.pk).update(is_open=False)
        User.objects.filter(department=streets).update(is_active=False)
        streets.refresh_from_db()
        return streets

    return doing


def handed() -> set[str]:
    return set(HandoverItem.objects.values_list("department__code", flat=True))


def test_an_urgent_problem_is_not_handed_to_it(make_issue, dissolve, cabinet):
    urgent = make_issue(severity=3)
    dissolve()
    with pytest.raises(TransitionRefused, match="«Operaciones» ya no está en funciones"):
        delivery.hand_over_urgent(urgent, cabinet)
    assert delivery.hand_over_all_urgent() == 0
    assert (Handover.objects.count(), Issue.objects.get().status) == (0, Status.REGISTERED)


def test_a_place_of_a_list_stays_with_its_sentence(validated, publish, dissolve, cabinet):
    listed = publish(validated())
    dissolve()
    (staying,) = delivery.plan(listed).staying
    assert "ya no está en funciones" in staying.sentence
    with pytest.raises(delivery.DeliveryRefused):
        delivery.hand_over(listed, cabinet)
    assert handed() == set()


@pytest.mark.parametrize("by", ["category", "rule"])
def test_what_waits_goes_to_the_office_that_took_over(
    validated, make_issue, publish, dissolve, cabinet, parks, pothole, by
):
    listed, urgent = publish(validated()), make_issue(severity=3)
    dissolve()
    if by == "category":
        Category.objects.update(department=parks)
    else:
        RoutingRule.objects.create(position=1, category=pothole, department=parks)
    delivery.hand_over(listed, cabinet)
    delivery.hand_over_urgent(urgent, cabinet)
    assert handed() == {"daoga"}
    assert set(Issue.objects.values_list("department__code", flat=True)) == {"daoga"}


def test_a_rule_that_names_it_is_passed_over(make_issue, dissolve, parks, pothole):
    RoutingRule.objects.create(position=1, category=pothole, department=dissolve())
    RoutingRule.objects.create(position=2, category=pothole, department=parks)
    assert make_issue().department == parks


@pytest.mark.parametrize("act", ["nothing", "acknowledge", "accept"])
def test_the_cabinet_gives_what_it_had_to_another_office(item, manager, dissolve, cabinet, parks, act):
    today = timezone.localdate()
    if act == "acknowledge":
        answers.acknowledge(item, manager)
    elif act == "accept":
        answers.accept(item, manager, committed_date=today)
    dissolve()
    item.refresh_from_db()
    status = item.issue.status
    answers.decide(item, cabinet, department=parks, public_text="Se hace cargo Aseo y Ornato.")
    item = HandoverItem.objects.get(pk=item.pk)
    assert (item.department, item.issue.department, item.issue.status) == (parks, parks, status)
    assert item.issue.committed_date == (today if act == "accept" else None)


def test_what_an_office_in_function_promised_stays_its_own(item, manager, cabinet, parks):
    answers.accept(item, manager, committed_date=timezone.localdate())
    item.refresh_from_db()
    with pytest.raises(TransitionRefused, match="Ya fue respondido"):
        answers.decide(item, cabinet, department=parks, public_text="Otra")


def test_the_cabinet_is_told_what_hangs_on_it(client, item, make_issue, dissolve, cabinet, pothole):
    make_issue()
    RoutingRule.objects.create(position=1, category=pothole, department=item.department)
    client.force_login(cabinet)
    assert "ya no está en funciones" not in client.get("/alcaldia/").content.decode()
    dissolve()
    (office,) = overview.dissolved()
    told = (office.waiting, office.running, office.categories_count, office.rules_count)
    assert told == (1, 1, 1, 1)
    page = client.get("/alcaldia/").content.decode()
    assert "«Operaciones» ya no está en funciones" in page
    listed = client.get("/gestion/", {"department": "operaciones"}).content.decode()
    assert item.issue.reference in listed


def test_an_office_on_which_nothing_hangs_is_not_told(client, cabinet, parks):
    Department.objects.update(is_open=False)
    assert list(overview.dissolved()) == []
