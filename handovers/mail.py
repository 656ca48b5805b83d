"""Mails to the offices: the daily digest, the warning to a head of office, a disputed repair.

Each is written down in the transaction that wants it and leaves by the outbox (core/outbox.py): none goes
twice, and what was answered is in no further mail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department
from core.outbox import post
from core.typing import present
from handovers.life import inbox
from handovers.life.deadlines import add_working_days, is_working_day
from handovers.life.delivery import SYSTEM_OFFICE
from handovers.models import (
    HandoverItem,
    HandoverItemQuerySet,
    Holiday,
    Notice,
    NoticeKind,
    NotificationKind,
)
from issues.models import EntryKind, HistoryEntry
from issues.workflow import TOLD_DONE, WITH_DEPARTMENT, Status

MAX_LISTED = 100
DISPUTES_LOOK_BACK = dt.timedelta(days=14)


@dataclass(frozen=True)
class Listed:
    """What a mail tells: the first items, and how many there are in all."""

    items: list[HandoverItem]
    count: int

    @classmethod
    def of(cls, items: HandoverItemQuerySet) -> Listed:
        """The first of these, and their count."""
        return cls(list(items[:MAX_LISTED]), items.count())

    @property
    def rest(self) -> int:
        """How many the mail does not name."""
        return self.count - len(self.items)


def send_digests(at: dt.datetime | None = None) -> int:
    """Send each department its day: what waits, what is due soon, what is late. Returns how many went.

    On working days only, once a day, nothing where nothing waits.
    """
    today = timezone.localdate(at or timezone.now())
    own = Holiday.objects.days()
    if not is_working_day(today, own):
        return 0
    soon = add_working_days(today, settings.DIGEST_AHEAD_WORKING_DAYS, own)
    return sum(_digest(department, today, soon) for department in _reachable())


def escalate(at: dt.datetime | None = None) -> int:
    """Say once per missed deadline, in public and to the office, what did not come; mail its head.

    Returns how many items.
    """
    today = timezone.localdate(at or timezone.now())
    late = (
        _items()
        .filter(issue__due_date__lt=today, department__isnull=False)
        .select_related("assigned_to")
        .order_by("department_id", "issue__due_date", "pk")
    )
    notified = 0
    for department, items in groupby(late, key=lambda item: item.department):
        notified += _escalate(department, list(items), today)
    return notified


def tell_disputes(at: dt.datetime | None = None) -> int:
    """Mail each department which of its repairs a neighbourhood did not accept; returns how many."""
    now = at or timezone.now()
    lines = HistoryEntry.objects.filter(
        kind=EntryKind.STATUS,
        to_value=Status.IN_PROGRESS,
        from_value__in=TOLD_DONE,
        at__gt=now - DISPUTES_LOOK_BACK,
    ).select_related("issue")
    return sum(_tell_dispute(line) for line in lines)


def mail(address: str, subject: str, template: str, words: dict[str, object], **headers: str) -> None:
    """Write one plain mail, which leaves when the open transaction is stored."""
    body = render_to_string(template, words | {"site": settings.SITE_URL})
    post(address, subject, body, headers)


def _digest(department: Department, today: dt.date, soon: dt.date) -> bool:
    waiting = _items().filter(department=department)
    late = Listed.of(waiting.filter(issue__due_date__lt=today))
    due = Listed.of(waiting.filter(issue__due_date__range=(today, soon)))
    if not late.count + due.count:
        return False
    words = {"department": department, "today": today, "soon": soon, "late": late, "due": due}
    subject = _("Mapa Barrial: %(count)s problemas esperan a %(department)s") % {
        "count": late.count + due.count,
        "department": department.name,
    }
    return send_once(
        Notice(kind=NoticeKind.DIGEST, address=department.email, day=today),
        subject,
        "handovers/mail/digest.txt",
        words,
    )


def _escalate(department: Department, items: list[HandoverItem], today: dt.date) -> int:
    notified = set(
        Notice.objects.filter(kind=NoticeKind.ESCALATION, item__in=items).values_list("item_id", "day")
    )
    fresh = [item for item in items if (item.pk, item.issue.due_date) not in notified]
    if not fresh:
        return 0
    subject = _("Plazo vencido en %(count)s problemas de %(department)s") % {
        "count": len(fresh),
        "department": department.name,
    }
    words = {"department": department, "late": Listed(fresh[:MAX_LISTED], len(fresh))}
    with transaction.atomic():
        Notice.objects.bulk_create([_escalation(department, item) for item in fresh])
        HistoryEntry.objects.bulk_create([_silence(item) for item in fresh])
        for item in fresh:
            inbox.tell(NotificationKind.ESCALATED, inbox.concerned(item), item=item)
        if department.escalation_email:
            mail(department.escalation_email, subject, "handovers/mail/escalation.txt", words)
    return len(fresh)


def _escalation(department: Department, item: HandoverItem) -> Notice:
    return Notice(
        kind=NoticeKind.ESCALATION,
        address=department.escalation_email,
        item=item,
        day=present(item.issue.due_date),
    )


def _silence(item: HandoverItem) -> HistoryEntry:
    return HistoryEntry(
        issue=item.issue,
        kind=EntryKind.NOTE,
        office=SYSTEM_OFFICE,
        at=timezone.now(),
        public_text=missed(item.issue.status)
        % {"day": present(item.issue.due_date).strftime("%d-%m-%Y"), "whom": _whom(item.department)},
    )


def _whom(department: Department) -> str:
    """Who is told of a missed day: the head where there is an address, else the office's people inside."""
    words = {"department": department.name}
    return _("la jefatura de %(department)s") % words if department.escalation_email else department.name


