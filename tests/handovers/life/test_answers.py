"""Receipt, acceptance, redirect and refusal: each with its sentence when it cannot be."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from handovers.life import answers
from handovers.life.answers import Refusal
from handovers.models import Answer, RefusalKind
from issues.workflow import ClosingKind, Status, TransitionRefused

TODAY = timezone.localdate


def soon() -> dt.date:
    return TODAY() + dt.timedelta(days=20)


def test_a_receipt_makes_the_answer_the_next_deadline(item, manager):
    done = answers.acknowledge(item, manager)
    assert (done.issue.status, done.received_by) == (Status.ACKNOWLEDGED, manager)
    assert done.issue.due_date == item.answer_due


def test_the_receipt_of_a_list_covers_each_of_its_problems(item, manager):
    assert answers.acknowledge_list(item.handover, manager) == 1
    item.refresh_from_db()
    assert (item.issue.status, item.handover.received_by) == (Status.ACKNOWLEDGED, manager)


def test_a_list_is_received_once(item, manager):
    answers.acknowledge_list(item.handover, manager)
    with pytest.raises(TransitionRefused, match="ya tiene acuse"):
        answers.acknowledge_list(item.handover, manager)


def test_accepting_commits_a_date_and_gives_the_receipt_on_the_way(item, manager):
    done = answers.accept(item, manager, committed_date=soon(), cost_class="C1")
    assert (done.issue.status, done.answer, done.issue.committed_date) == (
        Status.SCHEDULED,
        Answer.ACCEPT,
        soon(),
    )
    assert done.received_by == manager
    assert done.issue.due_date == soon()


def test_a_redirect_gives_the_other_department_its_full_time(item, manager, parks):
    done = answers.redirect(item, manager, department=parks, public_text="Es de áreas verdes.")
    assert (done.department, done.issue.department, done.issue.status) == (parks, parks, Status.HANDED_OVER)
    assert done.issue.due_date == done.receipt_due


@pytest.mark.parametrize("passed", [25, 60])
def test_passing_on_buys_no_time_beyond_the_written_answer(item, manager, cabinet, parks, passed):
    late = timezone.now() + dt.timedelta(days=passed)
    done = answers.redirect(item, manager, department=parks, public_text="No es nuestro.", at=late)
    assert done.answer_due == max(item.written_answer_due, done.receipt_due)
    item.refresh_from_db()
    later = late + dt.timedelta(days=30)
    decided = answers.decide(item, cabinet, department=manager.department, public_text="Tú.", at=later)
    decided.refresh_from_db()
    assert decided.answer_due == decided.receipt_due == decided.issue.due_date


def test_after_two_redirects_the_cabinet_decides(item, manager, other_manager, cabinet, streets, parks):
    answers.redirect(item, manager, department=parks, public_text="No es nuestro.")
    item.refresh_from_db()
    answers.redirect(item, other_manager, department=streets, public_text="Tampoco.")
    item.refresh_from_db()
    with pytest.raises(TransitionRefused, match="decide la alcaldía"):
        answers.redirect(item, manager, department=parks, public_text="Que no.")
    done = answers.decide(item, cabinet, department=parks, public_text="Responde DAOGA.")
    line = done.issue.history.last()
    assert (done.department, line.kind, line.to_value) == (parks, "department", "DAOGA")


def test_only_the_cabinet_decides(item, manager, parks):
    with pytest.raises(PermissionDenied, match="decide who answers"):
        answers.decide(item, manager, department=parks, public_text="Yo decido.")


@pytest.mark.parametrize(
    ("kind", "closing"),
    [
        (RefusalKind.NOT_MUNICIPAL, ClosingKind.OTHER_BODY),
        (RefusalKind.PRIVATE, ClosingKind.NOT_FEASIBLE),
        (RefusalKind.NEEDS_STUDY, ClosingKind.NOT_FEASIBLE),
        (RefusalKind.NO_BUDGET, ClosingKind.NOT_FEASIBLE),
        (RefusalKind.UNFEASIBLE, ClosingKind.NOT_FEASIBLE),
        (RefusalKind.SOLVED, ClosingKind.WITHDRAWN),
    ],
)
def test_a_refusal_closes_with_its_kind_and_public_text(item, manager, kind, closing):
    done = answers.refuse(item, manager, Refusal(kind, "No se puede este año."))
    assert (done.answer, done.refusal_kind, done.issue.closing_kind) == (Answer.REFUSE, kind, closing)
    assert done.issue.history.last().public_text == "No se puede este año."


def test_a_duplicate_names_the_other(item, handed, manager):
    other = handed(2).issue
    done = answers.refuse(item, manager, Refusal(RefusalKind.DUPLICATE, "Ya está.", duplicate_of=other))
    assert done.issue.duplicate_of == other


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda i, u, d: answers.accept(i, u, committed_date=dt.date(2020, 1, 1)), "ya pasó"),
        (lambda i, u, d: answers.accept(i, u, committed_date=dt.date(9999, 1, 1)), "cinco años"),
        (lambda i, u, d: answers.accept(i, u, committed_date=soon(), cost_class="C9"), "clase de costo"),
        (lambda i, u, d: answers.redirect(i, u, department=d, public_text="  "), "Escribe por qué"),
        (lambda i, u, d: answers.redirect(i, u, department=i.department, public_text="a"), "Ya está en esa"),
        (lambda i, u, d: answers.refuse(i, u, Refusal(RefusalKind.PRIVATE, " ")), "Escribe por qué"),
        (lambda i, u, d: answers.refuse(i, u, Refusal("porque sí", "No.")), "motivo de la lista"),
        (lambda i, u, d: answers.refuse(i, u, Refusal(RefusalKind.DUPLICATE, "Otro.")), "de cuál"),
    ],
)
def test_an_answer_that_cannot_be_changes_nothing(item, manager, parks, act, sentence):
    lines = item.issue.history.count()
    with pytest.raises(TransitionRefused, match=sentence):
        act(item, manager, parks)
    item.refresh_from_db()
    assert (item.issue.status, item.answer, item.received_at) == (Status.HANDED_OVER, "", None)
    assert item.issue.history.count() == lines


def test_a_closed_department_gets_nothing(item, manager, parks):
    parks.is_open = False
    parks.save()
    with pytest.raises(TransitionRefused, match="en funciones"):
        answers.redirect(item, manager, department=parks, public_text="Suyo.")


def test_who_still_has_the_old_page_open_is_told_that_it_was_passed_on(item, manager, parks):
    stale = type(item).objects.get(pk=item.pk)
    answers.redirect(item, manager, department=parks, public_text="Es de áreas verdes.")
    with pytest.raises(TransitionRefused, match="pasó a otra dirección"):
        answers.acknowledge(stale, manager)
