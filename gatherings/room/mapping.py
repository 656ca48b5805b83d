"""In the room: putting a problem on the map, rating it, merging what was reported twice."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.models import User
from gatherings.models import Gathering, GatheringState, MappedIssue, RoomMerge
from gatherings.refusals import RoomRefused, not_now
from gatherings.room import ballot
from issues.life import duplicates
from issues.life.levels import set_levels
from issues.life.registration import IssueRefused, NewIssue, register, territory_of
from issues.models import Issue
from issues.workflow import TransitionRefused

OFFICE = "Reunión barrial"


def put_on_map(gathering: Gathering, new: NewIssue, user: User) -> Issue:
    """Register a problem reported in the room; raises RoomRefused outside this neighbourhood."""
    _check_open(gathering)
    try:
        if gathering.territory_id and territory_of(new.location).code != gathering.territory_code:
            raise RoomRefused("outside", _("Ese punto es de otro barrio: márcalo dentro de este."))
        issue = register(new, actor=user, office=OFFICE)
    except IssueRefused as refused:
        raise RoomRefused(refused.code, str(refused)) from refused
    MappedIssue.objects.create(gathering=gathering, issue=issue)
    return issue


def say_how_bad(
    gathering: Gathering,
    issue_id: uuid.UUID,
    levels: Mapping[str, int],
    evidence: str,
    user: User,
    before: tuple[int | None, ...] | None = None,
) -> None:
    """Set the four levels of a problem of this gathering.

    `before` are the levels that the screen showed. Raises RoomRefused during the vote, and where they are
    others by now.
    """
    if gathering.state not in (GatheringState.OPEN, GatheringState.CLOSED):
        raise not_now(_("El puntaje se revisa antes o después de la votación, no durante."))
    issue = _of_gathering(gathering, issue_id)
    if before is not None and tuple(issue.levels) not in (before, tuple(levels.values())):
        raise RoomRefused("conflict", _("Otra persona cambió este puntaje. Ábrelo y míralo de nuevo."))
    try:
        set_levels(issue, levels, actor=user, office=_office(gathering, user), evidence=evidence)
    except IssueRefused as refused:
        raise RoomRefused(refused.code, str(refused)) from refused


def answer_same(
    gathering: Gathering, duplicate_id: uuid.UUID, into_id: uuid.UUID, is_same: bool, user: User
) -> None:
    """What the room said when asked whether two problems are the same; yes joins them."""
    _check_open(gathering)
    duplicate, into = _candidate(gathering, duplicate_id), _candidate(gathering, into_id)
    if is_same:
        ballot.remove(gathering, duplicate.pk)
        _join(duplicate, into, user)
    RoomMerge.objects.get_or_create(
        gathering=gathering, duplicate=duplicate, into=into, defaults={"is_same": is_same}
    )


def _join(duplicate: Issue, into: Issue, user: User) -> None:
    try:
        duplicates.merge(duplicate, into, actor=user, office=OFFICE)
    except TransitionRefused as refused:
        raise RoomRefused("merge", str(refused)) from refused


def _candidate(gathering: Gathering, issue_id: uuid.UUID) -> Issue:
    issue = ballot.candidates(gathering).filter(pk=issue_id).first()
    if issue is None:
        raise RoomRefused("not_candidate", _("Ese problema ya no está pendiente en este barrio."))
    return issue


def _of_gathering(gathering: Gathering, issue_id: uuid.UUID) -> Issue:
    voted = Issue.objects.public().filter(ballots__gathering=gathering, pk=issue_id).first()
    return voted or _candidate(gathering, issue_id)


def _office(gathering: Gathering, user: User) -> str:
    """The gathering while its room is open; afterwards the team alone."""
    return OFFICE if gathering.is_under_way else user.office


def _check_open(gathering: Gathering) -> None:
    if gathering.state != GatheringState.OPEN:
        raise not_now(_("El mapa se completa antes de la votación."))
