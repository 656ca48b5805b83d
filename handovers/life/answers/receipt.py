"""The receipt: of one problem, or of a whole handover."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties import Act, require
from handovers.life.answers.checking import AnswerRefused, lock, lock_all
from handovers.life.answers.writing import move_item
from handovers.models import Handover, HandoverItem
from issues.life.lifecycle import Change
from issues.workflow import Status


@transaction.atomic
def acknowledge_list(handover: Handover, actor: User, at: dt.datetime | None = None) -> int:
    """Give the receipt of a whole handover; returns how many problems.

    Raises PermissionDenied for whose duty it is not, AnswerRefused if given.
    """
    require(actor.post, Act.ANSWER)
    now = at or timezone.now()
    lock_all(list(handover.items.current()), handovers=True)
    locked = Handover.objects.select_related("department").get(pk=handover.pk)
    if locked.received_at:
        raise AnswerRefused(_already_received(locked))
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
    locked = lock(item, actor)
    move_item(locked, Change(to=Status.ACKNOWLEDGED, due_date=locked.answer_due), actor, now)
    locked.received_at, locked.received_by = now, actor
    locked.save(update_fields=["received_at", "received_by"])
    _receive_whole(locked.handover_id, actor, now)
    return locked


def _receive_whole(handover_id: int, actor: User, now: dt.datetime) -> None:
    """A handover is received once each of its problems is.

    Locked before the others are counted: of two that give the last two receipts, the second sees the first's.
    """
    Handover.objects.select_for_update(no_key=True).get(pk=handover_id)
    open_ones = HandoverItem.objects.filter(handover_id=handover_id, received_at__isnull=True)
    if not open_ones.exists():
        unreceived = Handover.objects.filter(pk=handover_id, received_at__isnull=True)
        unreceived.update(received_at=now, received_by=actor)


def _already_received(handover: Handover) -> str:
    words = {
        "office": handover.received_by.office if handover.received_by else handover.department.name,
        "when": timezone.localtime(handover.received_at).strftime("%d-%m %H:%M"),
    }
    return _("Esta entrega ya tiene acuse de recibo: lo dio %(office)s (%(when)s).") % words
