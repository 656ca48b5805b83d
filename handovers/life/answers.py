"""What an office answers: receipt, acceptance with a date, redirect, refusal.

Each function takes the item as its user fetched it (`HandoverItem.objects.editable_by(user)`), locks it,
and changes item and issue together. Each raises TransitionRefused (AnswerRefused is one) with one sentence
for the person; then nothing is stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import Department, User
from handovers.life.budgets import estimated, purse_of
from handovers.life.service_levels import dates_from, terms_of
from handovers.models import Answer, CostClass, Handover, HandoverItem, RefusalKind
from issues.life.duplicates import merge
from issues.life.lifecycle import Change, move
from issues.models import EntryKind, HistoryEntry, Issue
from issues.workflow import ClosingKind, Status, TransitionRefused

CLOSING_OF = {
    RefusalKind.NOT_MUNICIPAL: ClosingKind.OTHER_BODY,
    RefusalKind.PRIVATE: ClosingKind.NOT_FEASIBLE,
    RefusalKind.NEEDS_STUDY: ClosingKind.NOT_FEASIBLE,
    RefusalKind.NO_BUDGET: ClosingKind.NOT_FEASIBLE,
    RefusalKind.UNFEASIBLE: ClosingKind.NOT_FEASIBLE,
    RefusalKind.DUPLICATE: ClosingKind.DUPLICATE,
    RefusalKind.SOLVED: ClosingKind.WITHDRAWN,
}
MAX_TEXT = 2000
MAX_COST = 10**13
FURTHEST_COMMITMENT = dt.timedelta(days=5 * 366)


class AnswerRefused(TransitionRefused):
    """An answer that cannot be taken as it is; the text is one sentence for the person."""


@dataclass(frozen=True)
class Refusal:
    """Why something will not be done, in public words."""

    kind: RefusalKind
    public_text: str
    duplicate_of: Issue | None = None


@transaction.atomic
def acknowledge_list(handover: Handover, actor: User, at: dt.datetime | None = None) -> int:
    """Give the receipt of a whole handover; returns how many of its problems it acknowledged."""
    now = at or timezone.now()
    locked = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if locked.received_at:
        raise AnswerRefused(_("Esta entrega ya tiene acuse de recibo."))
    waiting = locked.items.current().filter(
        issue__status=Status.HANDED_OVER, department_id=locked.department_id
    )
    items = list(waiting.order_by("issue_id"))
    for item in items:
        acknowledge(item, actor, at=now)
    Handover.objects.filter(pk=locked.pk).update(received_at=now, received_by=actor)
    return len(items)


@transaction.atomic
def acknowledge(item: HandoverItem, actor: User, at: dt.datetime | None = None) -> HandoverItem:
    """Give the receipt of one problem; its answer becomes the next deadline."""
    now = at or timezone.now()
    locked = lock(item)
    _move(locked, Change(to=Status.ACKNOWLEDGED, due_date=locked.answer_due), actor, now)
    locked.received_at, locked.received_by = now, actor
    locked.save(update_fields=["received_at", "received_by"])
    _receive_whole(locked.handover_id, actor, now)
    return locked


@transaction.atomic
def accept(
    item: HandoverItem,
    actor: User,
    *,
    committed_date: dt.date,
    public_text: str = "",
    cost_class: str = "",
    cost_estimate: int | None = None,
    over_budget_reason: str = "",
    at: dt.datetime | None = None,
) -> HandoverItem:
    """Commit to a date; a problem without receipt gets it at the same time. Estimate in pesos.

    What goes beyond the year's budget needs a public reason.
    """
    now = at or timezone.now()
    locked = lock(item)
    _require_date(committed_date, now)
    locked.cost_class, locked.cost_estimate = checked_cost_class(cost_class), cost_estimate
    locked.over_budget_reason = _beyond_budget(locked, committed_date.year, clean_text(over_budget_reason))
    if locked.issue.status == Status.HANDED_OVER:
        received = acknowledge(locked, actor, at=now)
        locked.issue, locked.received_at, locked.received_by = received.issue, now, actor
    text = _with_reason(clean_text(public_text), locked.over_budget_reason)
    change = Change(to=Status.SCHEDULED, committed_date=committed_date, public_text=text)
    _move(locked, change, actor, now)
    locked.committed_date = committed_date
    return _answered(locked, Answer.ACCEPT, public_text, now)


@transaction.atomic
def redirect(
    item: HandoverItem,
    actor: User,
    *,
    department: Department,
    public_text: str,
    at: dt.datetime | None = None,
) -> HandoverItem:
    """Pass a problem to another department before its receipt: twice at most, then the cabinet decides.

    The other department gets the full time of its lane for receipt and answer.
    """
    now = at or timezone.now()
    locked = lock(item)
    _require_open(department)
    dates = dates_from(now, terms_of(locked))
    change = Change(
        to=Status.HANDED_OVER,
        department=department,
        public_text=clean_text(public_text),
        due_date=dates.receipt,
    )
    _move(locked, change, actor, now)
    return _passed_on(locked, department, dates.receipt, dates.answer)


@transaction.atomic
def take_back(
    item: HandoverItem, actor: User, *, department: Department, at: dt.datetime | None = None
) -> HandoverItem:
    """Undo a redirect that nobody has received yet; it does not count as one."""
    now = at or timezone.now()
    locked = lock(item)
    _require(
        locked.issue.status == Status.HANDED_OVER and locked.received_at is None,
        _("La otra dirección ya lo recibió."),
    )
    before, dates = locked.department, dates_from(now, terms_of(locked))
    _write_department(locked.issue, department, dates.receipt, now)
    Issue.objects.filter(pk=locked.issue_id, redirects__gt=0).update(redirects=F("redirects") - 1)
    _tell_department(locked.issue, before, department, actor, _("Se deshizo la derivación."), now)
    return _passed_on(locked, department, dates.receipt, dates.answer)


@transaction.atomic
def decide(
    item: HandoverItem,
    actor: User,
    *,
    department: Department,
    public_text: str,
    at: dt.datetime | None = None,
) -> HandoverItem:
    """The cabinet names the department that must answer, whatever was redirected before."""
    now = at or timezone.now()
    locked = lock(item)
    _require(actor.sees_everything, _("Esta decisión es de la alcaldía."))
    _require_open(department)
    _require(locked.issue.status in (Status.HANDED_OVER, Status.ACKNOWLEDGED), _("Ya fue respondido."))
    _require(department.pk != locked.department_id, _("Ya está en esa dirección."))
    _require(bool(clean_text(public_text)), _("Escribe por qué responde esa dirección."))
    before, dates = locked.department, dates_from(now, terms_of(locked))
    _write_department(locked.issue, department, dates.answer, now)
    _tell_department(locked.issue, before, department, actor, clean_text(public_text), now)
    return _passed_on(locked, department, dates.receipt, dates.answer)


@transaction.atomic
def refuse(item: HandoverItem, actor: User, refusal: Refusal, at: dt.datetime | None = None) -> HandoverItem:
    """Say in public that it will not be done, and why; a duplicate gives its supports to the other."""
    now = at or timezone.now()
    locked = lock(item)
    _require(refusal.kind in RefusalKind.values, _("Elige un motivo de la lista."))
    text = clean_text(refusal.public_text)
    _require(bool(text), _("Escribe por qué no se hará: el barrio lo va a leer."))
    _require(not locked.answer or locked.answer == Answer.ACCEPT, _("Ya fue respondido."))
    if refusal.kind == RefusalKind.DUPLICATE and refusal.duplicate_of:
        merge(locked.issue, refusal.duplicate_of, actor=actor, office=actor.office, at=now, public_text=text)
        locked.issue.refresh_from_db()
    else:
        closing = CLOSING_OF[RefusalKind(refusal.kind)]
        _move(locked, Change(to=Status.CLOSED, closing_kind=closing, public_text=text), actor, now)
    locked.refusal_kind = refusal.kind
    return _answered(locked, Answer.REFUSE, text, now)


@transaction.atomic
def reschedule(
    item: HandoverItem,
    actor: User,
    *,
    committed_date: dt.date,
    public_text: str,
    at: dt.datetime | None = None,
) -> HandoverItem:
    """Change the committed date, in public and with a reason; the old date stays in the history."""
    now = at or timezone.now()
    locked = lock(item)
    _require(
        locked.issue.status in (Status.SCHEDULED, Status.IN_PROGRESS), _("No hay una fecha que cambiar.")
    )
    _require_date(committed_date, now)
    _require(committed_date >= timezone.localdate(now), _("La fecha comprometida ya pasó."))
    _require(committed_date != locked.committed_date, _("Es la misma fecha."))
    _require(bool(clean_text(public_text)), _("Escribe por qué cambia la fecha."))
    return _write_date(locked, committed_date, actor, clean_text(public_text), now)


@transaction.atomic
def put_date_back(
    item: HandoverItem, actor: User, *, committed_date: dt.date, at: dt.datetime | None = None
) -> HandoverItem:
    """Undo a change of date: the former one counts again, even where it has passed since."""
    locked = lock(item)
    _require(
        locked.issue.status in (Status.SCHEDULED, Status.IN_PROGRESS), _("No hay una fecha que cambiar.")
    )
    text = _("Se deshizo el cambio de fecha: vuelve la anterior.")
    return _write_date(locked, committed_date, actor, text, at or timezone.now())


def lock(item: HandoverItem) -> HandoverItem:
    """The item as it is stored now, locked until the end; raises AnswerRefused when it was passed on."""
    # Without joins: a row that changed while we waited would fall out of a join.
    locked = HandoverItem.objects.select_for_update().get(pk=item.pk)
    locked.issue = Issue.objects.locked(locked.issue_id)
    if locked.department_id != item.department_id or not locked.is_current:
        raise AnswerRefused(_("Mientras lo mirabas, este problema pasó a otra dirección."))
    return locked


def lock_many(items: Sequence[HandoverItem]) -> dict[int, HandoverItem]:
    """The same for many, by key, in one order for everybody; whether each was passed on, the caller asks."""
    rows = HandoverItem.objects.select_for_update().filter(pk__in=[item.pk for item in items])
    locked = {item.pk: item for item in rows.order_by("pk")}
    of_items = [item.issue_id for item in locked.values()]
    issues = {
        issue.pk: issue for issue in Issue.objects.select_for_update().filter(pk__in=of_items).order_by("pk")
    }
    for item in locked.values():
        item.issue = issues[item.issue_id]
    return locked


def clean_text(text: str) -> str:
    """The text without spaces around; raises AnswerRefused when it cannot be stored or is too long."""
    _require("\x00" not in text, _("El texto tiene un carácter que no se puede guardar."))
    _require(len(text) <= MAX_TEXT, _("El texto es demasiado largo: 2.000 letras a lo más."))
    return text.strip()


def checked_cost_class(value: str) -> str:
    """The cost class, or empty; raises AnswerRefused for an unknown one."""
    _require(value in ("", *CostClass.values), _("Elige una clase de costo de la lista."))
    return value


def _move(locked: HandoverItem, change: Change, actor: User, now: dt.datetime) -> None:
    locked.issue = move(locked.issue, change, actor=actor, office=actor.office, at=now)


def _answered(locked: HandoverItem, answer: Answer, public_text: str, now: dt.datetime) -> HandoverItem:
    locked.answer, locked.answered_at, locked.public_text = answer, now, clean_text(public_text)
    locked.save(
        update_fields=[
            "answer", "answered_at", "public_text", "refusal_kind", "committed_date", "cost_class",
            "cost_estimate", "over_budget_reason",
        ]
    )  # fmt: skip
    return locked


def _beyond_budget(item: HandoverItem, year: int, reason: str) -> str:
    """The reason where the commitment is beyond the budget, empty where it fits or none was entered."""
    if item.cost_estimate is not None:
        _require(0 <= item.cost_estimate <= MAX_COST, _("El costo va en pesos, sin decimales y sin signo."))
    purse = purse_of(item, year)
    if purse is None or estimated(item) <= purse.left:
        return ""
    left = number_format(max(0, purse.left), 0, force_grouping=True)
    _require(
        bool(reason),
        _("No alcanza el presupuesto de %(year)s (quedan $%(left)s): escribe por qué se compromete igual.")
        % {"year": year, "left": left},
    )
    return reason


def _with_reason(text: str, reason: str) -> str:
    if not reason:
        return text
    return f"{text}\n{_('Se compromete sin presupuesto suficiente:')} {reason}".strip()


def _receive_whole(handover_id: int, actor: User, now: dt.datetime) -> None:
    """A handover is received once each of its problems is."""
    open_ones = HandoverItem.objects.filter(handover_id=handover_id, received_at__isnull=True)
    if not open_ones.exists():
        unreceived = Handover.objects.filter(pk=handover_id, received_at__isnull=True)
        unreceived.update(received_at=now, received_by=actor)


def _passed_on(
    locked: HandoverItem, department: Department, receipt: dt.date, answer: dt.date
) -> HandoverItem:
    locked.department, locked.assigned_to = department, None
    locked.receipt_due, locked.answer_due = receipt, answer
    locked.received_at, locked.received_by = None, None
    locked.save(
        update_fields=["department", "assigned_to", "receipt_due", "answer_due", "received_at", "received_by"]
    )
    return locked


def _tell_department(
    issue: Issue, before: Department, after: Department, actor: User, text: str, now: dt.datetime
) -> None:
    HistoryEntry.objects.create(
        issue=issue,
        kind=EntryKind.DEPARTMENT,
        from_value=before.name,
        to_value=after.name,
        actor=actor,
        office=actor.office,
        at=now,
        public_text=text,
    )


def _write_date(
    locked: HandoverItem, day: dt.date, actor: User, public_text: str, now: dt.datetime
) -> HandoverItem:
    HistoryEntry.objects.create(
        issue=locked.issue,
        kind=EntryKind.ANSWER,
        from_value=str(locked.committed_date or ""),
        to_value=str(day),
        actor=actor,
        office=actor.office,
        at=now,
        public_text=public_text,
    )
    Issue.objects.filter(pk=locked.issue_id).update(committed_date=day, due_date=day, updated_at=now)
    locked.committed_date = day
    locked.save(update_fields=["committed_date"])
    return locked


def _write_department(issue: Issue, department: Department, due: dt.date, now: dt.datetime) -> None:
    Issue.objects.filter(pk=issue.pk).update(department=department, due_date=due, updated_at=now)


def _require_date(day: dt.date, now: dt.datetime) -> None:
    today = timezone.localdate(now)
    _require(day <= today + FURTHEST_COMMITMENT, _("Esa fecha está a más de cinco años."))


def _require_open(department: Department) -> None:
    _require(department.is_open, _("Esa dirección ya no está en funciones."))


def _require(condition: bool, sentence: str) -> None:
    if not condition:
        raise AnswerRefused(sentence)
