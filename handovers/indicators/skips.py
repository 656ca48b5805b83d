"""Queue-jumping on a published list: who was passed over, by what, how many days, and with what reason."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _

from handovers.models import Handover, HandoverItem
from issues.models import EntryKind, HistoryEntry, line_as_shown
from issues.workflow import FINISHED, Status
from rankings.asking import AskedBy
from rankings.list_page import is_public
from rankings.models import ListPlace, Override, RankedList
from rankings.pending import RANKED_TRACKS
from rankings.rules.skips import Course, Skip, Untouched, skips, untouched

# From here on somebody works on it, or it was closed with its kind.
TOUCHED = (Status.IN_PROGRESS, Status.REPORTED_DONE, Status.CLOSED, *FINISHED)


@dataclass(frozen=True)
class PassedOver:
    """One place that was passed over, as the page shows it; days until it was touched, or until today."""

    place: ListPlace
    by: ListPlace
    since: dt.date
    until: dt.date | None
    days: int
    reason: str

    @property
    def is_public(self) -> bool:
        """Whether its title may be shown."""
        return is_public(self.place.issue)

    @property
    def by_is_public(self) -> bool:
        """Whether the title of the one that passed may be shown."""
        return is_public(self.by.issue)


@dataclass(frozen=True)
class Jumps:
    """The skips of one list, the months in which they began, and the pairs that are untouched."""

    rows: list[Skip]
    months: list[tuple[str, int]]
    untouched: Untouched


@dataclass(frozen=True)
class AskedInYear:
    """How many moves and urgent sendings of a year each kind of asker asked for, in the order of AskedBy."""

    year: int
    moves: list[int]
    urgent: list[int]


def jumps_of(ranked_list: RankedList, department: str = "", month: str = "") -> Jumps:
    """The skips of a list, the longest first; of one department's code and of one month (2026-11)."""
    courses = _courses(ranked_list, department)
    found = skips(courses)
    months = Counter(f"{skip.since:%Y-%m}" for skip in found)
    today = timezone.localdate()
    rows = [skip for skip in found if month in ("", f"{skip.since:%Y-%m}")]
    rows.sort(key=lambda skip: (-skip.days(today), skip.place))
    return Jumps(rows, sorted(months.items(), reverse=True), untouched(courses))


def untouched_now() -> Untouched:
    """The pairs of the newest list of each track in which a later place was finished and an earlier waits."""
    newest = [RankedList.objects.latest_of(track).without_document().first() for track in RANKED_TRACKS]
    found = [untouched(_courses(each, "")) for each in newest if each]
    return Untouched(sum(each.passed for each in found), sum(each.pairs for each in found))


def shown(ranked_list: RankedList, rows: Iterable[Skip]) -> list[PassedOver]:
    """Skips with their problems and reasons, in five queries."""
    rows, today = list(rows), timezone.localdate()
    numbers = {number for skip in rows for number in (skip.place, skip.by)}
    places = ranked_list.places.filter(place__in=numbers).select_related(
        "issue__category", "territory", "department"
    )
    places = places.defer("issue__shape", "territory__boundary", "territory__outline")
    known = {place.place: place for place in places}
    reasons = _reasons(ranked_list, [known[skip.place] for skip in rows])
    moves = _moves(ranked_list)
    return [_shown(skip, known, moves, reasons, today) for skip in rows]


def asked_by_year() -> list[AskedInYear]:
    """Who asked for what passed before others, counted by year, the newest first."""
    used = Override.objects.filter(used_in__isnull=False)
    moves = _by_year(used.annotate(year=ExtractYear("used_in__published_at")))
    urgent = _by_year(Handover.objects.urgent().annotate(year=ExtractYear("handed_at")))
    years = sorted({year for year, _kind in [*moves, *urgent]}, reverse=True)
    return [
        AskedInYear(year, [moves[year, kind] for kind in AskedBy], [urgent[year, kind] for kind in AskedBy])
        for year in years
    ]


def moves_used() -> QuerySet[Override]:
    """The changes of place of all lists, the newest first."""
    return (
        Override.objects.filter(used_in__isnull=False)
        .select_related("issue__category", "used_in")
        .defer("issue__shape", "used_in__document")
        .order_by("-used_in__number", "id")
    )


def urgent_sent() -> QuerySet[Handover]:
    """What was sent at once outside any list, the newest first."""
    return Handover.objects.urgent().select_related("department").order_by("-number")


def _courses(ranked_list: RankedList, department: str) -> list[Course]:
    places = ranked_list.places.filter(department__isnull=False).order_by()
    places = places.filter(department__code=department) if department else places
    touched, finished = _touched(ranked_list), _finished(ranked_list)
    return [
        Course(place, code, touched.get(issue), finished.get(issue))
        for place, code, issue in places.values_list("place", "department__code", "issue_id").iterator()
    ]


def _touched(ranked_list: RankedList) -> dict[object, dt.date]:
    """The day on which work on each problem of a list began, or on which it was closed."""
    lines = (
        HistoryEntry.objects.filter(kind=EntryKind.STATUS, to_value__in=TOUCHED)
        .filter(issue__in=ranked_list.places.order_by().values("issue"), at__gte=ranked_list.published_at)
        .order_by()
        .values_list("issue")
        .annotate(Min("at"))
    )
    return {issue: timezone.localdate(at) for issue, at in lines}


def _finished(ranked_list: RankedList) -> dict[object, dt.date]:
    items = HandoverItem.objects.filter(list_place__ranked_list=ranked_list, issue__status__in=FINISHED)
    rows = items.filter(finished_at__isnull=False).order_by().values_list("issue", "finished_at")
    return {issue: timezone.localdate(at) for issue, at in rows}


def _moves(ranked_list: RankedList) -> dict[object, Override]:
    moves = ranked_list.overrides.select_related("issue__category").defer("issue__shape")
    return {move.issue_id: move for move in moves}


def _reasons(ranked_list: RankedList, places: list[ListPlace]) -> dict[object, str]:
    """The last public words of each problem's pause since the list was published."""
    lines = HistoryEntry.objects.filter(
        kind=EntryKind.STATUS,
        to_value=Status.ON_HOLD,
        issue__in=[place.issue_id for place in places],
        at__gte=ranked_list.published_at,
    ).annotate(shown_text=line_as_shown())
    return dict(lines.exclude(shown_text="").order_by("id").values_list("issue", "shown_text"))


def _shown(
    skip: Skip,
    known: dict[int, ListPlace],
    moves: dict[object, Override],
    reasons: dict[object, str],
    today: dt.date,
) -> PassedOver:
    place, by = known[skip.place], known[skip.by]
    move = moves.get(by.issue_id) or moves.get(place.issue_id)
    reason = _moved(move) if move else reasons.get(place.issue_id, "")
    return PassedOver(place, by, skip.since, skip.until, skip.days(today), reason)


def _moved(move: Override) -> str:
    if not move.is_shown:
        return _("cambio de lugar: oculto")
    words = {"reason": move.reason, "asked": move.who_asked.sentence}
    return _("cambio de lugar: «%(reason)s» (%(asked)s)") % words


def _by_year(rows: QuerySet) -> Counter[tuple[int, str]]:
    counted = rows.order_by().values_list("year", "asked_by").annotate(Count("pk"))
    return Counter({(year, kind): count for year, kind, count in counted.filter(~Q(asked_by=""))})
