"""Checks common to all answers: the item locked, its texts and costs valid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Department, User
from core import duties
from core.duties import Act
from handovers.models import CostClass, Handover, HandoverItem
from issues.models import Issue
from issues.workflow import TransitionRefused

MAX_TEXT = 2000
PASSED_ON = gettext_lazy("Mientras lo mirabas, este problema pasó a otra dirección.")
MAX_COST = 10**13


class AnswerRefused(TransitionRefused):
    """An answer that cannot be taken as it is; the text is one sentence for the person."""


def lock(item: HandoverItem, actor: User, duty: Act = Act.ANSWER) -> HandoverItem:
    """The item as it is stored now, locked until the end.

    Raises PermissionDenied for who has no such duty, AnswerRefused when it was passed on.
    """
    duties.require(actor.post, duty)
    try:
        issue = Issue.objects.locked(item.issue_id)
    except Issue.DoesNotExist as gone:  # the database lets an office hold its own only
        raise AnswerRefused(PASSED_ON) from gone
    # Without joins: a row that changed while we waited would fall out of a join.
    locked = HandoverItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    locked.issue = issue
    if locked.department_id != item.department_id or not locked.is_current:
        raise AnswerRefused(PASSED_ON)
    return locked


def lock_many(items: Sequence[HandoverItem]) -> dict[int, HandoverItem]:
    """The same for many, by key, in one order for everybody; the caller checks whether each was passed on."""
    rows = Issue.objects.select_for_update(no_key=True).filter(pk__in=[item.issue_id for item in items])
    issues = {issue.pk: issue for issue in rows.order_by("pk")}
    mine = HandoverItem.objects.select_for_update(no_key=True).filter(pk__in=[item.pk for item in items])
    # Of what passed to another office meanwhile the database lets nobody of this one hold the problem.
    locked = {item.pk: item for item in mine.order_by("pk") if item.issue_id in issues}
    for item in locked.values():
        item.issue = issues[item.issue_id]
    return locked


def lock_all(items: Sequence[HandoverItem], also: Iterable[UUID] = (), *, handovers: bool = False) -> None:
    """Lock all that an act on several items will write, before it writes: problems, items, handovers, by key.

    `also` names problems that are only joined to. Needs a transaction.
    """
    Issue.objects.lock_in_order({item.issue_id for item in items} | set(also))
    held = HandoverItem.objects.filter(pk__in=[item.pk for item in items])
    list(held.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    if handovers:
        theirs = Handover.objects.filter(pk__in={item.handover_id for item in items})
        list(theirs.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def checked_cost_class(value: str) -> str:
    """The cost class, or empty; raises AnswerRefused for an unknown one."""
    require(value in ("", *CostClass.values), _("Elige una clase de costo de la lista."))
    return value


def require(condition: bool, sentence: str) -> None:
    """Raise AnswerRefused with the sentence unless the condition holds."""
    if not condition:
        raise AnswerRefused(sentence)


def require_open(department: Department) -> None:
    """Raise AnswerRefused where the department is out of function."""
    require(department.is_open, _("Esa dirección ya no está en funciones."))


def require_date(day: dt.date, now: dt.datetime) -> None:
    """Raise AnswerRefused for a commitment too far away."""
    today = timezone.localdate(now)
    require(day <= today + FURTHEST_COMMITMENT, _("Esa fecha está a más de cinco años."))


FURTHEST_COMMITMENT = dt.timedelta(days=5 * 366)
