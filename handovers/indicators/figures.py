"""Four public indicators and the days to receipt, for each neighbourhood; nothing under five cases.

A figure comes with its number of cases; under MIN_CASES the figure is None and the number stays.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncDate

from gatherings.models import BallotItem, Challenge, GatheringState
from handovers.models import HandoverItem
from issues.models import Privacy, Visibility
from issues.workflow import AWAITING_VERDICT, FINISHED
from rankings.pending import coefficients_in_force
from rankings.rules.inversions import order_kept
from rankings.rules.rounds import COEFFICIENT_EQUAL
from territories.models import Territory

MIN_CASES = 5
TOP_THEMES = 3
FURTHEST_BEHIND = 3
_FINISHED = Q(issue__status__in=FINISHED, finished_at__isnull=False)
_TOLD_DONE = Q(issue__status__in=AWAITING_VERDICT)


class Figure(NamedTuple):
    """A value and how many cases it rests on; None under MIN_CASES."""

    value: float | None
    cases: int


@dataclass(frozen=True)
class Group:
    """So many handed-over problems of one neighbourhood and theme with the same end.

    days: calendar days from handover to receipt, in Santiago; None without a receipt.
    """

    territory: int
    theme: str
    is_finished: bool
    days: int | None
    count: int = 1
    # Told as done, and no gathering has judged it: never finished.
    is_told_done: bool = False


class Done(NamedTuple):
    """A finished problem that stood in a list: where, and when it was finished."""

    territory: int
    ranked_list: int
    place: int
    finished_at: dt.datetime


@dataclass(frozen=True)
class AreaIndicators:
    """The indicators of one neighbourhood, or of the commune (code 0)."""

    code: int
    name: str
    conversion: Figure
    told_done: Figure
    equity: Figure
    coherence: Figure
    order_kept: Figure
    days_to_receipt: Figure


@dataclass(frozen=True)
class Indicators:
    """All neighbourhoods, the commune, and how far apart they are."""

    commune: AreaIndicators
    neighbourhoods: list[AreaIndicators]
    equity_least: float | None
    equity_most: float | None
    furthest_behind: list[str]


def indicators(since: dt.datetime | None = None) -> Indicators:
    """The indicators over what was handed over since a moment (default: ever). Five queries."""
    groups, done = _groups(since), _done(since)
    themes, coefficients = top_themes(), coefficients_in_force()
    own_groups, own_done = _by_territory(groups), _by_territory(done)
    areas = [
        _area(
            code,
            name,
            own_groups.get(code, []),
            own_done.get(code, []),
            themes,
            coefficients.get(code, COEFFICIENT_EQUAL),
        )
        for code, name in Territory.objects.current().values_list("code", "name")
    ]
    shown = [each for each in areas if each.equity.value is not None]
    shown.sort(key=lambda each: (each.equity.value, each.code))
    return Indicators(
        commune=_area(0, "", groups, done, themes, COEFFICIENT_EQUAL),
        neighbourhoods=areas,
        equity_least=shown[0].equity.value if shown else None,
        equity_most=shown[-1].equity.value if shown else None,
        furthest_behind=[each.name for each in shown[:FURTHEST_BEHIND]],
    )


def conversion(groups: Iterable[Group]) -> Figure:
    """Finished / handed over, 0–1."""
    finished, handed = _counts(groups)
    return _figure(finished / handed if handed else 0.0, handed)


def told_done(groups: Iterable[Group]) -> Figure:
    """Told as done without the neighbourhood's verdict / handed over, 0–1."""
    groups = list(groups)
    handed = sum(group.count for group in groups)
    told = sum(group.count for group in groups if group.is_told_done)
    return _figure(told / handed if handed else 0.0, handed)


def equity(groups: Iterable[Group], coefficient: int) -> Figure:
    """Finished problems divided by c (`coefficient` in hundredths)."""
    finished, handed = _counts(groups)
    return _figure(finished * 100 / coefficient, handed)


def coherence(groups: Iterable[Group], themes: dict[int, frozenset[str]]) -> Figure:
    """Share of the finished problems whose theme is among the first three of their neighbourhood, 0–1."""
    done = [group for group in groups if group.is_finished]
    fitting = sum(group.count for group in done if group.theme in themes.get(group.territory, frozenset()))
    cases = sum(group.count for group in done)
    return _figure(fitting / cases if cases else 0.0, cases)


