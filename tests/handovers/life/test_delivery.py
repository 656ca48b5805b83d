"""A published list goes to the departments whole, or not at all."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.db import IntegrityError, transaction
from django.utils import timezone

from handovers.life import answers
from handovers.life.delivery import (
    MAX_PROVISIONAL,
    DeliveryRefused,
    hand_over,
    hand_over_all_urgent,
    hand_over_urgent,
    plan,
)
from handovers.life.service_levels import dates_from, listed, urgent
from handovers.models import Handover, HandoverItem, Holiday
from issues.life.lifecycle import Change, move
from issues.models import Category, Issue
from issues.workflow import ClosingKind, Status
from tests.town import open_room

NIGHT = dt.datetime(2026, 9, 16, 2, 30, tzinfo=dt.UTC)  # Still 15 September, 23:30, in Santiago.


@pytest.fixture
def tree(pothole, parks) -> Category:
    """A category of another department."""
    return Category.objects.create(code="ARV-01", group=pothole.group, name="Árbol seco", department=parks)


@pytest.fixture
def danger(pothole, streets) -> Category:
    """An urgent category."""
    return Category.objects.create(
        code="TRA-01", group=pothole.group, name="Semáforo apagado", department=streets, track="urgencia"
    )


def test_each_department_gets_one_numbered_handover_with_its_places(
    validated, publish, cabinet, tree, streets, parks
):
    first, second, third = validated(1), validated(2, category=tree), validated(1)
    made = hand_over(publish(first, second, third), cabinet)
    assert [(h.number, h.department) for h in made] == [(1, parks), (2, streets)]
    assert list(made[1].items.values_list("issue", "place", "round")) == [(first.pk, 1, 1), (third.pk, 3, 2)]


def test_a_handed_over_problem_says_so_with_its_place_in_its_history(item):
    assert item.issue.status == Status.HANDED_OVER
    line = item.issue.history.last()
    assert line.public_text == "Entrega N.º 1 a Operaciones: lista 1, lugar 1, ronda 1."


def test_deadlines_are_counted_in_santiago_over_18_september(validated, publish, cabinet):
    issue = validated()
    hand_over(publish(issue), cabinet, at=NIGHT)
    item = HandoverItem.objects.get()
    due = (item.receipt_due, item.answer_due, item.written_answer_due)
    assert due == (dt.date(2026, 9, 21), dt.date(2026, 9, 30), dt.date(2026, 10, 15))
    assert item.issue.due_date == item.receipt_due


def test_a_municipal_holiday_moves_the_deadline(validated, publish, cabinet):
    Holiday.objects.create(day=dt.date(2026, 9, 17), name="Aniversario")
    hand_over(publish(validated()), cabinet, at=NIGHT)
    assert HandoverItem.objects.get().receipt_due == dt.date(2026, 9, 22)


def test_a_list_is_not_handed_over_twice(validated, publish, cabinet):
    ranked_list = publish(validated())
    hand_over(ranked_list, cabinet)
    with pytest.raises(DeliveryRefused, match="No queda nada"):
        hand_over(ranked_list, cabinet)
    assert Handover.objects.count() == HandoverItem.objects.count() == 1


def test_what_no_gathering_ratified_stays_and_goes_once_it_was(validated, make_issue, publish, cabinet):
    ready, provisional = validated(1), make_issue(2)
    ranked_list = publish(ready, provisional)
    assert [s.sentence for s in plan(ranked_list).staying] == [
        "Es provisorio: falta que una reunión barrial lo ratifique."
    ]
    hand_over(ranked_list, cabinet)
    move(provisional, Change(to=Status.VALIDATED), actor=None, office="Reunión barrial")
    (again,) = hand_over(ranked_list, cabinet)
    assert again.number == 1
    assert again.items.count() == 2


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda i: Issue.objects.filter(pk=i.pk).update(department=None), "Falta la dirección"),
        (lambda i: _close(i), "no puede pasar"),
    ],
)
def test_a_place_that_cannot_go_stays_with_its_reason(validated, publish, cabinet, spoil, sentence):
    stays, goes = validated(1), validated(2)
    ranked_list = publish(stays, goes)
    spoil(stays)
    assert sentence in plan(ranked_list).staying[0].sentence
    hand_over(ranked_list, cabinet)
    assert list(HandoverItem.objects.values_list("issue", flat=True)) == [goes.pk]


def _close(issue):
    change = Change(to=Status.CLOSED, closing_kind=ClosingKind.WITHDRAWN, public_text="Se retira.")
    move(issue, change, actor=None, office="Prueba")


def test_a_risk_to_life_is_validated_and_handed_over_at_once(make_issue, cabinet):
    issue = make_issue(severity=3)
    handover = hand_over_urgent(issue, cabinet)
    item = handover.items.get()
    assert (item.issue.status, item.place, handover.ranked_list) == (Status.HANDED_OVER, 0, None)
    assert [line.to_value for line in issue.history.all()] == ["registered", "validated", "handed_over"]


@pytest.mark.parametrize("status", ["ordinary", "sent", "homeless"])
def test_what_is_not_urgent_or_went_already_is_refused(make_issue, cabinet, danger, status):
    issue = make_issue(severity=1 if status == "ordinary" else 3)
    if status == "sent":
        hand_over_urgent(issue, cabinet)
    if status == "homeless":
        Issue.objects.filter(pk=issue.pk).update(department=None)
    before = Handover.objects.count()
    with pytest.raises(DeliveryRefused):
        hand_over_urgent(issue, cabinet)
    assert Handover.objects.count() == before


def test_all_that_is_urgent_goes_without_a_person(make_issue, danger):
    make_issue(1, category=danger)
    make_issue(2, severity=3)
    make_issue(3, severity=2)
    assert hand_over_all_urgent() == 2
    assert set(Handover.objects.urgent().values_list("handed_by", flat=True)) == {None}
    assert hand_over_all_urgent() == 0


def test_an_appealed_problem_gets_a_new_current_item(item, manager, publish, cabinet):
    _close(item.issue)
    room = open_room(item.issue.territory)
    move(
        item.issue,
        Change(to=Status.VALIDATED, appeal=True, public_text="Apela.", gathering_number=room.number),
        actor=None,
        office="Reunión",
    )
    hand_over(publish(item.issue), cabinet)
    assert list(item.issue.handover_items.order_by("id").values_list("is_current", flat=True)) == [
        False,
        True,
    ]


def test_the_database_allows_one_current_item_per_problem(item):
    with pytest.raises(IntegrityError, match="one_current_item"), transaction.atomic():
        HandoverItem.objects.create(
            handover=Handover.objects.create(
                number=9, department=item.department, handed_at=timezone.now(), asked_by="nobody"
            ),
            issue=item.issue,
            department=item.department,
            receipt_due=item.receipt_due,
            answer_due=item.answer_due,
            written_answer_due=item.written_answer_due,
        )


def test_whatever_waits_for_a_vote_the_last_place_goes(make_issue, validated, publish, cabinet):
    provisional = [make_issue(1) for _ in range(MAX_PROVISIONAL + 1)]
    last = validated(2)
    ranked_list = publish(*provisional, last)
    found = plan(ranked_list)
    assert [place.issue for place in found.going] == [last]
    assert [each.place.place for each in found.staying] == list(range(1, MAX_PROVISIONAL + 1))
    assert len(hand_over(ranked_list, cabinet)) == 1


def test_half_a_delivery_leaves_nothing(validated, publish, cabinet):
    ranked_list = publish(validated(1), validated(2))
    with pytest.raises(RuntimeError), transaction.atomic():
        hand_over(ranked_list, cabinet)
        raise RuntimeError("power cut")
    assert not Handover.objects.exists()
    assert set(Issue.objects.values_list("status", flat=True)) == {Status.VALIDATED}


# --- Terms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "receipt", "answer"),
    [
        # 23:30 in summer time (UTC-3) is already the next day in UTC: Friday still counts.
        ("2026-09-12T02:30:00+00:00", "2026-09-16", "2026-09-28"),
        # The night of 5 September 2026 clocks go forward: that Saturday evening and Sunday count from Monday.
        ("2026-09-06T03:30:00+00:00", "2026-09-09", "2026-09-21"),
        ("2026-09-06T04:30:00+00:00", "2026-09-09", "2026-09-21"),
        # The night of 4 April 2026 clocks go back: 23:30 comes twice, and both are that Saturday.
        ("2026-04-05T02:30:00+00:00", "2026-04-08", "2026-04-17"),
        ("2026-04-05T03:30:00+00:00", "2026-04-08", "2026-04-17"),
    ],
)
def test_the_day_of_a_handover_is_the_one_in_the_commune_over_changes_of_the_clock(
    db, moment, receipt, answer
):
    found = dates_from(dt.datetime.fromisoformat(moment), listed())
    assert [day.isoformat() for day in found[:2]] == [receipt, answer]


def test_an_installation_may_decide_other_terms(settings, validated, publish, cabinet):
    settings.LISTED_TERMS = [5, 15, 20]
    monday = dt.datetime(2026, 3, 2, 13, tzinfo=dt.UTC)
    hand_over(publish(validated(1)), cabinet, at=monday)
    item = HandoverItem.objects.get()
    assert [item.receipt_due, item.answer_due, item.written_answer_due] == [
        dt.date(2026, 3, 9),
        dt.date(2026, 3, 23),
        dt.date(2026, 3, 22),
    ]


def test_what_is_urgent_stays_urgent_when_it_is_redirected(make_issue, cabinet, manager, parks):
    issue = make_issue(severity=3)
    hand_over_urgent(issue, cabinet)
    item = HandoverItem.objects.get()
    passed = answers.redirect(item, manager, department=parks, public_text="Es de áreas verdes.")
    assert (passed.receipt_due, passed.answer_due) == dates_from(timezone.now(), urgent())[:2]


@pytest.mark.parametrize("terms", ["3,10", "0,10,30", "3,10,30,40"])
def test_terms_that_cannot_be_stop_the_start(terms):
    environment = os.environ | {"LISTED_TERMS": terms}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(
        command, env=environment, cwd=configured.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "above zero" in done.stderr
