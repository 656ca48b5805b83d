"""Telling the staff: one row for each person, written in the transaction of the act that it tells of."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Department, Role, User
from handovers.models import Handover, HandoverItem, Notification, NotificationKind

KEEP_DAYS = 365
MENTION = re.compile(r"(?<![\w.@])@([\w.+-]*\w)")


def tell(
    kind: NotificationKind,
    people: Iterable[User],
    *,
    but: User | None = None,
    item: HandoverItem | None = None,
    handover: Handover | None = None,
) -> None:
    """Tell each of these people, but who did it, of an item or of a handover."""
    told = {person.pk for person in people} - {but.pk if but else None}
    Notification.objects.bulk_create(
        [Notification(person_id=person, kind=kind, item=item, handover=handover) for person in sorted(told)]
    )


def tell_each(kind: NotificationKind, told: Iterable[tuple[User, HandoverItem]], but: User) -> None:
    """The same for many items in one statement, each to its own person."""
    Notification.objects.bulk_create(
        [Notification(person=person, kind=kind, item=item) for person, item in told if person != but]
    )


def forget_old(at: dt.datetime | None = None) -> int:
    """Erase what was told KEEP_DAYS ago, read or not; returns how many."""
    limit = (at or timezone.now()) - dt.timedelta(days=KEEP_DAYS)
    return Notification.objects.filter(at__lte=limit).delete()[0]


def people_of(department: Department) -> QuerySet[User]:
    """Who works in an office now."""
    return User.objects.filter(department=department, role=Role.MANAGER, is_active=True)


def concerned(item: HandoverItem) -> Iterable[User]:
    """Who is in charge of an item; its whole office where nobody is, or who was has left."""
    holder = item.assigned_to
    works_here = holder is not None and holder.is_active and holder.department_id == item.department_id
    return [holder] if holder and works_here else people_of(item.department)


def mentioned(text: str, item: HandoverItem) -> QuerySet[User]:
    """Who is named with «@» in a note, of those who may open the item."""
    names = MENTION.findall(text)
    may_open = Q(department=item.department_id, role=Role.MANAGER) | Q(
        role__in=[Role.CABINET, Role.ADMINISTRATOR]
    )
    return User.objects.filter(may_open, username__in=names, is_active=True)
