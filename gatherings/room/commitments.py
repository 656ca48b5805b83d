"""What the offices promised this neighbourhood before, and the room's word on what is said to be done."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings.models import Gathering, GatheringState
from gatherings.refusals import RoomRefused, not_now
from issues.life.lifecycle import Change, move
from issues.models import EntryKind, HistoryEntry, Issue
from issues.workflow import FINISHED, WITH_DEPARTMENT, ClosingKind, Status, TransitionRefused

MOST = 30
ANSWERED = frozenset({*WITH_DEPARTMENT, Status.REPORTED_DONE})


def of(gathering: Gathering) -> QuerySet[Issue]:
    """Problems of the neighbourhood that an office has; those finished or closed since the gathering before.

    Each has `.status_then`: where it stood when the gathering closed, or stands now.
    """
    if not gathering.territory_id:
        return Issue.objects.none()
    here = Issue.objects.public().filter(territory__code=gathering.territory.code)
    stood = _when_closed(here, gathering.closed_at) if gathering.is_closed else _now(here)
    ended = Q(status_then__in=FINISHED) | Q(status_then=Status.CLOSED) & ~Q(
        closing_kind=ClosingKind.DUPLICATE
    )
    answered = Q(status_then__in=ANSWERED) | ended & Q(then_since__gte=_since(gathering))
    lines = stood.filter(answered).select_related("department")
    return lines.order_by("committed_date", "status_since", "id")[:MOST]


def _now(issues: QuerySet[Issue]) -> QuerySet[Issue]:
    return issues.annotate(status_then=F("status"), then_since=F("status_since"))


def _when_closed(issues: QuerySet[Issue], moment: dt.datetime) -> QuerySet[Issue]:
    lines = HistoryEntry.objects.filter(issue=OuterRef("pk"), kind=EntryKind.STATUS, at__lt=moment)
    last = lines.order_by("-id")
    # Only those that ever left the neighbourhood's hands: their histories alone are read.
    gone_on = issues.exclude(status__in=[Status.REGISTERED, Status.VALIDATED])
    return gone_on.annotate(
        status_then=Subquery(last.values("to_value")[:1]), then_since=Subquery(last.values("at")[:1])
    )


def judge(gathering: Gathering, issue_id: uuid.UUID, is_done: bool, text: str, user: User) -> None:
    """The room looked at a repair: verified, or back to work with what is missing. Raises RoomRefused."""
    issue = _here(gathering, issue_id, Status.REPORTED_DONE)
    if issue is None:
        raise RoomRefused("not_reported", _("Ese problema no está informado como listo en este barrio."))
    verified = _("Lo verificó la reunión N.º %(number)s.") % {"number": gathering.number}
    change = Change(Status.VERIFIED, text or verified) if is_done else Change(Status.IN_PROGRESS, text)
    _move(issue, change, user)


def appeal(gathering: Gathering, issue_id: uuid.UUID, text: str, user: User) -> None:
    """The room does not accept that a problem was closed; once each. Raises RoomRefused."""
    issue = _here(gathering, issue_id, Status.CLOSED)
    if issue is None:
        raise RoomRefused("not_closed", _("Ese problema no está cerrado en este barrio."))
    if not text:
        raise RoomRefused("text", _("Escribe por qué el barrio apela el cierre."))
    _move(issue, Change(to=Status.VALIDATED, public_text=text, appeal=True), user)


def _here(gathering: Gathering, issue_id: uuid.UUID, status: Status) -> Issue | None:
    if not gathering.is_under_way:
        raise not_now(_("Los compromisos se revisan con la reunión abierta."))
    if not gathering.territory_id:
        return None
    here = Issue.objects.public().filter(territory__code=gathering.territory.code)
    return here.filter(pk=issue_id, status=status).first()


def _move(issue: Issue, change: Change, user: User) -> None:
    try:
        move(issue, change, actor=user, office="Reunión barrial")
    except TransitionRefused as refused:
        raise RoomRefused("transition", str(refused)) from refused


def _since(gathering: Gathering) -> object:
    before = Gathering.objects.filter(state=GatheringState.CLOSED, territory__code=gathering.territory.code)
    earlier = before.filter(starts_at__lt=gathering.starts_at).order_by("-starts_at")
    return earlier.values_list("starts_at", flat=True).first() or gathering.starts_at
