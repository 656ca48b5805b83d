"""Publishing: a list is computed, frozen, numbered and chained in one step, and never edited."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.commitments import new_salt
from core.duties import Act, require
from gatherings.models import Gathering
from issues.life.registration import weights_in_force
from issues.models import IndexWeights, Issue
from rankings.asking import WhoAsked
from rankings.models import CoefficientTable, ListPlace, ListText, Override, RankedList
from rankings.pending import RANKED_TRACKS, queues
from rankings.rules.canonical import canonical_text, sealed
from rankings.rules.listing import Head, Move, Queue, compile_list
from rankings.rules.texts import SaltOf, by_reference, names_of, opened
from territories.models import BoundarySet, Territory

MAX_REASON = 500
# What differs between two lists from one state of the world; rankings/migrations/0005 has the same words.
OF_THE_ACT = ("number", "published_at", "office", "previous_digest", "digest")
# Their titles and reasons stand under the digest itself.
WITHOUT_TEXTS = frozenset(f"mapa-barrial/lista/{number}" for number in (1, 2, 3))


class ListRefused(ValueError):
    """A refused list or change of place; the text is one sentence for the person."""


class AlreadyPublished(ListRefused):
    """Somebody else published from what this person saw; `ranked_list` is that list."""

    def __init__(self, ranked_list: RankedList) -> None:
        words = {
            "office": ranked_list.office,
            "number": ranked_list.number,
            "when": timezone.localtime(ranked_list.published_at).strftime("%d-%m %H:%M"),
        }
        super().__init__(_("%(office)s ya publicó la lista %(number)s (%(when)s): es esta.") % words)
        self.ranked_list = ranked_list


@dataclass(frozen=True)
class Draft:
    """What the next list of a track would be: its document (not sealed by publication) and its moves."""

    document: dict[str, Any]
    overrides: Sequence[Override]


def draft(track: str, at: dt.datetime | None = None, office: str = "") -> Draft:
    """Compute what would be published now; stores nothing. Raises ListRefused for another track."""
    if track not in RANKED_TRACKS:
        raise ListRefused(_("Esa pista no tiene lista: las urgencias se envían de inmediato."))
    now = at or timezone.now()
    made = _compile(_head(track, now, office, None), queues(track, now))
    return replace(made, document=sealed(opened(made.document)))


@transaction.atomic
def publish(
    track: str,
    *,
    actor: User,
    at: dt.datetime | None = None,
    corrects: RankedList | None = None,
    after: int | None = None,
) -> RankedList:
    """Publish the next list of a track; returns it. Lists are made one after the other.

    `after` is the number of the last list of the track that the actor saw (0: none). Raises PermissionDenied
    unless the actor works for the cabinet, AlreadyPublished when a list came in between or the last one
    already says the same, ListRefused when there is nothing to put in order; then nothing is stored.
    """
    require(actor.post, Act.PUBLISH)
    _check(track, corrects)
    _one_at_a_time()
    now = at or timezone.now()
    made = _compile(_head(track, now, actor.office, corrects), queues(track, now))
    if not made.document["items"]:
        raise ListRefused(_("Todavía no hay problemas que ordenar en esta pista."))
    _refuse_second(made.document, after)
    ranked_list = _store(made.document, now, actor, corrects)
    _store_places(ranked_list, made.document)
    _store_texts(made.document)
    Override.objects.filter(pk__in=[each.pk for each in made.overrides]).update(used_in=ranked_list)
    return ranked_list


def propose_move(issue: Issue, to_place: int, reason: str, *, asked: WhoAsked, actor: User) -> Override:
    """Store a move of a problem to another place on the next list, with its public reason.

    A later move of the same problem takes the place of the earlier one. Raises PermissionDenied
    or ListRefused.
    """
    require(actor.post, Act.MOVE)
    reason = reason.strip()
    if not 10 <= len(reason) <= MAX_REASON:
        raise ListRefused(_("Escribe el motivo público del cambio, de 10 a 500 letras."))
    if not 1 <= to_place <= 1_000_000:
        raise ListRefused(_("El lugar va desde el 1."))
    with transaction.atomic():
        _one_at_a_time()
        Override.objects.waiting().filter(issue=issue).delete()
        return Override.objects.create(
            issue=issue,
            to_place=to_place,
            reason=reason,
            author=actor,
            office=actor.office,
            **asked._asdict(),
        )


@transaction.atomic
def withdraw_move(override: Override, *, actor: User) -> None:
    """Take back a move that no list has used; raises PermissionDenied or ListRefused."""
    require(actor.post, Act.MOVE)
    _one_at_a_time()
    if not Override.objects.waiting().filter(pk=override.pk).delete()[0]:
        raise ListRefused(_("Ese cambio ya está en una lista publicada y no se borra."))


def document_of(ranked_list: RankedList) -> dict[str, Any]:
    """A published list as lista.json tells it now: what was frozen, beside it what texts are public."""
    document: dict[str, Any] = json.loads(ranked_list.document)
    if document["format"] in WITHOUT_TEXTS:
        return document
    said = {row[name] for row in (*document["items"], *document["overrides"]) for name in names_of(row)}
    rows = ListText.objects.of_list(ranked_list).public().order_by("commitment")
    texts = list(rows.values("commitment", "salt", "text"))
    return document | {"texts": [each for each in texts if each["commitment"] in said]}


def file_of(ranked_list: RankedList) -> str:
    """The text of its lista.json."""
    return canonical_text(document_of(ranked_list))


def _compile(head: Head, neighbourhoods: list[Queue]) -> Draft:
    listed = {each.reference for queue in neighbourhoods for each in queue.candidates}
    waiting = Override.objects.waiting().select_related("issue").defer("issue__shape")
    used = [each for each in waiting if each.issue.reference in listed]
    moves = [move_of(each) for each in used]
    head = head._replace(gatherings=_digests_of(neighbourhoods))
    return Draft(compile_list(head, neighbourhoods, moves, _salts_of(listed)), used)


def _salts_of(references: Collection[str]) -> SaltOf:
    """A text that a list said before keeps its salt, so that the same world gives the same list."""
    known = ListText.objects.filter(issue__reference__in=references).exclude(salt="")
    salts = {row[:2]: row[2] for row in known.values_list("issue__reference", "text", "salt")}
    return lambda reference, text: salts.get((reference, text)) or new_salt()


def _digests_of(neighbourhoods: list[Queue]) -> dict[int, str]:
    """The digest of each gathering that decides something here, by its number."""
    voted = {each.vote.gathering for queue in neighbourhoods for each in queue.candidates if each.vote}
    return dict(Gathering.objects.filter(number__in=voted).values_list("number", "digest"))


def move_of(override: Override) -> Move:
    """A change of place as the rules read it."""
    who = override.who_asked
    return Move(override.issue.reference, override.to_place, override.reason, override.office, *who)


def _head(track: str, at: dt.datetime, office: str, corrects: RankedList | None) -> Head:
    last = RankedList.objects.without_document().first()
    weights, table = IndexWeights.objects.first(), CoefficientTable.objects.first()
    boundaries = BoundarySet.objects.in_force().first()
    return Head(
        number=last.number + 1 if last else 1,
        track=str(track),
        published_at=timezone.localtime(at).isoformat(timespec="seconds"),
        office=office,
        previous_digest=last.digest if last else "",
        boundaries=boundaries.name if boundaries else "",
        weights=weights_in_force(),
        weights_version=weights.pk if weights else 0,
        coefficients=str(table) if table else "",
        corrects=corrects.number if corrects else None,
    )


def _store(document: dict[str, Any], at: dt.datetime, actor: User, corrects: RankedList | None) -> RankedList:
    return RankedList.objects.create(
        number=document["number"],
        track=document["track"],
        published_at=at,
        published_by=actor,
        office=document["office"],
        document=canonical_text({name: document[name] for name in document if name != "texts"}),
        digest=document["digest"],
        previous_digest=document["previous_digest"],
        corrects=corrects,
    )


def _store_places(ranked_list: RankedList, document: dict[str, Any]) -> None:
    issues = _issues_of(document)
    territories = dict(Territory.objects.current().values_list("code", "pk"))
    rooms = dict(Gathering.objects.filter(number__in=_rooms_of(document)).values_list("number", "pk"))
    ListPlace.objects.bulk_create(
        [
            _place(ranked_list, item, issues[item["reference"]], territories, rooms)
            for item in document["items"]
        ],
        batch_size=5_000,
    )


def _store_texts(document: dict[str, Any]) -> None:
    issues = _issues_of(document)
    ListText.objects.bulk_create(
        [ListText(issue_id=issues[reference][0], **text) for reference, text in by_reference(document)],
        batch_size=5_000,
        ignore_conflicts=True,
    )


def _issues_of(document: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    references = [item["reference"] for item in document["items"]]
    rows = Issue.objects.filter(reference__in=references).values_list("reference", "pk", "department_id")
    return {reference: (pk, department) for reference, pk, department in rows}


def _rooms_of(document: dict[str, Any]) -> set[int]:
    return {item["vote"]["gathering"] for item in document["items"] if item["vote"]}


def _place(
    ranked_list: RankedList,
    item: dict[str, Any],
    issue: tuple[Any, Any],
    territories: dict[int, int],
    rooms: dict[int, Any],
) -> ListPlace:
    vote = item["vote"]
    return ListPlace(
        ranked_list=ranked_list,
        place=item["place"],
        rule_place=item["rule_place"],
        round=item["round"],
        issue_id=issue[0],
        department_id=issue[1],
        territory_id=territories[item["neighbourhood"]],
        position_in_territory=item["own_place"],
        k=item["turn"],
        index=item["index"] if item["levels"] else None,
        tokens=vote and vote["tokens"],
        tokens_possible=vote and vote["voters"] * vote["tokens_each"],
        people=vote and vote["people"],
        gathering_id=vote and rooms[vote["gathering"]],
        is_provisional=vote is None,
        reason="\n".join(item["reasons"]),
    )


def _check(track: str, corrects: RankedList | None) -> None:
    if track not in RANKED_TRACKS:
        raise ListRefused(_("Esa pista no tiene lista: las urgencias se envían de inmediato."))
    if corrects and corrects.track != track:
        raise ListRefused(_("Una corrección es de la misma pista que la lista que corrige."))


def _refuse_second(document: dict[str, Any], after: int | None) -> None:
    """One list from one state of the world; the database holds the same."""
    last = RankedList.objects.latest_of(document["track"]).first()
    if last is None:
        return
    came_between = after is not None and last.number > after
    if came_between or _world(document_of(last)) == _world(document):
        raise AlreadyPublished(last)


def _world(document: dict[str, Any]) -> str:
    """What a list says, without its own number, moment and office."""
    return canonical_text(
        {name: value for name, value in document.items() if name not in (*OF_THE_ACT, "texts")}
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rankings_rankedlist'))")
