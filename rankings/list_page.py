"""What the pages of a list show: some of its places, what changed since the list before, its totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Department
from gatherings.models import BallotItem, Challenge, Gathering, GatheringState
from issues.models import Issue, Privacy, Visibility
from rankings.models import ListPlace, RankedList
from territories.models import Territory

PAGE = 100
MAX_NUMBER = 2**31 - 1


class BadFilter(ValueError):
    """A filter that cannot be read; the text says in one sentence what to change."""


@dataclass(frozen=True)
class ListFilter:
    """What part of a list was asked for: a neighbourhood's number, a department's code, a first place."""

    territory: int | None = None
    department: str = ""
    start: int = 1

    @property
    def is_filtered(self) -> bool:
        """Whether only a part of the list was asked for."""
        return bool(self.territory or self.department)


@dataclass(frozen=True)
class PlaceOnPage:
    """A place as shown: its title unless it was hidden, and how it moved since the list before."""

    place: ListPlace
    is_public: bool
    before: int | None
    # Councils of the whole commune that voted on it: a mark, never a place.
    also_by: Sequence[str] = ()

    @property
    def change(self) -> str:
        """new, up, down or same."""
        if self.before is None:
            return "new"
        if self.before == self.place.place:
            return "same"
        return "up" if self.before > self.place.place else "down"

    @property
    def point(self) -> dict[str, object] | None:
        """What the map shows, degrees; None for what is no longer public."""
        if not self.is_public:
            return None
        lng, lat = self.place.issue.location.coords
        return {"place": self.place.place, "title": self.place.issue.title, "lat": lat, "lng": lng}

    @property
    def steps(self) -> int:
        """How many places it went up or down."""
        return abs((self.before or self.place.place) - self.place.place)


@dataclass(frozen=True)
class Page:
    """Some places in order and the first place of the next page, 0 at the end."""

    places: Sequence[PlaceOnPage]
    next: int


class Opening(NamedTuple):
    """How a list begins: its first round, and whether it is the N.º 1 of each, then the N.º 2, to its end."""

    round: int
    is_plain: bool


def opening_of(items: Sequence[Mapping[str, Any]]) -> Opening:
    """The same of items as they stand in a document."""
    plain = all(item["round"] == item["own_place"] and item["place"] == item["rule_place"] for item in items)
    return Opening(min((item["round"] for item in items), default=1), plain)


def opening_in(ranked_list: RankedList) -> Opening:
    """How a published list begins, in one query."""
    other = ~Q(round=F("position_in_territory")) | ~Q(place=F("rule_place"))
    found = ranked_list.places.aggregate(first=Min("round"), others=Count("pk", filter=other))
    return Opening(found["first"] or 1, not found["others"])


def parse_filter(params: Mapping[str, str]) -> ListFilter:
    """Read ?territory=&department=&desde=; raises BadFilter."""
    return ListFilter(
        territory=_number(params.get("territory", ""), _("«barrio» es el número de un barrio.")),
        department=_code(params.get("department", "")),
        start=_number(params.get("desde", ""), _("«desde» es el número de un lugar.")) or 1,
    )


def places_of(ranked_list: RankedList, part: ListFilter) -> QuerySet[ListPlace]:
    """The places of a list that were asked for, in order."""
    places = ranked_list.places.from_place(part.start)
    if part.territory:
        places = places.of_territory(part.territory)
    if part.department:
        places = places.filter(department__code=part.department)
    return places


def page_of(
    ranked_list: RankedList, before: RankedList | None, part: ListFilter, size: int | None = PAGE
) -> Page:
    """One page of places with what they were on the list before, in three queries; without a size all."""
    places = places_of(ranked_list, part).select_related(
        "issue__category", "territory", "department", "gathering"
    )
    places = places.defer("issue__shape", "territory__boundary", "territory__outline", "issue__description")
    found = list(places[: size + 1] if size else places)
    more = size is not None and len(found) > size
    shown = found[:size] if more else found
    return Page(_rows(shown, before), found[size].place if more and size else 0)


def _rows(places: Sequence[ListPlace], before: RankedList | None) -> list[PlaceOnPage]:
    issues = [place.issue_id for place in places]
    earlier, councils = places_on(before, issues), councils_of(issues)
    return [
        PlaceOnPage(
            place,
            is_public(place.issue),
            earlier.get(place.issue_id),
            councils.get(place.issue_id, ()),
        )
        for place in places
    ]


def councils_of(issue_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The councils of the whole commune that gave tokens to problems, by the problem's id."""
    rows = (
        BallotItem.objects.filter(issue_id__in=issue_ids, tokens__gt=0, gathering__territory__isnull=True)
        .filter(gathering__state=GatheringState.CLOSED)
        .exclude(gathering__in=Challenge.objects.in_the_way().values("gathering"))
        .order_by("gathering__council")
        .values_list("issue_id", "gathering__council")
        .distinct()
    )
    found: dict[UUID, list[str]] = {}
    for issue_id, council in rows:
        found.setdefault(issue_id, []).append(council)
    return found


