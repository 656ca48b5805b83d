"""Forming the ballot: what is suggested, what may stand on it."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core.letters import fold
from core.typing import present
from gatherings.models import BallotItem, Gathering, GatheringState, MappedIssue
from gatherings.refusals import RoomRefused, not_now
from gatherings.tokens import BALLOT_MAX
from issues.models import Category, Issue, Track
from issues.workflow import Status

CONTESTED = (Status.REGISTERED, Status.VALIDATED)
LIFE_AT_RISK = 3
DUPLICATE_METRES = 50.0


def candidates(gathering: Gathering) -> QuerySet[Issue]:
    """Public problems of the neighbourhood that wait for a place: told in this room, then by index.

    Urgent ones are left out: they are sent at once. A council that belongs to no neighbourhood
    chooses among all of them.
    """
    waiting = (
        Issue.objects.public()
        .filter(status__in=CONTESTED)
        .exclude(severity=LIFE_AT_RISK)
        .exclude(category__track=Track.URGENT)
    )
    if gathering.territory_id:
        waiting = waiting.filter(territory__code=present(gathering.territory_code))
    told_here = Exists(MappedIssue.objects.filter(issue=OuterRef("pk"), gathering=gathering))
    return waiting.order_by(told_here.desc(), F("index").desc(nulls_last=True), "reported_at", "id")


def named(waiting: QuerySet[Issue], text: str) -> QuerySet[Issue]:
    """Those whose words, or whose category, say what was asked for."""
    known = Category.objects.values_list("pk", "name")
    wanted = fold(text)
    alike = [pk for pk, name in known if wanted and wanted in fold(name)]
    return waiting.filter(
        Q(pk__in=Issue.objects.matching(text).order_by().values("pk")) | Q(category__in=alike)
    )


def add(gathering: Gathering, issue_id: UUID) -> BallotItem:
    """Put a problem on the ballot; one that is on it already stays. Raises RoomRefused."""
    _check_forming(gathering)
    existing = gathering.ballot.filter(issue_id=issue_id).first()
    return existing or _add(gathering, _candidate(gathering, issue_id))


def remove(gathering: Gathering, issue_id: UUID) -> None:
    """Take a problem off the ballot; taking it off twice is the same as once. Raises RoomRefused."""
    _check_forming(gathering)
    gathering.ballot.filter(issue_id=issue_id).delete()


def _add(gathering: Gathering, issue: Issue) -> BallotItem:
    numbers = list(gathering.ballot.values_list("shown_at", flat=True))
    if len(numbers) >= BALLOT_MAX:
        raise RoomRefused(
            "size", _("La papeleta ya tiene %(most)s problemas: saca uno antes.") % {"most": BALLOT_MAX}
        )
    return BallotItem.objects.create(gathering=gathering, issue=issue, shown_at=max(numbers, default=0) + 1)


def _candidate(gathering: Gathering, issue_id: UUID) -> Issue:
    issue = candidates(gathering).filter(pk=issue_id).first()
    if issue is None:
        raise RoomRefused(
            "not_candidate",
            _("Ese problema no puede ir en la papeleta: debe ser público, de este barrio y estar pendiente."),
        )
    return issue


def _check_forming(gathering: Gathering) -> None:
    if gathering.state != GatheringState.OPEN:
        raise not_now(_("La papeleta se arma antes de la votación."))


def near_duplicates(issue_ids: list[UUID]) -> dict[UUID, list[UUID]]:
    """Of these problems, which lie within 50 m of one another and are of one group of categories."""
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"ids": issue_ids, "metres": DUPLICATE_METRES})
        near: dict[UUID, list[UUID]] = {}
        for one, other in cursor.fetchall():
            near.setdefault(one, []).append(other)
    return near


_NEAR = """
    SELECT a.id, b.id
    FROM issues_issue a
    JOIN issues_category ca ON ca.id = a.category_id
    JOIN issues_issue b ON b.id <> a.id
        AND ST_DWithin(geography(a.location), geography(b.location), %(metres)s)
    JOIN issues_category cb ON cb.id = b.category_id AND cb.group_id = ca.group_id
    WHERE a.id = ANY(%(ids)s) AND b.id = ANY(%(ids)s)
    ORDER BY a.id, b.id
"""
