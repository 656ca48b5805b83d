"""What the offices promised this neighbourhood before, and the room's word on what is said to be done."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings.models import Gathering, GatheringState
from gatherings.refusals import RoomRefused, not_now
from issues.lifecycle import Change, move
from issues.models import Issue
from issues.workflow import FINISHED, WITH_DEPARTMENT, Status, TransitionRefused

MOST = 30
ANSWERED = frozenset({*WITH_DEPARTMENT, Status.REPORTED_DONE})


def of(gathering: Gathering) -> QuerySet[Issue]:
    """Problems of the neighbourhood that an office has, and those finished since the gathering before."""
    if not gathering.territory_id:
        return Issue.objects.none()
    standing = Q(status__in=ANSWERED) | Q(status__in=FINISHED, status_since__gte=_since(gathering))
    here = Issue.objects.public().filter(standing, territory__code=gathering.territory.code)
    return here.select_related("department").order_by("committed_date", "status_since", "id")[:MOST]


def judge(gathering: Gathering, issue_id: uuid.UUID, is_done: bool, text: str, user: User) -> None:
    """The room looked at a repair: verified, or back to work with what is missing. Raises RoomRefused."""
    if not gathering.is_under_way:
        raise not_now(_("Los compromisos se revisan con la reunión abierta."))
    here = Issue.objects.public().filter(status=Status.REPORTED_DONE, pk=issue_id)
    issue = here.filter(territory__code=gathering.territory.code).first() if gathering.territory_id else None
    if issue is None:
        raise RoomRefused("not_reported", _("Ese problema no está informado como listo en este barrio."))
    told = text or _("Lo verificó la reunión N.º %(number)s.") % {"number": gathering.number}
    change = Change(
        to=Status.VERIFIED if is_done else Status.IN_PROGRESS, public_text=told if is_done else text
    )
    try:
        move(issue, change, actor=user, office="Reunión barrial")
    except TransitionRefused as refused:
        raise RoomRefused("transition", str(refused)) from refused


def _since(gathering: Gathering) -> object:
    before = Gathering.objects.filter(state=GatheringState.CLOSED, territory__code=gathering.territory.code)
    earlier = before.filter(starts_at__lt=gathering.starts_at).order_by("-starts_at")
    return earlier.values_list("starts_at", flat=True).first() or gathering.starts_at