def council_gatherings() -> list[Gathering]:
    """The latest closed gathering of each council of the whole commune."""
    return list(
        Gathering.objects.closed()
        .filter(territory__isnull=True)
        .order_by("council", "-starts_at")
        .distinct("council")
    )


def places_on(ranked_list: RankedList | None, issue_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The places that problems had on a list, by the problem's id."""
    if ranked_list is None:
        return {}
    return dict(ranked_list.places.filter(issue_id__in=issue_ids).values_list("issue_id", "place"))


def is_public(issue: Issue) -> bool:
    """Whether a listed problem may be named; what was hidden since keeps its place without its text."""
    return issue.visibility == Visibility.PUBLIC and issue.category.privacy == Privacy.PUBLIC


def hidden_since(ranked_list: RankedList) -> QuerySet[ListPlace]:
    """Places whose problems were public when the list was published and are not now."""
    return ranked_list.places.exclude(
        issue__visibility=Visibility.PUBLIC, issue__category__privacy=Privacy.PUBLIC
    )


def hidden_references(ranked_list: RankedList) -> set[str]:
    """The references whose titles stay out of what people read."""
    return set(hidden_since(ranked_list).values_list("issue__reference", flat=True))


def gone_since(ranked_list: RankedList, before: RankedList | None) -> QuerySet[ListPlace]:
    """Places of the list before whose problems are no longer on this one: taken up, solved or closed."""
    if before is None:
        return ListPlace.objects.none()
    return (
        before.places.exclude(issue__in=ranked_list.places.values("issue"))
        .filter(issue__visibility=Visibility.PUBLIC, issue__category__privacy=Privacy.PUBLIC)
        .select_related("issue", "territory")
        .defer("issue__shape", "territory__boundary", "territory__outline")
        .order_by("place")
    )


def changes(ranked_list: RankedList, before: RankedList | None) -> dict[str, int]:
    """How many are new, went up, went down, stayed or left since the list before."""
    if before is None:
        return {}
    pairs = ListPlace.objects.filter(ranked_list=ranked_list, issue__places__ranked_list=before)
    earlier = F("issue__places__place")
    counts = pairs.aggregate(
        up=Count("pk", filter=Q(place__lt=earlier)),
        down=Count("pk", filter=Q(place__gt=earlier)),
        same=Count("pk", filter=Q(place=earlier)),
    )
    stayed = sum(counts.values())
    return counts | {
        "new": ranked_list.places.count() - stayed,
        "gone": before.places.count() - stayed,
    }


def filters_of(ranked_list: RankedList) -> dict[str, QuerySet]:
    """The neighbourhoods and departments that have a place on a list, for its filters."""
    return {
        "territories": Territory.objects.filter(pk__in=ranked_list.places.order_by().values("territory"))
        .without_boundary()
        .order_by("code"),
        "departments": Department.objects.filter(
            pk__in=ranked_list.places.order_by().values("department")
        ).order_by("name"),
    }


def _number(text: str, sentence: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= MAX_NUMBER):
        raise BadFilter(sentence)
    return int(text)


def _code(text: str) -> str:
    if len(text) > 30 or not all(letter.isalnum() or letter in "-_" for letter in text):
        raise BadFilter(_("«dirección» es el código de una dirección municipal."))
    return text
