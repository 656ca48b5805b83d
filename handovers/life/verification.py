"""The neighbourhood's verdict on a repair: verified, or disputed with what is missing."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from handovers.life.answers import AnswerRefused, lock
from handovers.life.delivery import SYSTEM_OFFICE
from handovers.models import HandoverItem
from issues.life.lifecycle import Change, move
from issues.models import Issue
from issues.workflow import UNVERIFIED_AFTER_DAYS, Status, TransitionRefused


@transaction.atomic
def verify(
    item: HandoverItem, actor: User, *, public_text: str = "", at: dt.datetime | None = None
) -> HandoverItem:
    """Accept a repair in the name of the gathering."""
    locked = lock(item)
    change = Change(to=Status.VERIFIED, public_text=public_text.strip())
    locked.issue = move(locked.issue, change, actor=actor, office=actor.office, at=at)
    return locked


@transaction.atomic
def dispute(
    item: HandoverItem, actor: User, *, public_text: str, at: dt.datetime | None = None
) -> HandoverItem:
    """The gathering says what is missing, or what failed again within 90 days: back to work.

    Raises AnswerRefused for a repair that was not reported as done.
    """
    locked = lock(item)
    if locked.issue.status not in (Status.REPORTED_DONE, Status.VERIFIED):
        raise AnswerRefused(_("Solo se discute lo que fue informado como listo."))
    now = at or timezone.now()
    change = Change(to=Status.IN_PROGRESS, public_text=public_text.strip(), due_date=timezone.localdate(now))
    locked.issue = move(locked.issue, change, actor=actor, office=actor.office, at=now)
    locked.finished_at = None
    locked.save(update_fields=["finished_at"])
    return locked


def expire_verifications(at: dt.datetime | None = None) -> int:
    """Move what was not verified within 28 days to «listo sin verificar»; returns how many."""
    now = at or timezone.now()
    limit = now - dt.timedelta(days=UNVERIFIED_AFTER_DAYS)
    expired = 0
    for issue in Issue.objects.filter(status=Status.REPORTED_DONE, status_since__lte=limit).order_by("pk"):
        expired += _expire(issue, now)
    return expired


def _expire(issue: Issue, now: dt.datetime) -> bool:
    text = _("Pasaron 28 días sin que el barrio verificara.")
    try:
        move(
            issue,
            Change(to=Status.DONE_UNVERIFIED, public_text=text),
            actor=None,
            office=SYSTEM_OFFICE,
            at=now,
        )
    except TransitionRefused:
        return False  # Verified or disputed since it was listed.
    return True