def kept(done: Sequence[Done]) -> Figure:
    """Share of the pairs of each list that were finished in the published order, 0–1; cases are problems."""
    lists: dict[int, list[Done]] = defaultdict(list)
    for each in done:
        lists[each.ranked_list].append(each)
    inversions = pairs = 0
    for theirs in lists.values():
        published = sorted(each.place for each in theirs)
        executed = [each.place for each in sorted(theirs, key=lambda one: (one.finished_at, one.place))]
        found = order_kept(published, executed)
        inversions, pairs = inversions + found.inversions, pairs + found.pairs
    return _figure(1 - inversions / pairs if pairs else 1.0, len(done))


def days_to_receipt(groups: Iterable[Group]) -> Figure:
    """Median calendar days from handover to receipt, in Santiago."""
    waited: Counter[int] = Counter()
    for group in groups:
        if group.days is not None:
            waited[group.days] += group.count
    return _figure(float(median(waited.elements())) if waited else 0.0, waited.total())


def top_themes() -> dict[int, frozenset[str]]:
    """The three groups of categories that got most tokens in each neighbourhood's gatherings."""
    totals: dict[int, Counter] = defaultdict(Counter)
    votes = (
        BallotItem.objects.filter(gathering__state=GatheringState.CLOSED, tokens__gt=0)
        .exclude(gathering__in=Challenge.objects.in_the_way().values("gathering"))
        .values_list("gathering__territory__code", "issue__category__group__code")
        .annotate(Sum("tokens"))
        .order_by("issue__category__group__code")
    )
    for code, theme, tokens in votes:
        totals[code][theme] = tokens
    return {
        code: frozenset(t for t, _n in counter.most_common(TOP_THEMES)) for code, counter in totals.items()
    }


def public_items(since: dt.datetime | None = None) -> QuerySet:
    """What was handed over and may be counted in public, since a moment or ever."""
    items = (
        HandoverItem.objects.current()
        .counted()
        .filter(
            issue__territory__isnull=False,
            issue__visibility=Visibility.PUBLIC,
            issue__category__privacy__in=[Privacy.PUBLIC, Privacy.AGGREGATED],
        )
    )
    return items.filter(handover__handed_at__gte=since) if since else items


def _groups(since: dt.datetime | None) -> list[Group]:
    """What the database counts together: some hundred groups for any number of problems."""
    waited = F("received_on") - F("handed_on")
    counted = (
        public_items(since)
        .annotate(
            handed_on=TruncDate("handover__handed_at"),
            received_on=TruncDate("received_at"),
            is_finished=Case(When(_FINISHED, then=Value(True)), default=Value(False)),
            is_told_done=Case(When(_TOLD_DONE, then=Value(True)), default=Value(False)),
        )
        .annotate(waited=ExpressionWrapper(waited, DurationField()))
        .order_by()
        .values_list(
            "issue__territory__code", "issue__category__group__code", "is_finished", "waited", "is_told_done"
        )
        .annotate(Count("pk"))
    )
    return [
        Group(code, theme, is_finished, None if waited is None else waited.days, count, is_told_done)
        for code, theme, is_finished, waited, is_told_done, count in counted
    ]


def _done(since: dt.datetime | None) -> list[Done]:
    finished = public_items(since).filter(_FINISHED, list_place__isnull=False).order_by()
    columns = ("issue__territory__code", "list_place__ranked_list_id", "place", "finished_at")
    return [Done(*row) for row in finished.values_list(*columns).iterator(chunk_size=10_000)]


def _by_territory(cases: Iterable[Group] | Iterable[Done]) -> dict[int, list]:
    own: dict[int, list] = defaultdict(list)
    for each in cases:
        own[each.territory].append(each)
    return own


def _area(
    code: int,
    name: str,
    groups: Sequence[Group],
    done: Sequence[Done],
    themes: dict[int, frozenset[str]],
    coefficient: int,
) -> AreaIndicators:
    return AreaIndicators(
        code=code,
        name=name,
        conversion=conversion(groups),
        told_done=told_done(groups),
        equity=equity(groups, coefficient),
        coherence=coherence(groups, themes),
        order_kept=kept(done),
        days_to_receipt=days_to_receipt(groups),
    )


def _counts(groups: Iterable[Group]) -> tuple[int, int]:
    """How many were finished, and how many were handed over."""
    groups = list(groups)
    finished = sum(group.count for group in groups if group.is_finished)
    return finished, sum(group.count for group in groups)


def _figure(value: float, cases: int) -> Figure:
    return Figure(round(value, 4) if cases >= MIN_CASES else None, cases)
