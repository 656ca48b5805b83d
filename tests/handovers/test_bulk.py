"""One act on many problems: previewed, explained row by row, taken back once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Role, User
from handovers import answers, bulk
from handovers.delivery import hand_over
from handovers.models import BulkRun, HandoverItem
from issues.workflow import Status


@pytest.fixture
def three(validated, publish, cabinet):
    """Three handed-over problems of Operaciones, in the order of their places."""
    issues = [validated(code, title=f"Hoyo {code}") for code in (1, 2, 3)]
    hand_over(publish(*issues), cabinet)
    return [HandoverItem.objects.get(issue=issue) for issue in issues]


@pytest.fixture
def colleague(streets) -> User:
    return User.objects.create_user("colega", "c@example.cl", "x", role=Role.MANAGER, department=streets)


def references(items) -> list[str]:
    return [item.issue.reference for item in items]


def test_the_preview_says_what_fits_and_why_the_rest_does_not(three, manager):
    answers.acknowledge(three[0], manager)
    items = bulk.chosen(manager, references(three))
    found = bulk.preview(bulk.action_named("acknowledge"), items, manager)
    assert [item.pk for item in found.fitting] == [three[1].pk, three[2].pk]
    assert [r.sentence for r in found.refused] == ["Está «con acuse»: no se puede dar acuse de recibo."]
    assert not BulkRun.objects.exists()


def test_each_problem_gets_its_own_line_of_history(three, manager):
    bulk.run(bulk.action_named("acknowledge"), bulk.chosen(manager, references(three)), manager, {})
    assert all(item.issue.history.last().to_value == Status.ACKNOWLEDGED for item in three)


def test_one_refusal_does_not_stop_the_others(three, manager):
    items = bulk.chosen(manager, references(three))
    answers.acknowledge(three[1], manager)
    made = bulk.run(bulk.action_named("acknowledge"), items, manager, {})
    assert made.entries.filter(refusal="").count() == 2
    assert "no puede pasar" in made.entries.exclude(refusal="").get().refusal


def test_planning_many_commits_one_date(three, manager):
    day = timezone.localdate() + dt.timedelta(days=9)
    told = {"committed_date": day, "public_text": "", "cost_class": ""}
    bulk.run(bulk.action_named("accept"), bulk.chosen(manager, references(three)), manager, told)
    assert set(HandoverItem.objects.values_list("committed_date", flat=True)) == {day}


def test_putting_in_charge_is_undone_once(three, manager, colleague):
    made = bulk.run(
        bulk.action_named("assign"), bulk.chosen(manager, references(three)), manager, {"person": colleague}
    )
    assert set(HandoverItem.objects.values_list("assigned_to", flat=True)) == {colleague.pk}
    assert bulk.undo(made, manager) == 3
    assert set(HandoverItem.objects.values_list("assigned_to", flat=True)) == {None}
    with pytest.raises(bulk.BulkRefused, match="Ya se deshizo"):
        bulk.undo(made, manager)


def test_a_redirect_is_undone_until_the_other_department_received_it(three, manager, other_manager, parks):
    told = {"department": parks, "public_text": "Es de áreas verdes."}
    made = bulk.run(bulk.action_named("redirect"), bulk.chosen(manager, references(three)), manager, told)
    answers.acknowledge(HandoverItem.objects.get(pk=three[0].pk), other_manager)
    assert bulk.undo(made, manager) == 2
    back = HandoverItem.objects.get(pk=three[1].pk)
    assert (back.department, back.issue.department, back.issue.redirects) == (
        manager.department,
        manager.department,
        0,
    )
    assert "ya lo recibió" in made.entries.exclude(refusal="").get().refusal


def test_what_was_told_to_the_neighbourhood_is_not_undone(three, manager):
    made = bulk.run(bulk.action_named("acknowledge"), bulk.chosen(manager, references(three)), manager, {})
    with pytest.raises(bulk.BulkRefused, match="no se deshace"):
        bulk.undo(made, manager)


def test_nobody_undoes_what_another_did(three, manager, colleague):
    made = bulk.run(bulk.action_named("assign"), [three[0]], manager, {"person": colleague})
    with pytest.raises(bulk.BulkRefused):
        bulk.undo(made, colleague)


def test_everything_filtered_is_chosen_by_the_address(three, manager):
    assert references(bulk.chosen(manager, [], "?territory=2")) == [three[1].issue.reference]


@pytest.mark.parametrize("given", [[], ["M-2020-000001"]])
def test_an_empty_selection_is_refused(three, manager, given):
    with pytest.raises(bulk.BulkRefused, match="Marca al menos"):
        bulk.chosen(manager, given)


def test_another_department_chooses_nothing_of_ours(three, other_manager):
    with pytest.raises(bulk.BulkRefused):
        bulk.chosen(other_manager, references(three))


def test_the_way_through_the_pages(three, client, manager, colleague):
    client.force_login(manager)
    posted = {"reference": references(three), "action": "assign"}
    page = client.post("/gestion/lote/", posted)
    assert page.status_code == 200
    assert len(page.context["fitting"]) == 3
    report = client.post("/gestion/lote/hacer/", posted | {"person": colleague.pk}, follow=True)
    assert report.context["done"] == 3
    undone = client.post(f"/gestion/lote/{report.context['run'].pk}/deshacer/", follow=True)
    assert "Deshecho en 3" in undone.content.decode()


@pytest.mark.parametrize("action", ["", "verify", "decide", "nonsense"])
def test_only_offered_acts_are_taken(three, client, manager, action):
    client.force_login(manager)
    answer = client.post("/gestion/lote/", {"reference": references(three), "action": action}, follow=True)
    assert "Elige qué hacer" in answer.content.decode()
    assert not BulkRun.objects.exists()


def test_a_form_that_lacks_something_comes_back_and_nothing_is_done(three, client, manager):
    client.force_login(manager)
    posted = {"reference": references(three), "action": "refuse", "kind": "no_budget"}
    assert client.post("/gestion/lote/hacer/", posted).status_code == 400
    assert not BulkRun.objects.exists()


def test_the_report_of_another_person_is_not_found(three, client, manager, other_manager):
    made = bulk.run(bulk.action_named("acknowledge"), [three[0]], manager, {})
    client.force_login(other_manager)
    assert client.get(f"/gestion/lote/{made.pk}/").status_code == 404
    assert client.post(f"/gestion/lote/{made.pk}/deshacer/").status_code == 404