def missed(status: str) -> str:
    """What did not come by its day, in true words: only what nobody answered is without an answer."""
    return {
        Status.HANDED_OVER: _("Venció el %(day)s el plazo del acuse de recibo: se avisó a %(whom)s."),
        Status.ACKNOWLEDGED: _("Venció el plazo del %(day)s sin respuesta: se avisó a %(whom)s."),
        Status.ON_HOLD: _("La pausa debía revisarse el %(day)s: se avisó a %(whom)s."),
    }.get(
        Status(status),
        _("Pasó la fecha comprometida, %(day)s, y no está listo: se avisó a %(whom)s."),
    )


def _tell_dispute(line: HistoryEntry) -> bool:
    item = _all_items().current().filter(issue=line.issue).first()
    if item is None or not item.department.email:
        return False
    day = timezone.localdate(line.at)
    notice = Notice(kind=NoticeKind.DISPUTE, address=item.department.email, item=item, day=day)
    subject = _("El barrio dice que no está listo: %(reference)s") % {"reference": item.issue.reference}
    return send_once(notice, subject, "handovers/mail/dispute.txt", {"item": item, "line": line})


@transaction.atomic
def send_once(notice: Notice, subject: str, template: str, words: dict[str, object]) -> bool:
    """Write a mail unless its notice says that it was written before; False then."""
    known = {name: getattr(notice, name) for name in ("kind", "address", "item", "day")}
    _notice, is_new = Notice.objects.get_or_create(**known)
    if is_new:
        mail(notice.address, subject, template, words)
    return is_new


def _reachable() -> Iterable[Department]:
    return Department.objects.filter(is_open=True).exclude(email="").order_by("pk")


def _items() -> HandoverItemQuerySet:
    return (
        _all_items().current().filter(issue__status__in=WITH_DEPARTMENT).order_by("issue__due_date", "place")
    )


def _all_items() -> HandoverItemQuerySet:
    return HandoverItem.objects.select_related("issue__territory", "department", "handover").defer(
        "issue__territory__boundary", "issue__territory__outline", "issue__shape"
    )
