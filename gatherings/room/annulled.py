"""Counts that were annulled: kept as they stood, told with their reason, shown once the repeat is closed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from core.commitments import commit, new_salt
from gatherings.models import AnnulledCount, Gathering
from gatherings.room import ballots
from gatherings.room.ballots import WHOLE_BALLOTS
from issues.models import Issue


@dataclass(frozen=True)
class AnnulledLine:
    """What one problem had; None for what was not counted yet, no reference for a hidden problem."""

    reference: str
    title: str
    tokens: int | None
    people: int | None


@dataclass(frozen=True)
class ToldCount:
    """An annulled count as everyone may read it; its figures only once the repeat is closed."""

    number: int
    at: dt.datetime
    reason: str
    salt: str
    voters: int
    ballots: int | None
    lines: list[AnnulledLine]


def keep(gathering: Gathering, reason: str, now: dt.datetime | None = None) -> AnnulledCount:
    """Keep the count of this vote as it stands, before it is thrown away."""
    many, lines = _counted(gathering)
    return AnnulledCount.objects.create(
        gathering=gathering,
        revision=gathering.revision,
        at=now or timezone.now(),
        reason=reason,
        salt=new_salt(),
        mode=gathering.mode,
        voters=gathering.voters,
        seed=gathering.seed,
        ballots=many,
        lines=lines,
    )


def told(gathering: Gathering) -> list[ToldCount]:
    """The annulled counts of a gathering in their order."""
    counts = list(gathering.annulled.all())
    titles = _titles(counts) if gathering.is_closed else None
    return [_told(number, count, titles) for number, count in enumerate(counts, 1)]


def documents_of(gathering: Gathering) -> list[dict[str, object]]:
    """What the digest of the result holds of them: every figure, and the reason as its commitment."""
    return [_document(count) for count in gathering.annulled.all()]


def _counted(gathering: Gathering) -> tuple[int | None, list[dict[str, object]]]:
    items = list(gathering.ballot.select_related("issue").order_by("shown_at"))
    if gathering.mode not in WHOLE_BALLOTS:
        return None, [_line(item.issue.reference, item.tokens, item.people) for item in items]
    many, totals = ballots.tally(gathering)
    return many, [_line(item.issue.reference, *totals.get(str(item.issue_id), (0, 0))) for item in items]


def _line(reference: str, given: int | None, people: int | None) -> dict[str, object]:
    return {"reference": reference, "tokens": given, "people": people}


def _titles(counts: list[AnnulledCount]) -> dict[str, str]:
    named = {line["reference"] for count in counts for line in count.lines}
    return dict(Issue.objects.public().filter(reference__in=named).values_list("reference", "title"))


def _told(number: int, count: AnnulledCount, titles: dict[str, str] | None) -> ToldCount:
    shown = [] if titles is None else [_told_line(line, titles) for line in count.lines]
    many = None if titles is None else count.ballots
    return ToldCount(number, count.at, count.reason, count.salt, count.voters, many, shown)


def _told_line(line: dict, titles: dict[str, str]) -> AnnulledLine:
    if title := titles.get(line["reference"]):
        return AnnulledLine(line["reference"], title, line["tokens"], line["people"])
    return AnnulledLine("", _("Problema que ya no es público"), line["tokens"], line["people"])


def _document(count: AnnulledCount) -> dict[str, object]:
    return {
        "at": timezone.localtime(count.at).isoformat(timespec="seconds"),
        "reason": commit(count.salt, count.reason),
        "mode": count.mode,
        "voters": count.voters,
        "seed": count.seed,
        "ballots": count.ballots,
        "lines": count.lines,
    }
