"""Four public indicators and the days to receipt, for each neighbourhood; nothing under five cases.

A figure comes with the number of cases beside it; under MIN_CASES the figure is None and the number stays.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from django.db.models import QuerySet, Sum
from django.utils import timezone

from gatherings.models import BallotItem, GatheringState
from handovers.models import HandoverItem
from issues.models import Privacy, Visibility
from issues.workflow import FINISHED
from rankings.rules.inversions import order_kept
from rankings.rules.rounds import COEFFICIENT_EQUAL
from rankings.standing import coefficients_in_force
from territories.models import Territory

MIN_CASES = 5
TOP_THEMES = 3
FURTHEST_BEHIND = 3


class Figure(NamedTuple):
    """A value and how many cases it rests on; None under MIN_CASES."""

    value: float | None
    cases: int


@dataclass(frozen=True)
class Row:
    """What happened to one handed-over problem, as far as the indicators care."""

    territory: int
    theme: str
    ranked_list: int | None
    place: int
    handed_at: dt.datetime
    received_at: dt.datetime | None
    finished_at: dt.datetime | None

    @property
    def is_finished(self) -> bool:
        """Whether it was repaired."""
        return self.finished_at is not None


@dataclass(frozen=True)
class Standing:
    """The indicators of one neighbourhood, or of the commune (code 0)."""

    code: int
    name: str
    conversion: Figure
    equity: Figure
    coherence: Figure
    order_kept: Figure
    days_to_receipt: Figure


@dataclass(frozen=True)
class Indicators:
    """All neighbourhoods, the commune, and how far apart they are."""

    commune: Standing
    neighbourhoods: list[Standing]
    equity_least: float | None
    equity_most: float | None
    furthest_behind: list[str]


def indicators(since: dt.datetime | None = None) -> Indicators:
    """The indicators over what was handed over since a moment (default: ever). Four queries."""
    rows = list(_rows(since))
    themes, coefficients = top_themes(), coefficients_in_force()
    names = list(Territory.objects.current().values_list("code", "name"))
    own: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        own[row.territory].append(row)
    standings = [
        _standing(code, name, own[code], themes, coefficients.get(code, COEFFICIENT_EQUAL))
        for code, name in names
    ]
    shown = [each for each in standings if each.equity.value is not None]
    shown.sort(key=lambda each: (each.equity.value, each.code))
    return Indicators(
        commune=_standing(0, "", rows, themes, COEFFICIENT_EQUAL),
        neighbourhoods=standings,
        equity_least=shown[0].equity.value if shown else None,
        equity_most=shown[-1].equity.value if shown else None,
        furthest_behind=[each.name for each in shown[:FURTHEST_BEHIND]],
    )


def conversion(rows: Sequence[Row]) -> Figure:
    """Finished / handed over, 0–1."""
    return _figure(sum(row.is_finished for row in rows) / len(rows) if rows else 0.0, len(rows))


def equity(rows: Sequence[Row], coefficient: int) -> Figure:
    """Finished problems divided by c (`coefficient` in hundredths)."""
    return _figure(sum(row.is_finished for row in rows) * 100 / coefficient, len(rows))


def coherence(rows: Sequence[Row], themes: dict[int, frozenset[str]]) -> Figure:
    """Share of the finished problems whose theme is among the first three of their neighbourhood, 0–1."""
    done = [row for row in rows if row.is_finished]
    fitting = sum(row.theme in themes.get(row.territory, frozenset()) for row in done)
    return _figure(fitting / len(done) if done else 0.0, len(done))


def kept(rows: Sequence[Row]) -> Figure:
    """Share of the pairs of each list that were finished in the published order, 0–1; cases are problems."""
    lists: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.is_finished and row.ranked_list is not None:
            lists[row.ranked_list].append(row)
    inversions = pairs = 0
    for done in lists.values():
        published = [row.place for row in sorted(done, key=lambda row: row.place)]
        executed = [row.place for row in sorted(done, key=lambda row: (row.finished_at, row.place))]
        found = order_kept(published, executed)
        inversions, pairs = inversions + found.inversions, pairs + found.pairs
    return _figure(1 - inversions / pairs if pairs else 1.0, sum(map(len, lists.values())))


def days_to_receipt(rows: Sequence[Row]) -> Figure:
    """Median calendar days from handover to receipt, in Santiago."""
    waited = [_days(row.handed_at, row.received_at) for row in rows if row.received_at]
    return _figure(float(median(waited)) if waited else 0.0, len(waited))


def top_themes() -> dict[int, frozenset[str]]:
    """The three groups of categories that got most tokens in each neighbourhood's gatherings."""
    totals: dict[int, Counter] = defaultdict(Counter)
    votes = (
        BallotItem.objects.filter(gathering__state=GatheringState.CLOSED, tokens__gt=0)
        .values_list("gathering__territory__code", "issue__category__group__code")
        .annotate(Sum("tokens"))
        .order_by("issue__category__group__code")
    )
    for code, theme, tokens in votes:
        totals[code][theme] = tokens
    return {
        code: frozenset(t for t, _n in counter.most_common(TOP_THEMES)) for code, counter in totals.items()
    }


def _rows(since: dt.datetime | None) -> Iterable[Row]:
    values = _public_items(since).values_list(
        "issue__territory__code",
        "issue__category__group__code",
        "list_place__ranked_list_id",
        "place",
        "handover__handed_at",
        "received_at",
        "finished_at",
        "issue__status",
    )
    for *facts, finished_at, status in values.iterator(chunk_size=10_000):
        yield Row(*facts, finished_at if status in FINISHED else None)


def _public_items(since: dt.datetime | None) -> QuerySet:
    items = HandoverItem.objects.current().filter(
        issue__territory__isnull=False,
        issue__visibility=Visibility.PUBLIC,
        issue__category__privacy__in=[Privacy.PUBLIC, Privacy.AGGREGATED],
    )
    return items.filter(handover__handed_at__gte=since) if since else items


def _standing(
    code: int, name: str, rows: Sequence[Row], themes: dict[int, frozenset[str]], coefficient: int
) -> Standing:
    return Standing(
        code=code,
        name=name,
        conversion=conversion(rows),
        equity=equity(rows, coefficient),
        coherence=coherence(rows, themes),
        order_kept=kept(rows),
        days_to_receipt=days_to_receipt(rows),
    )


def _figure(value: float, cases: int) -> Figure:
    return Figure(round(value, 4) if cases >= MIN_CASES else None, cases)


def _days(start: dt.datetime, end: dt.datetime) -> int:
    return (timezone.localdate(end) - timezone.localdate(start)).days
