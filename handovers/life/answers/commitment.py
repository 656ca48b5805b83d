"""A committed date: given, changed in public, put back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import User
from handovers.life.answers.checking import (
    MAX_COST,
    checked_cost_class,
    lock,
    require,
    require_date,
)
from handovers.life.answers.receipt import acknowledge
from handovers.life.answers.writing import move_item, write_answer, write_date
from handovers.life.budgets import estimated, purse_of
from handovers.models import Answer, HandoverItem
from issues.life.lifecycle import Change
from issues.workflow import Status


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
    locked = lock(item, actor)
    require_date(committed_date, now)
    locked.cost_class, locked.cost_estimate = checked_cost_class(cost_class), cost_estimate
    locked.over_budget_reason = _beyond_budget(locked, committed_date.year, over_budget_reason.strip())
    if locked.issue.status == Status.HANDED_OVER:
        received = acknowledge(locked, actor, at=now)
        locked.issue, locked.received_at, locked.received_by = received.issue, now, actor
    text = _with_reason(public_text.strip(), locked.over_budget_reason)
    change = Change(to=Status.SCHEDULED, committed_date=committed_date, public_text=text)
    move_item(locked, change, actor, now)
    locked.committed_date = committed_date
    return write_answer(locked, Answer.ACCEPT, public_text, now)


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
    locked = lock(item, actor)
    require(locked.issue.status in (Status.SCHEDULED, Status.IN_PROGRESS), _("No hay una fecha que cambiar."))
    require_date(committed_date, now)
    require(committed_date >= timezone.localdate(now), _("La fecha comprometida ya pasó."))
    require(committed_date != locked.committed_date, _("Es la misma fecha."))
    require(bool(public_text.strip()), _("Escribe por qué cambia la fecha."))
    return write_date(locked, committed_date, actor, public_text.strip(), now)


@transaction.atomic
def put_date_back(
    item: HandoverItem, actor: User, *, committed_date: dt.date, at: dt.datetime | None = None
) -> HandoverItem:
    """Undo a change of date: the former one counts again, even where it has passed since."""
    locked = lock(item, actor)
    require(locked.issue.status in (Status.SCHEDULED, Status.IN_PROGRESS), _("No hay una fecha que cambiar."))
    text = _("Se deshizo el cambio de fecha: vuelve la anterior.")
    return write_date(locked, committed_date, actor, text, at or timezone.now())


def _beyond_budget(item: HandoverItem, year: int, reason: str) -> str:
    """The reason where the commitment is beyond the budget, empty where it fits or none was entered."""
    if item.cost_estimate is not None:
        require(0 <= item.cost_estimate <= MAX_COST, _("El costo va en pesos, sin decimales y sin signo."))
    purse = purse_of(item, year)
    if purse is None or estimated(item) <= purse.left:
        return ""
    left = number_format(max(0, purse.left), 0, force_grouping=True)
    require(
        bool(reason),
        _("No alcanza el presupuesto de %(year)s (quedan $%(left)s): escribe por qué se compromete igual.")
        % {"year": year, "left": left},
    )
    return reason


def _with_reason(text: str, reason: str) -> str:
    if not reason:
        return text
    return f"{text}\n{_('Se compromete sin presupuesto suficiente:')} {reason}".strip()
