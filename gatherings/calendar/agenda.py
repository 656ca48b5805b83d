"""The agenda: planning a gathering, and the lists of those to come and those that were."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from accounts.models import User
from accounts.requests import Visitor
from core.duties import Act
from gatherings.models import Gathering
from issues.query.keyset import Ordering, page

PAST_PAGE = 20
UPCOMING = 60


def _moment(value: object) -> dt.datetime:
    moment = dt.datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment


NEWEST_FIRST = Ordering("starts_at", descending=True, read=_moment)


@transaction.atomic
def plan(facts: Mapping[str, Any], user: User) -> Gathering:
    """Store a planned gathering with the next number; whoever plans it facilitates it by default."""
    return Gathering.objects.create(**{"facilitator": user, **facts, "number": next_number()})


def next_number() -> int:
    """The number after the last one; two who plan at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('gatherings_number'))")
    return (Gathering.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def under_way() -> QuerySet[Gathering]:
    """Gatherings that are happening."""
    return Gathering.objects.under_way().with_names().order_by("-starts_at")


def upcoming() -> QuerySet[Gathering]:
    """The next planned gatherings."""
    return Gathering.objects.upcoming().with_names()[:UPCOMING]


def points(gatherings: Iterable[Gathering]) -> list[dict[str, object]]:
    """Where these gatherings are held, for the map: lat and lng in degrees, EPSG:4326."""
    return [
        {
            "number": gathering.number,
            "title": f"{gathering.host_name}: {gathering.place}",
            "lat": round(gathering.location.y, 6),
            "lng": round(gathering.location.x, 6),
        }
        for gathering in gatherings
        if gathering.location
    ]


def past_page(cursor: str) -> tuple[list[Gathering], str, str]:
    """One page of closed gatherings, newest first, with the cursors of the older and the newer page.

    Raises keyset.BadPage for a broken cursor.
    """
    found = page(Gathering.objects.closed().with_names(), NEWEST_FIRST, cursor, PAST_PAGE)
    return found.items, found.next, found.previous


def may_plan(user: Visitor) -> bool:
    """Facilitators for their neighbourhoods, the cabinet for all; a facilitator conducts."""
    return user.is_authenticated and user.may(Act.PLAN)


def may_plan_councils(user: Visitor) -> bool:
    """The cabinet, which names the facilitator who conducts it."""
    return user.is_authenticated and user.may(Act.PLAN_COUNCIL)
