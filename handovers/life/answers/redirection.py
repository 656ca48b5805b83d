"""Which department must answer: redirected, taken back, decided by the cabinet."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, User
from core.duties import Act
from handovers.life import inbox
from handovers.life.answers.checking import lock, require, require_open
from handovers.life.answers.writing import move_item, pass_on, tell_department, write_department
from handovers.life.deadlines import DueDates
from handovers.life.service_levels import dates_from, terms_of
from handovers.models import HandoverItem, NotificationKind
from issues.life.lifecycle import Change
from issues.models import Issue
from issues.workflow import WITH_DEPARTMENT, Status


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

    The other department gets the time of its lane for receipt and answer, as far as `_renewed` allows.
    """
    now = at or timezone.now()
    locked = lock(item, actor)
    require_open(department)
    dates = _renewed(locked, now)
    change = Change(
        to=Status.HANDED_OVER,
        department=department,
        public_text=public_text.strip(),
        due_date=dates.receipt,
    )
    move_item(locked, change, actor, now)
    return _passed_on(locked, department, dates, actor)


@transaction.atomic
def take_back(
    item: HandoverItem, actor: User, *, department: Department, at: dt.datetime | None = None
) -> HandoverItem:
    """Undo a redirect that has no receipt yet; it does not count as one."""
    now = at or timezone.now()
    locked = lock(item, actor)
    require(
        locked.issue.status == Status.HANDED_OVER and locked.received_at is None,
        _("La otra dirección ya lo recibió."),
    )
    before, dates = locked.department, _renewed(locked, now)
    write_department(locked.issue, department, dates.receipt, now)
    Issue.objects.filter(pk=locked.issue_id, redirects__gt=0).update(redirects=F("redirects") - 1)
    tell_department(locked.issue, before, department, actor, _("Se deshizo la derivación."), now)
    return _passed_on(locked, department, dates, actor)


@transaction.atomic
def decide(
    item: HandoverItem,
    actor: User,
    *,
    department: Department,
    public_text: str,
    at: dt.datetime | None = None,
) -> HandoverItem:
    """The cabinet names the department that must answer, whatever was redirected before.

    What an office out of function had promised or begun goes on in the new one, with its date.
    """
    now = at or timezone.now()
    locked = lock(item, actor, Act.DECIDE_OFFICE)
    require_open(department)
    unanswered = locked.issue.status in (Status.HANDED_OVER, Status.ACKNOWLEDGED)
    orphaned = not locked.department.is_open and locked.issue.status in WITH_DEPARTMENT
    require(unanswered or orphaned, _("Ya fue respondido."))
    require(department.pk != locked.department_id, _("Ya está en esa dirección."))
    require(bool(public_text.strip()), _("Escribe por qué responde esa dirección."))
    before, dates = locked.department, _renewed(locked, now)
    due = dates.answer if unanswered else locked.issue.due_date
    write_department(locked.issue, department, due, now)
    tell_department(locked.issue, before, department, actor, public_text.strip(), now)
    return _passed_on(locked, department, dates, actor)


def _passed_on(locked: HandoverItem, department: Department, dates: DueDates, actor: User) -> HandoverItem:
    inbox.tell(NotificationKind.REDIRECTED, inbox.people_of(department), but=actor, item=locked)
    return pass_on(locked, department, dates.receipt, dates.answer)


def _renewed(item: HandoverItem, now: dt.datetime) -> DueDates:
    """The deadlines anew, but no answer later than the written one that the neighbourhood was promised.

    Once that day has passed too, the answer is due with the receipt: passing on buys no more time.
    """
    dates = dates_from(now, terms_of(item))
    latest = max(item.written_answer_due, dates.receipt)
    return dates._replace(answer=min(dates.answer, latest))
