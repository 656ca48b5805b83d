"""The state that the screens of the room show: one document for the projector, one for the conductor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.typing import present
from gatherings import tokens
from gatherings.models import (
    BallotItem,
    CountingMode,
    Gathering,
    GatheringState,
    Minute,
    Organisation,
    RoomMerge,
    Side,
)
from gatherings.room import again, attendance, ballot, commitments, counters
from gatherings.room.ballots import WHOLE_BALLOTS
from gatherings.room.result import ShownItem
from issues.index import display
from issues.models import Issue, Track
from issues.statuses import MARK_OF, STATUS_LABELS
from issues.workflow import AWAITING_VERDICT, Status

SUGGESTED = 40
DOTS = 300


def public_state(gathering: Gathering) -> dict[str, object]:
    """What everyone in the room may see on the wall; counts only once they are final."""
    items = ballot_items(gathering)
    return {
        **_shared(gathering),
        "ballot": [_item(item, gathering, counts=gathering.is_closed) for item in items],
        "candidates": _dots(gathering, items),
    }


def conductor_state(gathering: Gathering, side: Side | None = None) -> dict[str, object]:
    """The same with the suggestions for the ballot, the organisations, and what one side typed so far.

    A side never sees the figures of the other before both are compared; who is on none sees neither.
    """
    items = ballot_items(gathering)
    return {
        **_shared(gathering),
        "groups": gathering.groups,
        "side": side,
        "second": str(counters.second_of(gathering) or ""),
        "annul": _annul(gathering),
        "compared": _compared(gathering),
        "ballot": [_typed(item, gathering, side) for item in items],
        "papers": _papers(gathering, side),
        "witnesses": gathering.witnesses,
        "candidates": _candidates(gathering, items),
        "pending": _pending(gathering, items),
        "organisations": _organisations(gathering),
    }


def _shared(gathering: Gathering) -> dict[str, object]:
    return {
        **_frame(gathering),
        "attendance": _attendance(gathering),
        "commitments": [_commitment(issue) for issue in commitments.of(gathering)],
        "minutes": [_minute(minute) for minute in gathering.minutes.all()],
        "mapped": [_mapped(issue) for issue in _new_here(gathering)],
        "merges": [_merge(merge) for merge in _merges(gathering)],
        "ballots": gathering.cast.count() if gathering.mode in WHOLE_BALLOTS else None,
        "left_out": _left_out(gathering),
    }


def _minute(minute: Minute) -> dict[str, object]:
    return {
        "id": minute.pk,
        "kind": minute.kind,
        "kind_label": minute.get_kind_display(),
        "text": minute.text,
        "reason": minute.reason,
        "office": minute.office,
        "due": minute.due.isoformat() if minute.due else None,
    }


def _new_here(gathering: Gathering) -> QuerySet[Issue]:
    mapped = Issue.objects.public().filter(mapped_in__gathering=gathering)
    return mapped.select_related("category").order_by("mapped_in__id")


def _mapped(issue: Issue) -> dict[str, object]:
    """A problem reported in the room; an urgent one is on no ballot, and the room is told why."""
    is_urgent = issue.category.track == Track.URGENT or issue.severity == ballot.LIFE_AT_RISK
    facts = {"id": str(issue.pk), "title": issue.title, "reference": issue.reference}
    return facts | {"is_urgent": is_urgent}


def _merges(gathering: Gathering) -> QuerySet[RoomMerge]:
    public = Issue.objects.public().values("pk")
    joined = gathering.merges.filter(is_same=True, duplicate__in=public, into__in=public)
    return joined.select_related("duplicate", "into").order_by("id")


def _merge(merge: RoomMerge) -> dict[str, object]:
    return {"id": merge.pk, "duplicate": merge.duplicate.title, "into": merge.into.title}


def _left_out(gathering: Gathering) -> float | None:
    """Percent of ballots with none of the first five problems; None where whole ballots are not known."""
    if not gathering.ballots_counted:
        return None
    return round(100 * present(gathering.ballots_left_out) / gathering.ballots_counted, 1)


def _papers(gathering: Gathering, side: Side | None) -> Sequence[Mapping[str, object]]:
    if gathering.mode != CountingMode.BALLOTS or gathering.state != GatheringState.VOTING or side is None:
        return []
    if side == Side.SECOND:
        typed = gathering.cast_again.order_by("number").values("number", "choices")
        return [{**paper, "rival": None} for paper in typed]
    return list(gathering.cast.order_by("number").values("number", "choices", "rival"))


def _annul(gathering: Gathering) -> dict[str, object] | None:
    """What one side asked and the other has not answered."""
    if gathering.annul_side is None:
        return None
    return {"reason": gathering.annul_reason, "side": gathering.annul_side}


def _typed(item: ShownItem, gathering: Gathering, side: Side | None) -> dict[str, object]:
    """One problem with what this side typed; once closed, with what was counted."""
    if not gathering.is_closed:
        item.tokens, item.people = again.figures(item, side) if side else (None, None)
    return _item(item, gathering, counts=True)


def _compared(gathering: Gathering) -> dict[str, object] | None:
    """Where the two counts differ, each side in words, once both were laid side by side."""
    if not gathering.typings or gathering.state != GatheringState.VOTING:
        return None
    typed, titles = again.typings(gathering), _titles_by_key(gathering)
    return {"differences": [_difference(key, typed, titles) for key in again.differing(gathering)]}


def _titles_by_key(gathering: Gathering) -> dict[str, str]:
    items = [item.issue for item in ballot_items(gathering)]
    return {issue.reference: issue.title for issue in items} | {str(issue.pk): issue.title for issue in items}


def _difference(key: str, typed: dict, titles: dict[str, str]) -> dict[str, str]:
    paper = _("Papeleta N.º %(number)s") % {"number": key}
    lacks = _("sin anotar") if key in titles else _("no está")
    first, second = (_said(typed[side].get(key), titles) or lacks for side in Side)
    what = titles.get(key) or paper
    return {"what": what, "first": first, "second": second}


def _said(typed: object, titles: dict[str, str]) -> str:
    """What a side typed, in words; «» for nothing, or only half of a total."""
    if typed is None:
        return ""
    if isinstance(typed, dict):
        return "; ".join(f"{titles.get(issue, issue)}: {given}" for issue, given in typed.items()) or _(
            "en blanco"
        )
    given, people = cast("list[int | None]", typed)
    if None in (given, people):
        return ""
    return _("%(tokens)s fichas, %(people)s personas") % {"tokens": given, "people": people}


def _frame(gathering: Gathering) -> dict[str, object]:
    return {
        "revision": gathering.revision,
        "state": gathering.state,
        "shown": gathering.shown,
        "mode": gathering.mode,
        "voters": gathering.voters,
        "people": gathering.people_present,
        "tokens_each": gathering.tokens_each,
        "tokens_per_issue": gathering.tokens_per_issue,
        "seed": gathering.seed,
        "digest": gathering.digest,
    }


def _attendance(gathering: Gathering) -> dict[str, object]:
    people, voters = attendance.totals(gathering)
    lines = gathering.attendance.select_related("organisation").order_by("organisation__name")
    return {
        "people": people,
        "voters": voters,
        "lines": [
            {
                "organisation": line.organisation_id,
                "name": line.organisation.name if line.organisation else "",
                "people": line.people,
                "voters": line.voters,
                "provisional": bool(line.organisation and not line.organisation.may_vote),
            }
            for line in lines
        ],
    }


def _commitment(issue: commitments.Reviewed) -> dict[str, object]:
    late = (
        issue.committed_date
        and issue.status_then in commitments.ANSWERED
        and issue.committed_date < timezone.localdate()
    )
    return {
        "id": str(issue.pk),
        "reference": issue.reference,
        "title": issue.title,
        "status": issue.status_then,
        "mark": MARK_OF[issue.status_then].name,
        "status_label": str(STATUS_LABELS[issue.status_then]),
        "department": issue.department.name if issue.department else "",
        "committed_date": issue.committed_date.isoformat() if issue.committed_date else None,
        "late": bool(late),
        "reported": issue.status_then in AWAITING_VERDICT,
        "reopenable": issue.status_then == Status.VERIFIED,
        "appealable": issue.status_then == Status.CLOSED and not issue.appealed,
    }


def ballot_items(gathering: Gathering) -> list[ShownItem]:
    """The ballot in the order of the screen or, once closed, of the places.

    A problem that was hidden after it came on the ballot keeps its place and loses its words.
    """
    public = Exists(Issue.objects.public().filter(pk=OuterRef("issue_id")))
    items = gathering.ballot.annotate(is_public=public).select_related("issue__category__group")
    return list(items.order_by("place" if gathering.is_closed else "shown_at"))


def _item(item: ShownItem, gathering: Gathering, *, counts: bool) -> dict[str, object]:
    known = issue_words(item.issue) if item.is_public else hidden_words(item.issue)
    facts = {**known, "place": item.place if gathering.is_closed else None}
    if counts:
        share = tokens.support(item.tokens or 0, gathering.voters, gathering.tokens_each)
        facts |= {"tokens": item.tokens, "people": item.people, "support": round(float(share) * 100, 1)}
    return facts


def issue_words(issue: Issue) -> dict[str, object]:
    """A problem as the screens of the room show it; lat and lng in degrees, EPSG:4326."""
    return {
        "issue": str(issue.pk),
        "reference": issue.reference,
        "title": issue.title,
        "category": issue.category.name,
        "cost": issue.category.cost_forecast or None,
        "icon": issue.category.group.icon,
        "address": issue.address,
        "status": issue.status,
        "levels": list(issue.levels),
        "index": None if issue.index is None else float(display(issue.index)),
        "unconfirmed": issue.index is not None and not issue.levels_confirmed_by_id,
        "lat": round(issue.location.y, 6),
        "lng": round(issue.location.x, 6),
    }


def hidden_words(issue: Issue) -> dict[str, object]:
    """The same problem when it may not be shown any more."""
    nothing = dict.fromkeys(("reference", "category", "icon", "address", "status"), "")
    nowhere = dict.fromkeys(("cost", "index", "levels", "lat", "lng", "unconfirmed"))
    return {**nothing, **nowhere, "issue": str(issue.pk), "title": _("Problema que ya no es público")}


def _dots(gathering: Gathering, items: Sequence[BallotItem]) -> list[dict[str, object]]:
    """What waits for a place, as far as the map of the wall needs it: «¿falta alguno?»."""
    if gathering.state != GatheringState.OPEN:
        return []
    waiting = _waiting(gathering, items)[:DOTS].only("title", "location")
    return [
        {"title": issue.title, "lat": round(issue.location.y, 6), "lng": round(issue.location.x, 6)}
        for issue in waiting
    ]


def _waiting(gathering: Gathering, items: Sequence[BallotItem]) -> QuerySet[Issue]:
    return ballot.candidates(gathering).exclude(pk__in=[item.issue_id for item in items])


def _candidates(gathering: Gathering, items: Sequence[BallotItem], text: str = "") -> list[dict[str, object]]:
    if gathering.state != GatheringState.OPEN:
        return []
    waiting = _waiting(gathering, items)
    found = list(
        (ballot.named(waiting, text) if text else waiting).select_related("category__group")[:SUGGESTED]
    )
    titles = {issue.pk: issue.title for issue in found} | {item.issue_id: item.issue.title for item in items}
    near = _unanswered(gathering, list(titles))
    return [
        {**issue_words(issue), "like": [_like(pk, titles) for pk in near.get(issue.pk, [])]}
        for issue in found
    ]


def _pending(gathering: Gathering, items: Sequence[BallotItem]) -> int:
    """How many wait, shown or not."""
    return _waiting(gathering, items).count() if gathering.state == GatheringState.OPEN else 0


def search(gathering: Gathering, text: str) -> list[dict[str, object]]:
    """What a search finds among everything that waits, as the list shows it."""
    return _candidates(gathering, ballot_items(gathering), text)


def _unanswered(gathering: Gathering, issue_ids: list[UUID]) -> dict[UUID, list[UUID]]:
    """Likely duplicates about which the room was not asked yet."""
    asked = set(gathering.merges.values_list("duplicate_id", "into_id"))
    asked |= {(into, duplicate) for duplicate, into in asked}
    near = ballot.near_duplicates(issue_ids)
    return {one: [other for other in others if (one, other) not in asked] for one, others in near.items()}


def _like(issue_id: UUID, titles: Mapping[UUID, str]) -> dict[str, str]:
    return {"issue": str(issue_id), "title": titles[issue_id]}


def _organisations(gathering: Gathering) -> Sequence[Mapping[str, object]]:
    if gathering.state != GatheringState.OPEN:
        return []
    code = gathering.territory_code
    here = Q(territory_code=code) | Q(territory_code__isnull=True)
    known = Organisation.objects.filter(here, is_active=True)
    return list(known.order_by("name").values("id", "name", "kind"))
