"""The public facts of one neighbourhood, and of all of them side by side."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from accounts.models import User
from core.postgis import identity
from gatherings.models import Gathering, GatheringState
from handovers.models import HandoverItem
from issues import workflow
from issues.models import Issue, Privacy, Visibility
from issues.statuses import CLOSED, DONE, MARK_OF, MARKS, statuses_with
from maps.listing import for_list
from maps.models import MapCell
from rankings.models import ListPlace, RankedList
from territories.models import Territory

# Fewer than this could point at a person; the page then says «menos de 3».
SMALLEST_SHOWN = 3
SHORT, LONG = 5, 10


@dataclass
class Tally:
    """Public problems of a neighbourhood by the six marks of the legend."""

    territory: Territory
    marks: dict[str, int] = field(default_factory=lambda: dict.fromkeys((mark.name for mark in MARKS), 0))
    # Of those marked as done, what the neighbourhood verified.
    verified: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.marks.values())

    @property
    def done(self) -> int:
        """Reported as done or verified."""
        return self.marks[DONE.name]

    @property
    def told_done(self) -> int:
        """Reported as done, without the neighbourhood's verdict."""
        return self.done - self.verified

    def add(self, status: str, count: int) -> None:
        """So many more of a status."""
        self.marks[MARK_OF[status].name] += count
        self.verified += count if status in workflow.FINISHED else 0

    @property
    def open(self) -> int:
        """Neither done nor closed."""
        return self.total - self.done - self.marks[CLOSED.name]

    @property
    def bars(self) -> list[tuple[str, float, float]]:
        """(mark, start, width) in percent, for a bar of all of them."""
        bars, start = [], 0.0
        for mark, count in self.marks.items():
            width = 100 * count / self.total if count else 0.0
            bars.append((mark, round(start, 3), round(width, 3)))
            start += width
        return [bar for bar in bars if bar[2]]


def tallies() -> list[Tally]:
    """One tally for each neighbourhood in force, in the order of their numbers: two queries."""
    territories = Territory.objects.current().without_boundary()
    found = {territory.pk: Tally(territory) for territory in territories}
    for territory, status, count in MapCell.objects.by_status():
        if territory in found:
            found[territory].add(status, count)
    return list(found.values())


def tally_of(territory: Territory) -> Tally:
    """The tally of one neighbourhood."""
    tally = Tally(territory)
    for _territory, status, count in MapCell.objects.by_status().filter(territory_id=territory.pk):
        tally.add(status, count)
    return tally


def portrait(territory: Territory, user: User | AnonymousUser) -> dict[str, object]:
    """The content of a neighbourhood's page."""
    own = Issue.objects.visible_to(user).filter(territory=territory)
    pending = own.open().exclude(status__in=statuses_with(DONE)).filter(index__isnull=False)
    return {
        "territory": territory,
        "tally": tally_of(territory),
        "top": list(for_list(pending).order_by(F("index").desc(nulls_last=True), "id")[:SHORT]),
        "recent": list(for_list(own).order_by("-reported_at", "-id")[:SHORT]),
        "reserved": reserved_counts(territory),
        "next_gathering": Gathering.objects.upcoming().filter(territory=territory).first(),
        "gatherings": list(past_gatherings(territory)[:SHORT]),
        "gathering_count": past_gatherings(territory).count(),
        "places": list(latest_places(territory, user)),
        "commitments": list(commitments(territory, user)),
        "today": timezone.localdate(),
    }


def reserved_counts(territory: Territory) -> list[dict]:
    """Problems shown only as numbers, by category; a number under SMALLEST_SHOWN is None."""
    reserved = Issue.objects.filter(
        territory=territory, visibility=Visibility.PUBLIC, category__privacy=Privacy.AGGREGATED
    )
    counted = reserved.order_by().values("category__name").annotate(n=Count("pk"))
    with identity.behind("counts"):
        rows = list(counted.order_by("-n", "category__name"))
    return [
        {"name": row["category__name"], "count": row["n"] if row["n"] >= SMALLEST_SHOWN else None}
        for row in rows
    ]


def past_gatherings(territory: Territory) -> QuerySet:
    """The gatherings that were held, the last first."""
    held = Gathering.objects.filter(territory=territory, state=GatheringState.CLOSED)
    return held.annotate(problems=Count("ballot")).order_by("-starts_at")


def latest_places(territory: Territory, user: User | AnonymousUser) -> QuerySet:
    """The neighbourhood's places in the newest list of each track."""
    newest = RankedList.objects.order_by("track", "-number").distinct("track").values("pk")
    places = ListPlace.objects.filter(territory__code=territory.code, ranked_list__in=newest)
    seen = places.filter(issue__in=Issue.objects.visible_to(user))
    return seen.select_related("ranked_list", "issue").defer("ranked_list__document").order_by("place")[:LONG]


def commitments(territory: Territory, user: User | AnonymousUser) -> QuerySet:
    """Promised dates still to be kept, the nearest first."""
    # The date of the problem itself as well: those are few and have an index.
    promised = {"committed_date__isnull": False, "issue__committed_date__isnull": False}
    items = (
        HandoverItem.objects.current()
        .visible_to(user)
        .filter(issue__territory=territory, issue__status__in=workflow.OPEN, **promised)
    )
    return items.select_related("issue", "department").order_by("committed_date")[:LONG]
