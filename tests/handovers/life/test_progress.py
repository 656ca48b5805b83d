"""The work: from start to evidence, and the neighbourhood's last word."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from handovers.life import progress, verification
from issues.workflow import Status, TransitionRefused


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_done_needs_a_photo_of_how_it_was_left(bring_to, manager):
    item = bring_to(Status.IN_PROGRESS)
    with pytest.raises(TransitionRefused, match="evidencia"):
        progress.report_done(item, manager, photos=[])


def test_a_photo_from_before_is_no_evidence(bring_to, manager, photo_after):
    item = bring_to(Status.IN_PROGRESS)
    with pytest.raises(TransitionRefused, match="foto de después"):
        progress.report_done(item, manager, photos=[photo_after(item, kind="before")])


def test_the_photo_of_another_problem_is_no_evidence(bring_to, handed, manager, photo_after):
    item = bring_to(Status.IN_PROGRESS)
    with pytest.raises(TransitionRefused, match="de este mismo problema"):
        progress.report_done(item, manager, photos=[photo_after(handed(2))])


def test_done_keeps_evidence_and_cost(bring_to, manager, photo_after):
    item = bring_to(Status.IN_PROGRESS)
    photo = photo_after(item)
    done = progress.report_done(item, manager, photos=[photo], cost_spent=350_000, cost_class="C1")
    assert (done.issue.status, done.cost_spent, done.cost_class) == (Status.REPORTED_DONE, 350_000, "C1")
    assert done.issue.history.last().evidence == [str(photo.pk)]


@pytest.mark.parametrize("cost", [-1, 10**14])
def test_an_impossible_cost_is_refused(bring_to, manager, photo_after, cost):
    item = bring_to(Status.IN_PROGRESS)
    with pytest.raises(TransitionRefused, match="pesos"):
        progress.report_done(item, manager, photos=[photo_after(item)], cost_spent=cost)
    item.refresh_from_db()
    assert item.issue.status == Status.IN_PROGRESS


@pytest.mark.parametrize("status", [Status.ACKNOWLEDGED, Status.SCHEDULED, Status.IN_PROGRESS])
def test_a_pause_returns_to_where_it_began(bring_to, manager, status):
    item = bring_to(status)
    held = progress.hold(item, manager, review_date=in_days(10), public_text="Falta material.")
    assert (held.issue.status, held.issue.due_date) == (Status.ON_HOLD, in_days(10))
    assert progress.resume(item, manager).issue.status == status


def test_only_what_is_paused_is_resumed(bring_to, manager):
    with pytest.raises(TransitionRefused, match="no está en pausa"):
        progress.resume(bring_to(Status.SCHEDULED), manager)


def test_a_note_tells_the_public_and_the_staff_apart(bring_to, manager):
    item = bring_to(Status.IN_PROGRESS)
    line = progress.note(item, manager, public_text="Cuadrilla asignada.", internal_text="Pedir asfalto.")
    assert (line.kind, line.public_text, line.reason) == ("note", "Cuadrilla asignada.", "Pedir asfalto.")


def test_an_empty_note_is_refused(bring_to, manager):
    with pytest.raises(TransitionRefused, match="Escribe el avance"):
        progress.note(bring_to(Status.SCHEDULED), manager, public_text="  ")


@pytest.mark.parametrize("status", [Status.HANDED_OVER, Status.ACKNOWLEDGED])
def test_work_does_not_start_before_a_commitment(bring_to, manager, status):
    with pytest.raises(TransitionRefused, match="no puede pasar"):
        progress.start(bring_to(status), manager)


def test_an_office_cannot_reopen_what_the_neighbourhood_is_to_verify(bring_to, manager):
    with pytest.raises(TransitionRefused, match="verifica el barrio"):
        progress.start(bring_to(Status.REPORTED_DONE), manager, public_text="Seguimos.")


def test_the_neighbourhood_verifies(bring_to, facilitator):
    done = verification.verify(bring_to(Status.REPORTED_DONE), facilitator)
    assert done.issue.status == Status.VERIFIED


def test_a_dispute_sends_it_back_to_work_with_what_is_missing(bring_to, facilitator):
    item = bring_to(Status.REPORTED_DONE)
    back = verification.dispute(item, facilitator, public_text="Quedó a medias.")
    assert (back.issue.status, back.finished_at) == (Status.IN_PROGRESS, None)
    assert back.issue.due_date == timezone.localdate()


def test_a_dispute_says_what_is_missing(bring_to, facilitator):
    with pytest.raises(TransitionRefused, match="qué falta"):
        verification.dispute(bring_to(Status.REPORTED_DONE), facilitator, public_text=" ")


def test_only_what_is_told_as_done_is_disputed(bring_to, facilitator):
    with pytest.raises(TransitionRefused, match="informado como listo"):
        verification.dispute(bring_to(Status.SCHEDULED), facilitator, public_text="No.")


@pytest.mark.parametrize(("days", "moved"), [(27, 0), (28, 1)])
def test_after_28_days_a_repair_is_done_unverified(bring_to, days, moved):
    item = bring_to(Status.REPORTED_DONE)
    later = item.issue.status_since + dt.timedelta(days=days)
    assert verification.expire_verifications(later) == moved


def test_the_command_moves_only_what_is_due(bring_to, capsys):
    bring_to(Status.REPORTED_DONE)
    call_command("expire_verifications")
    assert capsys.readouterr().out == "Sin verificar: 0\n"
