"""The end of the neighbourhood's time to judge a repair; the verdict itself is given in the room."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db import transaction
from django.db.models import DateTimeField, F, Func, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from handovers.life.delivery import SYSTEM_OFFICE
from issues.life.lifecycle import Change, move
from issues.models import Issue
from issues.workflow import (
    UNVERIFIED_AFTER_DAYS,
    UNVERIFIED_AT_MOST_DAYS,
    Status,
    TransitionRefused,
)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class VerdictDue(Func):
    """Until when a repair (id, moment of its report) may be judged before it expires.

    The later of 28 days and the end of the first gathering of its neighbourhood that opened after the report,
    120 days at most. The database works it out (gatherings/migrations) and refuses what expires before.
    """

    function = "verdict_due"
    arity = 2
    output_field = DateTimeField()


class Due(TypedDict):
    """Until when the neighbourhood may judge."""

    verdict_due: dt.datetime


Waiting: TypeAlias = "WithAnnotations[Issue, Due]"


def with_due(issues: QuerySet[Issue]) -> QuerySet[Waiting]:
    """What was reported as done, each with `.verdict_due`."""
    waiting = issues.filter(status=Status.REPORTED_DONE)
    return waiting.annotate(verdict_due=VerdictDue(F("pk"), F("status_since")))


def expire_verifications(at: dt.datetime | None = None) -> int:
    """Move to «listo sin verificar» what the neighbourhood let pass in silence; returns how many."""
    now = at or timezone.now()
    soonest = now - dt.timedelta(days=UNVERIFIED_AFTER_DAYS)
    due = with_due(Issue.objects.filter(status_since__lte=soonest)).filter(verdict_due__lte=now)
    return sum(_expire(issue, now) for issue in due.order_by("pk"))


@transaction.atomic
def _expire(issue: Waiting, now: dt.datetime) -> bool:
    change = Change(to=Status.DONE_UNVERIFIED, public_text=_silence(issue))
    try:
        move(issue, change, actor=None, office=SYSTEM_OFFICE, at=now)
    except TransitionRefused:
        return False  # Verified or disputed since it was listed.
    return True


def _silence(issue: Waiting) -> str:
    latest = issue.status_since + dt.timedelta(days=UNVERIFIED_AT_MOST_DAYS)
    if issue.verdict_due >= latest:
        return _("Pasaron 120 días sin una reunión del barrio que lo revisara. La próxima todavía puede.")
    return _("La reunión del barrio pasó sin decir si quedó bien. La próxima todavía puede.")
