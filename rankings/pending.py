"""The pending problems of each neighbourhood now, and what decides their order."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Window
from django.db.models.functions import Rank
from django.utils import timezone

from gatherings.models import BallotItem, Challenge, GatheringState
from issues.index import LIFE_AT_RISK, Levels, Weights, index_i3
from issues.life.registration import weights_in_force
from issues.models import EntryKind, HistoryEntry, Issue, Origin, Privacy, Track
from issues.workflow import Status
from rankings.models import CoefficientTable
from rankings.rules.listing import WINDOW_MONTHS, Candidate, Queue, Vote
from rankings.rules.rounds import COEFFICIENT_EQUAL, Share
from territories.compiled_queries import InArray
from territories.models import Territory

RANKED_TRACKS = (Track.MANAGEMENT, Track.INVESTMENT)
# What neighbours pinned together; a report sent from home waits for a walk or a gathering.
COMMON_ORIGINS = (Origin.WALK, Origin.GATHERING)
ACCEPTED = (
    Status.SCHEDULED,
    Status.IN_PROGRESS,
    Status.ON_HOLD,
    Status.REPORTED_DONE,
    Status.VERIFIED,
    Status.DONE_UNVERIFIED,
)
MAKES_ACCEPTED = (Status.SCHEDULED, Status.IN_PROGRESS)

_FIELDS = (
    "pk", "reference", "title", "category__name", "department__name", "severity", "reach", "duration",
    "vulnerability", "levels_confirmed_by_id", "reported_at", "territory__code",
)  # fmt: skip
_VOTE_FIELDS = (
    "gathering__number", "gathering__closed_at", "gathering__voters", "gathering__tokens_each",
    "tokens", "people", "place", "index_then",
)  # fmt: skip


def queues(
    track: str,
    at: dt.datetime | None = None,
    weights: Weights | None = None,
    coefficients: Mapping[int, int] | None = None,
    at_most: Mapping[int, int] | None = None,
) -> list[Queue]:
    """Every neighbourhood in force with its pending problems of a track, voted or provisional.

    Six queries, whatever their number. Weights and coefficients default to those in force. With `at_most`
    (by the neighbourhood's code) only the first so many of its own order are sure to be there; that goes
    with the weights in force.
    """
    now = at or timezone.now()
    weights = weights or weights_in_force()
    waiting = (
        _candidates(track, weights, now) if at_most is None else _first_of_each(track, weights, at_most, now)
    )
    accepted = accepted_by_territory(track, now)
    coefficients = coefficients_in_force() if coefficients is None else coefficients
    return [
        Queue(
            code,
            name,
            waiting.get(code, []),
            coefficients.get(code, COEFFICIENT_EQUAL),
            accepted.get(code, 0),
        )
        for code, name in Territory.objects.current().values_list("code", "name")
    ]


def shares(track: str, at: dt.datetime) -> dict[int, Share]:
    """By code, what each neighbourhood in force brings to the next list of a track, counted only."""
    counts = dict(pending(track).order_by().values_list("territory_id").annotate(Count("pk")))
    codes = dict(Territory.objects.filter(pk__in=list(counts)).order_by().values_list("pk", "code"))
    waiting = {codes[pk]: count for pk, count in counts.items()}
    accepted, coefficients = accepted_by_territory(track, at), coefficients_in_force()
    return {
        code: Share(
            name, waiting.get(code, 0), coefficients.get(code, COEFFICIENT_EQUAL), accepted.get(code, 0)
        )
        for code, name in Territory.objects.current().values_list("code", "name")
    }


def pending_in_force(track: str) -> QuerySet[Issue]:
    """Those that the next list would hold: pending in a neighbourhood in force."""
    return pending(track).filter(territory__code__in=Territory.objects.current().values("code"))


def pending(track: str) -> QuerySet[Issue]:
    """Public problems of a track that wait for a department, without those that put life at risk."""
    return all_pending().filter(category__track=track)


def pending_counts() -> dict[str, int]:
    """How many problems wait in each track that has a list."""
    counts = dict(all_pending().order_by().values_list("category__track").annotate(Count("pk")))
    return {track: counts.get(track, 0) for track in RANKED_TRACKS}


def all_pending() -> QuerySet[Issue]:
    """The same of all tracks; said in the words of the index issue_pending."""
    common = Q(status=Status.VALIDATED) | Q(status=Status.REGISTERED, origin__in=COMMON_ORIGINS)
    return Issue.objects.public().filter(common, territory__isnull=False).exclude(severity=LIFE_AT_RISK)


def latest_votes(issues: QuerySet[Issue], at: dt.datetime | None = None) -> dict[object, Vote]:
    """The vote that closed last in its own neighbourhood on each problem, by the problem's key.

    Gatherings of councils that belong to no neighbourhood do not count here, nor does a count that an
    organisation objected to: not while that waits, and never when it was set aside.
    """
    rows = (
        _counted_votes()
        .exclude(gathering__in=Challenge.objects.in_the_way(at).values("gathering"))
        .filter(issue__in=issues.values("pk"))
        .order_by("gathering__closed_at", "gathering__number")
        .values_list("issue_id", *_VOTE_FIELDS)
    )
    return {row[0]: _vote(*row[1:]) for row in rows.iterator(chunk_size=10_000)}


def _counted_votes() -> QuerySet[BallotItem]:
    """The closed votes of problems in gatherings of their own neighbourhood."""
    return BallotItem.objects.filter(
        place__isnull=False,
        gathering__state=GatheringState.CLOSED,
        gathering__territory__code=F("issue__territory__code"),
    )


def accepted_by_territory(track: str, at: dt.datetime) -> dict[int, int]:
    """How many problems of a track were accepted in the last twelve months, by neighbourhood.

    Accepted means planned with a date; one that was closed or sent elsewhere since gives its
    place back, because it no longer has an accepted status.
    """
    first = (
        HistoryEntry.objects.filter(issue=OuterRef("pk"), kind=EntryKind.STATUS, to_value__in=MAKES_ACCEPTED)
        .order_by("id")
        .values("at")[:1]
    )
    rows = (
        Issue.objects.filter(status__in=ACCEPTED, category__track=track, category__privacy=Privacy.PUBLIC)
        .exclude(severity=LIFE_AT_RISK)
        .filter(territory__isnull=False)
        .order_by()
        .values_list("territory__code", Subquery(first))
    )
    since = months_before(at, WINDOW_MONTHS)
    # Compared here: as a condition, the database would look each first line up twice.
    return dict(Counter(code for code, accepted in rows.iterator() if accepted and since < accepted <= at))


def coefficients_in_force() -> dict[int, int]:
    """The newest table of coefficients, in hundredths, by neighbourhood; empty means all equal."""
    table = CoefficientTable.objects.first()
    return {int(code): value for code, value in table.hundredths.items()} if table else {}


def months_before(moment: dt.datetime, months: int) -> dt.datetime:
    """The same hour so many months earlier; in a shorter month its last day. ValueError before year 1."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    for day in range(moment.day, moment.day - 4, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError(moment)


def _candidates(track: str, weights: Weights, at: dt.datetime) -> dict[int, list[Candidate]]:
    issues = pending(track)
    return _candidates_of(issues, latest_votes(issues, at), weights)


def _first_of_each(
    track: str, weights: Weights, at_most: Mapping[int, int], at: dt.datetime
) -> dict[int, list[Candidate]]:
    """Every voted problem, and of the others as many as each neighbourhood still needs, the best first.

    By the stored index, which follows the weights in force.
    """
    issues = pending(track)
    votes = latest_votes(issues, at)
    found = _candidates_of(issues.filter(_among(votes)), votes, weights)
    short = {code: many for code, many in at_most.items() if many > len(found[code])}
    if short:
        best = _candidates_of(issues.filter(_among(_best(issues, short))), votes, weights)
        for code in short:
            found[code] += [candidate for candidate in best[code] if candidate.vote is None]
    return found


def _best(issues: QuerySet[Issue], short: Mapping[int, int]) -> list[UUID]:
    """The keys of the best of each neighbourhood, up to so many; all that are equal to the last one."""
    most = max(short.values())
    place = Window(Rank(), partition_by=F("territory"), order_by=F("index").desc(nulls_last=True))
    ranked = issues.order_by().annotate(own_place=place)
    rows = list(ranked.filter(own_place__lte=most).values_list("pk", "territory_id", "index"))
    # An index of nought and none at all weigh the same.
    last = {territory for _pk, territory, index in rows if index == 0}
    unweighed = issues.filter(territory_id__in=last, index__isnull=True) if last else issues.none()
    return [pk for pk, *_place in rows] + list(unweighed.values_list("pk", flat=True))


def _among(keys: Iterable[object]) -> InArray:
    return InArray(F("pk"), list(keys), UUIDField())


def _candidates_of(
    issues: QuerySet[Issue], votes: Mapping[object, Vote], weights: Weights
) -> dict[int, list[Candidate]]:
    found: dict[int, list[Candidate]] = defaultdict(list)
    for row in issues.values_list(*_FIELDS).iterator(chunk_size=10_000):
        found[row[-1]].append(_candidate(row, weights, votes.get(row[0])))
    return found


def _candidate(row: tuple, weights: Weights, vote: Vote | None) -> Candidate:
    _pk, reference, title, category, department, *levels, confirmed, reported_at, _code = row
    # A voted problem brings only what two accounts said; a provisional one is provisional anyway.
    known = _levels(levels) if vote is None or confirmed else None
    return Candidate(
        reference,
        title,
        category,
        department,
        known,
        index_i3(known, weights) if known else 0,
        timezone.localdate(reported_at),
        vote,
    )


def _levels(levels: Iterable[int | None]) -> Levels | None:
    known = [level for level in levels if level is not None]
    return Levels(*known) if len(known) == len(Levels._fields) else None


def _vote(
    number: int,
    closed_at: dt.datetime,
    voters: int,
    tokens_each: int,
    tokens: int | None,
    people: int | None,
    place: int,
    index_then: int | None,
) -> Vote:
    held_on = timezone.localdate(closed_at)
    return Vote(number, held_on, voters, tokens_each, tokens or 0, people or 0, place, index_then or 0)
