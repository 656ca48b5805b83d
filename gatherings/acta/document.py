"""The acta of a gathering: composed as a draft, frozen when read aloud, then signed and published."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import NotRequired, TypedDict

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.typing import present
from gatherings.models import Acta, ActaState, Addendum, BallotItem, Gathering, MinuteKind
from gatherings.refusals import RoomRefused, not_now
from gatherings.room import annulled, commitments, counters
from gatherings.room.result import canonical
from issues.models import Issue

NEXT: dict[str, ActaState] = {
    ActaState.DRAFT: ActaState.READ,
    ActaState.READ: ActaState.SIGNED,
    ActaState.SIGNED: ActaState.PUBLISHED,
}
STAMP: dict[str, str] = {
    ActaState.READ: "read_at",
    ActaState.SIGNED: "signed_at",
    ActaState.PUBLISHED: "published_at",
}
ADDENDUM_MOST = 2000


class PlaceLine(TypedDict):
    """A problem and what it got."""

    place: int | None
    reference: str
    tokens: int
    people: int | None
    index: int | None


class CommitmentLine(TypedDict):
    """A problem with an office, and where it stood."""

    reference: str
    status: str
    department: str
    committed: str | None


class MinuteLine(TypedDict):
    """What was said or agreed."""

    text: str
    reason: str
    office: str
    due: str | None


class VoteFacts(TypedDict):
    """How the room voted."""

    mode: str
    tokens_each: int
    tokens_per_issue: int
    handed_out: int
    counted: int
    seed: str
    witnesses: list[str]
    counters: list[str]
    differences: int | None
    ballots: int | None
    left_out: int | None
    missing: str


class AnnulledCount(TypedDict):
    """A count that was annulled, and why."""

    number: int
    at: str
    reason: str
    salt: str
    voters: int
    ballots: int | None
    lines: list[list[object]]


class Coming(TypedDict):
    """When and where the neighbourhood meets next."""

    when: str
    place: str


class ActaDocument(TypedDict):
    """The whole content of an acta; one that was frozen before counts could be annulled names none."""

    number: int
    territory: int | None
    host: str
    place: str
    planned: str
    opened: str | None
    opened_reason: str
    closed: str | None
    attendance: list[list[object]]
    people: int
    voters: int
    commitments: list[CommitmentLine]
    mapped: list[str]
    merges: list[list[str]]
    vote: VoteFacts
    annulled: NotRequired[list[AnnulledCount]]
    groups: NotRequired[dict[str, int]]
    places: list[PlaceLine]
    minutes: dict[str, list[MinuteLine]]
    next: Coming | None
    result_digest: str


def document_of(gathering: Gathering) -> ActaDocument:
    """The whole content of the acta; problems are named by reference, so that a hidden one stays hidden."""
    return {
        "number": gathering.number,
        "territory": gathering.territory_code,
        "host": gathering.host_name,
        "place": gathering.place,
        "planned": _moment(gathering.starts_at),
        "opened": _moment_if(gathering.opened_at),
        "opened_reason": gathering.opened_reason,
        "closed": _moment_if(gathering.closed_at),
        "attendance": _attendance(gathering),
        "people": gathering.people_present,
        "voters": gathering.voters,
        "commitments": [_commitment(issue) for issue in commitments.of(gathering)],
        "mapped": list(
            gathering.mapped.order_by("issue__reference").values_list("issue__reference", flat=True)
        ),
        "merges": [list(pair) for pair in _merges(gathering)],
        "vote": _vote(gathering),
        "annulled": [_annulled(count) for count in annulled.told(gathering)],
        "groups": gathering.groups,
        "places": [_place(item) for item in _items(gathering)],
        "minutes": {kind: _minutes(gathering, kind) for kind in MinuteKind.values},
        "next": _next(gathering),
        "result_digest": gathering.digest,
    }


def acta_of(gathering: Gathering) -> Acta:
    """The acta of a closed gathering, a new draft when there is none; raises RoomRefused before the close."""
    if not gathering.is_closed:
        raise not_now(_("El acta se prepara cuando el conteo está cerrado."))
    return Acta.objects.get_or_create(gathering=gathering)[0]


def content_of(acta: Acta) -> ActaDocument:
    """The frozen document, or the draft as it stands now."""
    if not acta.document:
        return document_of(acta.gathering)
    frozen: ActaDocument = json.loads(acta.document)
    return frozen


@transaction.atomic
def go_on(gathering: Gathering, to: str, now: dt.datetime | None = None) -> Acta:
    """Take the acta one state further: read aloud, signed, published; raises RoomRefused otherwise."""
    acta_of(gathering)
    acta = Acta.objects.select_for_update().get(gathering=gathering)
    if acta.state == to != ActaState.DRAFT:
        return acta
    if NEXT.get(acta.state) != to:
        raise not_now(_("El acta va en orden: borrador, leída, firmada, publicada."))
    if to == ActaState.READ:
        acta.document = canonical(document_of(gathering))
        acta.digest = hashlib.sha256(acta.document.encode()).hexdigest()
    if to == ActaState.PUBLISHED and gathering.challenges.open(now).exists():
        raise not_now(_("Hay una objeción sin decidir: el acta se publica después."))
    acta.state = to
    setattr(acta, STAMP[to], now or timezone.now())
    acta.save()
    return acta


@transaction.atomic
def correct(gathering: Gathering, text: str, user: User) -> Addendum:
    """Add a numbered correction to an acta that was read; raises RoomRefused while it is a draft."""
    acta = Acta.objects.select_for_update().filter(gathering=gathering).first()
    if acta is None or acta.state == ActaState.DRAFT:
        raise not_now(_("El acta todavía es un borrador: corrígela directamente."))
    written = text.strip()
    if not written or len(written) > ADDENDUM_MOST:
        raise RoomRefused("text", _("Escribe la corrección en un máximo de 2.000 letras."))
    number = (acta.addenda.aggregate(last=Max("number"))["last"] or 0) + 1
    return Addendum.objects.create(acta=acta, number=number, text=written, office=user.office, author=user)


def titles_of(document: ActaDocument) -> dict[str, str]:
    """Titles of the problems an acta names, by reference; hidden ones are left out."""
    named = {line["reference"] for line in document["places"]}
    named |= {line["reference"] for line in document["commitments"]}
    named |= {*document["mapped"], *(reference for pair in document["merges"] for reference in pair)}
    return dict(Issue.objects.public().filter(reference__in=named).values_list("reference", "title"))


def _moment(moment: dt.datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="minutes")


def _moment_if(moment: dt.datetime | None) -> str | None:
    return _moment(moment) if moment else None


def _attendance(gathering: Gathering) -> list[list[object]]:
    lines = gathering.attendance.order_by("organisation__name")
    return [list(line) for line in lines.values_list("organisation__name", "people", "voters")]


def _commitment(issue: commitments.Reviewed) -> CommitmentLine:
    return {
        "reference": issue.reference,
        "status": issue.status_then,
        "department": issue.department.name if issue.department else "",
        "committed": issue.committed_date.isoformat() if issue.committed_date else None,
    }


def _merges(gathering: Gathering) -> list[tuple[str, str]]:
    joined = gathering.merges.filter(is_same=True).order_by("id")
    return list(joined.values_list("duplicate__reference", "into__reference"))


def _vote(gathering: Gathering) -> VoteFacts:
    return {
        "mode": gathering.mode,
        "tokens_each": gathering.tokens_each,
        "tokens_per_issue": gathering.tokens_per_issue,
        "handed_out": gathering.tokens_handed_out,
        "counted": sum(item.tokens or 0 for item in _items(gathering)),
        "seed": gathering.seed,
        "witnesses": gathering.witnesses,
        "counters": counters.named(gathering),
        "differences": (gathering.typings or {}).get("differences"),
        "ballots": gathering.ballots_counted,
        "left_out": gathering.ballots_left_out,
        "missing": gathering.missing_reason,
    }


def _annulled(count: annulled.ToldCount) -> AnnulledCount:
    return {
        "number": count.number,
        "at": _moment(count.at),
        "reason": count.reason,
        "salt": count.salt,
        "voters": count.voters,
        "ballots": count.ballots,
        "lines": [[line.reference, line.tokens, line.people] for line in count.lines],
    }


def _items(gathering: Gathering) -> list[BallotItem]:
    return list(gathering.ballot.filter(place__isnull=False).select_related("issue").order_by("place"))


def _place(item: BallotItem) -> PlaceLine:
    return {
        "place": item.place,
        "reference": item.issue.reference,
        "tokens": present(item.tokens),
        "people": item.people,
        "index": item.index_then,
    }


def _minutes(gathering: Gathering, kind: str) -> list[MinuteLine]:
    minutes = gathering.minutes.filter(kind=kind)
    return [
        {
            "text": minute.text,
            "reason": minute.reason,
            "office": minute.office,
            "due": minute.due.isoformat() if minute.due else None,
        }
        for minute in minutes
    ]


def _next(gathering: Gathering) -> Coming | None:
    if not gathering.territory_id:
        return None
    same = Gathering.objects.upcoming().filter(territory__code=present(gathering.territory_code))
    after = same.filter(starts_at__gt=gathering.starts_at).first()
    return {"when": _moment(after.starts_at), "place": after.place} if after else None
