"""Changes of status: the only code that writes `Issue.status`, each with its line of history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, User
from issues import workflow
from issues.models import EntryKind, HistoryEntry, Issue
from issues.statuses import STATUS_LABELS
from issues.workflow import ClosingKind, Status, TransitionRefused

T = TypeVar("T")


@dataclass(frozen=True)
class Change:
    """A requested change of status. `evidence` holds photo ids or addresses of documents, as text.

    `due_date` is the next day by which the office has to act; without one it is the review date of a
    pause, the committed date of planned work, or none. `gathering_number` is that of the open room whose
    verdict this is; the app of the gatherings has the database check it.
    """

    to: Status
    public_text: str = ""
    reason: str = ""
    evidence: Sequence[str] = ()
    committed_date: dt.date | None = None
    review_date: dt.date | None = None
    due_date: dt.date | None = None
    closing_kind: ClosingKind | None = None
    duplicate_of: Issue | None = None
    department: Department | None = None
    appeal: bool = False
    gathering_number: int | None = None


@transaction.atomic
def move(
    issue: Issue, change: Change, *, actor: User | None, office: str, at: dt.datetime | None = None
) -> Issue:
    """Change an issue's status and append its line of history; returns the stored issue.

    The row is locked first, so of two people who move an issue at once the second is judged by
    what the first left. Raises TransitionRefused, and then nothing is stored.
    """
    now = at or timezone.now()
    locked = Issue.objects.locked(issue.pk)
    check(locked, change, now)
    before = locked.status
    _apply(locked, change, now)
    locked.save(update_fields=_WRITTEN)
    _append(locked, before, change, actor, office, now)
    return locked


def check(issue: Issue, change: Change, now: dt.datetime) -> None:
    """Raise TransitionRefused with a sentence unless the table and its conditions allow the change."""
    if not workflow.is_allowed(issue.status, change.to):
        raise TransitionRefused(
            _("Un problema «%(from)s» no puede pasar a «%(to)s».")
            % {"from": STATUS_LABELS[issue.status], "to": STATUS_LABELS[change.to]}
        )
    if workflow.is_verdict(issue.status, change.to):
        _require(change.gathering_number is not None, _("Eso lo decide el barrio, en su reunión abierta."))
    condition = _CONDITIONS.get(change.to)
    if condition:
        condition(issue, change, now)


def _check_handed_over(issue: Issue, change: Change, now: dt.datetime) -> None:
    department = _needed(
        change.department or issue.department, _("Falta la dirección municipal que responde.")
    )
    _require(
        department.is_open,
        _("«%(office)s» ya no está en funciones: hay que decir qué dirección responde.")
        % {"office": department.name},
    )
    if issue.status == Status.HANDED_OVER:
        _require(department.pk != issue.department_id, _("Ya está en esa dirección."))
        _require(
            issue.redirects < workflow.MAX_REDIRECTS,
            _("Ya fue derivado dos veces: ahora decide la alcaldía."),
        )
        _require(bool(change.public_text.strip()), _("Escribe por qué se deriva a otra dirección."))


def _check_scheduled(issue: Issue, change: Change, now: dt.datetime) -> None:
    date = _needed(change.committed_date or issue.committed_date, _("Falta la fecha comprometida."))
    _require(
        issue.status == Status.ON_HOLD or date >= timezone.localdate(now),
        _("La fecha comprometida ya pasó."),
    )


def _check_on_hold(issue: Issue, change: Change, now: dt.datetime) -> None:
    review = _needed(change.review_date, _("Falta la fecha en que se revisará la pausa."))
    _require(review > timezone.localdate(now), _("La fecha de revisión debe ser futura."))
    latest = timezone.localdate(now) + dt.timedelta(days=workflow.HOLD_AT_MOST_DAYS)
    _require(review <= latest, _("Una pausa se revisa dentro de 90 días, a más tardar."))
    _require(bool(change.public_text.strip()), _("Escribe por qué queda en pausa."))


def _check_reported_done(issue: Issue, change: Change, now: dt.datetime) -> None:
    _require(bool(change.evidence), _("Falta la evidencia: agrega una foto de cómo quedó."))


def _check_done_unverified(issue: Issue, change: Change, now: dt.datetime) -> None:
    waited = now - issue.status_since >= dt.timedelta(days=workflow.UNVERIFIED_AFTER_DAYS)
    _require(waited, _("El barrio todavía tiene plazo para verificar: 28 días desde el aviso, por lo menos."))


def _check_in_progress(issue: Issue, change: Change, now: dt.datetime) -> None:
    if issue.status in workflow.TOLD_DONE:
        _require(bool(change.public_text.strip()), _("Escribe qué falta o qué volvió a fallar."))
    if issue.status == Status.VERIFIED:
        in_time = now - issue.status_since <= dt.timedelta(days=workflow.REOPEN_WITHIN_DAYS)
        _require(in_time, _("Pasaron más de 90 días desde la verificación: registra un problema nuevo."))


def _check_closed(issue: Issue, change: Change, now: dt.datetime) -> None:
    _require(change.closing_kind is not None, _("Falta el tipo de cierre."))
    _require(bool(change.public_text.strip()), _("Escribe por qué se cierra."))
    if change.closing_kind == ClosingKind.DUPLICATE:
        other = _needed(change.duplicate_of, _("Falta decir de cuál problema es duplicado."))
        _require(other.pk != issue.pk, _("Un problema no puede ser duplicado de sí mismo."))


def _check_validated(issue: Issue, change: Change, now: dt.datetime) -> None:
    if issue.status == Status.CLOSED:
        _require(change.appeal, _("Un problema cerrado solo vuelve si una reunión barrial apela el cierre."))
        _require(not issue.appealed, _("El cierre ya fue apelado una vez."))
        _require(issue.closing_kind != ClosingKind.DUPLICATE, _("Un duplicado se separa, no se apela."))


_CONDITIONS: dict[Status, Callable[[Issue, Change, dt.datetime], None]] = {
    Status.VALIDATED: _check_validated,
    Status.HANDED_OVER: _check_handed_over,
    Status.SCHEDULED: _check_scheduled,
    Status.ON_HOLD: _check_on_hold,
    Status.IN_PROGRESS: _check_in_progress,
    Status.REPORTED_DONE: _check_reported_done,
    Status.DONE_UNVERIFIED: _check_done_unverified,
    Status.CLOSED: _check_closed,
}
_WRITTEN = [
    "status", "status_since", "department", "redirects", "committed_date", "review_date", "due_date",
    "closing_kind", "duplicate_of", "appealed", "updated_at",
]  # fmt: skip


def _apply(issue: Issue, change: Change, now: dt.datetime) -> None:
    if issue.status == change.to == Status.HANDED_OVER:
        issue.redirects += 1
    issue.appealed = issue.appealed or change.appeal
    issue.department = change.department or issue.department
    issue.committed_date = change.committed_date or issue.committed_date
    issue.review_date = change.review_date
    issue.due_date = _due_date(issue, change)
    issue.closing_kind = change.closing_kind or ""
    issue.duplicate_of = change.duplicate_of
    issue.status, issue.status_since = change.to, now


def _due_date(issue: Issue, change: Change) -> dt.date | None:
    planned = change.to in (Status.SCHEDULED, Status.IN_PROGRESS)
    return change.due_date or change.review_date or (issue.committed_date if planned else None)


def _append(
    issue: Issue, before: str, change: Change, actor: User | None, office: str, now: dt.datetime
) -> None:
    HistoryEntry.objects.create(
        issue=issue,
        kind=EntryKind.STATUS,
        from_value=before,
        to_value=change.to,
        actor=actor,
        office=office,
        at=now,
        reason=change.reason,
        public_text=change.public_text,
        evidence=list(change.evidence),
        gathering_number=change.gathering_number,
    )


def _needed(value: T | None, sentence: str) -> T:
    if value is None:
        raise TransitionRefused(sentence)
    return value


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise TransitionRefused(sentence)
