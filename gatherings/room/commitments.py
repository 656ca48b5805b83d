"""What the offices promised this neighbourhood before, and the room's word on what is said to be done."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.typing import present
from gatherings.models import Gathering, GatheringState
from gatherings.refusals import RoomRefused, not_now
from issues.life.lifecycle import Change, move
from issues.models import EntryKind, HistoryEntry, Issue, IssueQuerySet
from issues.query.verdicts import awaiting_verdict
from issues.workflow import (
    AWAITING_VERDICT,
    FINISHED,
    TOLD_DONE,
    WITH_DEPARTMENT,
    ClosingKind,
    Status,
    TransitionRefused,
)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

MOST = 30
ANSWERED = frozenset({*WITH_DEPARTMENT, Status.REPORTED_DONE})
OFFICE = "Reunión barrial N.º %s"


class Stood(TypedDict):
    """Where a problem stood at a moment, and since when."""

    status_then: str
    then_since: dt.datetime


Reviewed: TypeAlias = "WithAnnotations[Issue, Stood]"


def of(gathering: Gathering) -> QuerySet[Reviewed]:
    """The repairs to judge, then what else an office has, was finished or closed since the gathering before.

    Each has `.status_then`: where it stood when the gathering closed, or stands now.
    """
    if not gathering.territory_id:
        return _now(Issue.objects.none())
    here = Issue.objects.public().filter(territory__code=present(gathering.territory_code))
    stood = _when_closed(here, present(gathering.closed_at)) if gathering.is_closed else _now(here)
    ended = Q(status_then__in=FINISHED) | Q(status_then=Status.CLOSED) & ~Q(
        closing_kind=ClosingKind.DUPLICATE
    )
    answered = Q(status_then__in=ANSWERED) | ended & Q(then_since__gte=_since(gathering))
    judged = _to_judge(gathering, here)
    lines = stood.filter(answered | judged).select_related("department")
    first = Case(When(judged, then=Value(0)), default=Value(1))
    return lines.order_by(first, "committed_date", "status_since", "id")[:MOST]


def _to_judge(gathering: Gathering, here: IssueQuerySet) -> Q:
    if gathering.is_closed:
        return Q(status_then__in=AWAITING_VERDICT)
    return Q(pk__in=awaiting_verdict(here).values("pk"))


def _now(issues: QuerySet[Issue]) -> QuerySet[Reviewed]:
    return issues.annotate(status_then=F("status"), then_since=F("status_since"))


def _when_closed(issues: QuerySet[Issue], moment: dt.datetime) -> QuerySet[Reviewed]:
    lines = HistoryEntry.objects.filter(issue=OuterRef("pk"), kind=EntryKind.STATUS, at__lt=moment)
    last = lines.order_by("-id")
    # Only those that ever left the neighbourhood's hands: their histories alone are read.
    gone_on = issues.exclude(status__in=[Status.REGISTERED, Status.VALIDATED])
    return gone_on.annotate(
        status_then=Subquery(last.values("to_value")[:1]), then_since=Subquery(last.values("at")[:1])
    )


def judge(
    gathering: Gathering,
    issue_id: uuid.UUID,
    is_done: bool,
    text: str,
    user: User,
    at: dt.datetime | None = None,
) -> None:
    """The room looked at a repair: verified, or back to work at once with what is missing.

    What was verified may only go back to work. Raises RoomRefused.
    """
    now = at or timezone.now()
    issue = _here(gathering, issue_id, AWAITING_VERDICT if is_done else TOLD_DONE)
    if issue is None:
        raise RoomRefused("not_reported", _("Ese problema no está informado como listo en este barrio."))
    verified = _("Lo verificó la reunión N.º %(number)s.") % {"number": gathering.number}
    change = (
        Change(Status.VERIFIED, text or verified)
        if is_done
        else Change(Status.IN_PROGRESS, text, due_date=timezone.localdate(now))
    )
    _move(gathering, issue, change, user, now)


def appeal(gathering: Gathering, issue_id: uuid.UUID, text: str, user: User) -> None:
    """The room does not accept that a problem was closed; once each. Raises RoomRefused."""
    issue = _here(gathering, issue_id, {Status.CLOSED})
    if issue is None:
        raise RoomRefused("not_closed", _("Ese problema no está cerrado en este barrio."))
    if not text:
        raise RoomRefused("text", _("Escribe por qué el barrio apela el cierre."))
    _move(gathering, issue, Change(to=Status.VALIDATED, public_text=text, appeal=True), user, timezone.now())


def _here(gathering: Gathering, issue_id: uuid.UUID, statuses: Collection[Status]) -> Issue | None:
    if not gathering.is_under_way:
        raise not_now(_("Los compromisos se revisan con la reunión abierta."))
    if not gathering.territory_id:
        return None
    here = Issue.objects.public().filter(territory__code=present(gathering.territory_code))
    return here.filter(pk=issue_id, status__in=statuses).first()


def _move(gathering: Gathering, issue: Issue, change: Change, user: User, at: dt.datetime) -> None:
    verdict = replace(change, gathering_number=gathering.number)
    try:
        move(issue, verdict, actor=user, office=OFFICE % gathering.number, at=at)
    except TransitionRefused as refused:
        raise RoomRefused("transition", str(refused)) from refused


def _since(gathering: Gathering) -> object:
    before = Gathering.objects.filter(
        state=GatheringState.CLOSED, territory__code=present(gathering.territory_code)
    )
    earlier = before.filter(starts_at__lt=gathering.starts_at).order_by("-starts_at")
    return earlier.values_list("starts_at", flat=True).first() or gathering.starts_at
