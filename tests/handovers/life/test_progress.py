"""The work: from start to evidence, and the neighbourhood's last word."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone

from handovers.life import progress, verification
from issues.workflow import Status, TransitionRefused
from tests.town import closed_room, judged


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
    held = progress.hold(
        item, manager, review_date=in_days(10), kind="material", public_text="Llega el lunes."
    )
    assert held.issue.history.last().public_text == "Falta material o repuesto. Llega el lunes."
    assert (held.issue.status, held.issue.due_date) == (Status.ON_HOLD, in_days(10))
    assert progress.resume(item, manager).issue.status == status


@pytest.mark.parametrize(
    ("kind", "days", "sentence"),
    [("", 10, "motivo"), ("porque sí", 10, "motivo"), ("material", 0, "futura"), ("material", 91, "90 días")],
)
def test_a_pause_has_a_reason_of_the_list_and_an_end(bring_to, manager, kind, days, sentence):
    item = bring_to(Status.SCHEDULED)
    with pytest.raises(TransitionRefused, match=sentence):
        progress.hold(item, manager, review_date=in_days(days), kind=kind)
    item.refresh_from_db()
    assert item.issue.status == Status.SCHEDULED


def test_a_pause_may_last_90_days(bring_to, manager):
    held = progress.hold(bring_to(Status.SCHEDULED), manager, review_date=in_days(90), kind="weather")
    assert held.issue.status == Status.ON_HOLD


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
    with pytest.raises(TransitionRefused, match="lo decide el barrio"):
        progress.start(bring_to(Status.REPORTED_DONE), manager, public_text="Seguimos.")


def test_a_dispute_in_the_room_sends_it_back_to_work_at_once(bring_to):
    item = bring_to(Status.REPORTED_DONE)
    judged(item.issue, is_done=False, text="Quedó a medias.")
    item.refresh_from_db()
    assert (item.issue.status, item.told_done_at) == (Status.IN_PROGRESS, None)
    assert item.issue.due_date == timezone.localdate()


# Days after the report on which the neighbourhood met, and how many repairs have expired on a day.
@pytest.mark.parametrize(
    ("met", "day", "moved"),
    [
        (None, 28, 0), (None, 119, 0), (None, 120, 1),
        (10, 27, 0), (10, 28, 1),
        (40, 28, 0), (40, 40, 0), (40, 41, 1),
        (130, 119, 0), (130, 120, 1),
    ],
)  # fmt: skip
def test_a_repair_expires_once_a_gathering_let_it_pass(bring_to, met, day, moved):
    item = bring_to(Status.REPORTED_DONE)
    since = item.issue.status_since
    if met:
        opened = since + dt.timedelta(days=met)
        closed_room(item.issue.territory, opened, opened + dt.timedelta(hours=2))
    assert verification.expire_verifications(since + dt.timedelta(days=day)) == moved
    item.refresh_from_db()
    assert item.issue.status == (Status.DONE_UNVERIFIED if moved else Status.REPORTED_DONE)


def test_the_command_moves_only_what_is_due(bring_to, capsys):
    bring_to(Status.REPORTED_DONE)
    call_command("expire_verifications")
    assert capsys.readouterr().out == "Sin verificar: 0\n"
