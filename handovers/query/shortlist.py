"""One's own ordered shortlist, and the shortest simple way through it."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, radians

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from handovers.models import HandoverItem, Shortlisted
from issues.models import Issue

MAX_ENTRIES = 100
METRES_A_DEGREE = 111_320.0
Point = tuple[float, float]


def entries_of(user: User) -> QuerySet:
    """The shortlist in its order, with what a job sheet needs; only what this person may still work on."""
    return (
        Shortlisted.objects.filter(user=user, item__in=HandoverItem.objects.editable_by(user))
        .select_related(
            "item__issue__territory", "item__issue__category", "item__department", "item__assigned_to"
        )
        .defer("item__issue__territory__boundary", "item__issue__territory__outline")
        .prefetch_related("item__issue__photos")
    )


class ShortlistFull(ValueError):
    """More problems than a shortlist holds; the text is one sentence for the person."""


@transaction.atomic
def add(user: User, items: Sequence[HandoverItem]) -> int:
    """Put problems at the end of the shortlist in their order; returns how many were not on it yet.

    Raises ShortlistFull, and then none is added.
    """
    mine = Shortlisted.objects.select_for_update().filter(user=user)
    known = {entry.item_id: entry.position for entry in mine}
    fresh = [item for item in items if item.pk not in known]
    if len(known) + len(fresh) > MAX_ENTRIES:
        raise ShortlistFull(_("Tu lista de hoy lleva hasta 100 problemas: marca menos."))
    last = max(known.values(), default=0)
    Shortlisted.objects.bulk_create(
        [Shortlisted(user=user, item=item, position=last + at) for at, item in enumerate(fresh, 1)]
    )
    return len(fresh)


@transaction.atomic
def toggle(user: User, item: HandoverItem) -> bool:
    """Put a problem at the end of the shortlist, or take it off; returns whether it is on it now."""
    mine = Shortlisted.objects.filter(user=user)
    if mine.filter(item=item).delete()[0] or mine.count() >= MAX_ENTRIES:
        return False
    last = mine.aggregate(last=Max("position"))["last"] or 0
    Shortlisted.objects.create(user=user, item=item, position=last + 1)
    return True


@transaction.atomic
def reorder(user: User, item: HandoverItem, by: int) -> None:
    """Move a problem up (-1) or down (1) by one."""
    entries = list(Shortlisted.objects.select_for_update().filter(user=user))
    at = next((n for n, entry in enumerate(entries) if entry.item_id == item.pk), None)
    if at is None or not 0 <= at + by < len(entries):
        return
    entries.insert(at + by, entries.pop(at))
    _number(entries)


@transaction.atomic
def order_by_way(user: User) -> None:
    """Order the shortlist as a walk from its first problem, always to the nearest one left."""
    entries = list(Shortlisted.objects.select_related("item__issue").filter(user=user))
    points = [point_of(entry.item.issue) for entry in entries]
    _number([entries[n] for n in nearest_way(points)])


def point_of(issue: Issue) -> Point:
    """(lng, lat) in degrees, EPSG:4326."""
    return (issue.location.x, issue.location.y)


def nearest_way(points: Sequence[Point]) -> list[int]:
    """Indexes of (lng, lat) points in degrees, from the first always to the nearest left."""
    left = list(range(len(points)))
    way: list[int] = []
    while left:
        here = points[way[-1]] if way else points[0]
        way.append(min(left, key=lambda n: (metres(here, points[n]), n)))
        left.remove(way[-1])
    return way


def metres(a: Point, b: Point) -> float:
    """Metres between two (lng, lat) points in degrees, flat: right to a percent within a commune."""
    east = (b[0] - a[0]) * cos(radians((a[1] + b[1]) / 2))
    return hypot(east, b[1] - a[1]) * METRES_A_DEGREE


def _number(entries: list[Shortlisted]) -> None:
    for position, entry in enumerate(entries, start=1):
        entry.position = position
    Shortlisted.objects.bulk_update(entries, ["position"])
