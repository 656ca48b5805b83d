"""Objections to a count: filed in writing by who was present, decided in public by who did not count."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.commitments import commit, new_salt
from core.duties import Act
from gatherings.models import (
    Acta,
    ActaState,
    Challenge,
    ChallengeWord,
    Gathering,
    Organisation,
    Outcome,
)
from gatherings.refusals import RoomRefused, not_now
from gatherings.room.record import Text
from gatherings.room.result import canonical

TEXT_LEAST, TEXT_MOST = 10, 1000
# So many that say the same decide.
DECIDERS = 2


@dataclass(frozen=True)
class ToldChallenge:
    """An objection, where it stands, and what was said of it."""

    challenge: Challenge
    state: str
    words: list[ChallengeWord]
    # Whoever reads has said something already.
    is_mine: bool


def of(gathering: Gathering) -> list[Challenge]:
    """The objections to a count with what was said of them, the oldest first."""
    return list(gathering.challenges.prefetch_related("words"))


def standing(challenges: Sequence[Challenge], at: dt.datetime | None = None) -> str:
    """Whether lists use the count: `no` once an objection was upheld, `pending` while one waits."""
    now = at or timezone.now()
    if any(each.outcome == Outcome.SET_ASIDE for each in challenges):
        return "no"
    return "pending" if any(is_open(each, now) for each in challenges) else "yes"


def is_open(challenge: Challenge, at: dt.datetime | None = None) -> bool:
    """Whether it still waits for its decision."""
    return not challenge.outcome and (at or timezone.now()) < challenge.due_at


def may_object(gathering: Gathering) -> bool:
    """Whether the count is closed and its acta not yet published."""
    published = Acta.objects.filter(gathering=gathering, state=ActaState.PUBLISHED)
    return gathering.is_closed and not published.exists()


@transaction.atomic
def file(
    gathering: Gathering, organisation_id: int, text: str, user: User, now: dt.datetime | None = None
) -> Challenge:
    """Note what an organisation that was present objects to.

    Raises RoomRefused for any other, PermissionDenied for those whose duty it is not.

    Whoever deals with organisations receives what they wrote, and says nothing of it.
    """
    if not user.may(Act.GIVE_CODE):
        raise PermissionDenied(Act.GIVE_CODE)
    Acta.objects.select_for_update().filter(gathering=gathering).first()
    if not may_object(gathering):
        raise not_now(_("Se puede objetar un conteo cerrado, hasta que se publica su acta."))
    organisation = _present(gathering, organisation_id)
    return gathering.challenges.create(
        organisation=organisation,
        name=organisation.name,
        at=now or timezone.now(),
        received_by=user,
        **_sealed(text),
    )


@transaction.atomic
def say(
    challenge_id: int, outcome: str, text: str, user: User, now: dt.datetime | None = None
) -> ChallengeWord:
    """Say whether a count stands; the second word that says the same decides.

    Raises PermissionDenied for those whose duty it is not, RoomRefused when it is too late.
    """
    if not user.may(Act.CHALLENGE):
        raise PermissionDenied(Act.CHALLENGE)
    challenge = Challenge.objects.select_for_update(of=("self",), no_key=True).get(pk=challenge_id)
    at = now or timezone.now()
    if not is_open(challenge, at):
        raise not_now(_("Esta objeción ya se decidió o su plazo terminó."))
    if outcome not in Outcome.values:
        raise RoomRefused("outcome", _("Elige si el conteo vale o no."))
    _check_apart(challenge, user)
    word = challenge.words.create(user=user, office=user.office, outcome=outcome, at=at, **_sealed(text))
    if challenge.words.filter(outcome=outcome).count() >= DECIDERS:
        Challenge.objects.filter(pk=challenge.pk).update(outcome=outcome)
    return word


def told(challenges: Sequence[Challenge], reader: User | None = None) -> list[ToldChallenge]:
    """The objections as everyone may read them, each with its state: open, stands, set_aside, expired."""
    now = timezone.now()
    return [_told_one(each, list(each.words.all()), now, reader) for each in challenges]


def _told_one(
    challenge: Challenge, words: list[ChallengeWord], at: dt.datetime, reader: User | None
) -> ToldChallenge:
    is_mine = reader is not None and any(word.user_id == reader.pk for word in words)
    return ToldChallenge(challenge, _state(challenge, at), words, is_mine)


def _state(challenge: Challenge, at: dt.datetime) -> str:
    return challenge.outcome or ("open" if is_open(challenge, at) else "expired")


def present_organisations(gathering: Gathering) -> list[Organisation]:
    """Those that were there and have not objected yet."""
    came = Organisation.objects.filter(attendance__gathering=gathering, attendance__people__gt=0)
    return list(came.exclude(challenges__gathering=gathering).order_by("name"))


def may_decide(gathering: Gathering, user: User) -> bool:
    """Whether somebody's duty it is, and took no part in this count."""
    return user.may(Act.CHALLENGE) and not _took_part(gathering, user)


def documents_of(challenges: Sequence[Challenge], texts: list[Text]) -> list[dict[str, object]]:
    """What stands in the file of the evening beside what was sealed; the words go to `texts`."""
    return [_document(challenge, texts) for challenge in challenges]


def digest_of(gathering_digest: str, documents: Sequence[dict[str, object]]) -> str:
    """The digest over the digest of the count and all that was objected to it since."""
    return hashlib.sha256(canonical([gathering_digest, *documents]).encode()).hexdigest()


def _took_part(gathering: Gathering, user: User) -> bool:
    counted = gathering.counters.filter(Q(user=user) | Q(code__given_by=user)).exists()
    acted = gathering.actions.filter(actor=user).exists()
    return counted or acted or gathering.facilitator_id == user.pk


def _check_apart(challenge: Challenge, user: User) -> None:
    if _took_part(challenge.gathering, user):
        raise RoomRefused("counted", _("Decide quien no contó ni condujo esa reunión, ni entregó su código."))
    if challenge.words.filter(user=user).exists():
        raise RoomRefused("twice", _("Ya dijiste lo tuyo: decide otra persona que no contó."))


def _present(gathering: Gathering, organisation_id: int) -> Organisation:
    came = gathering.attendance.filter(organisation=organisation_id, people__gt=0)
    line = came.select_related("organisation").first()
    if line is None or line.organisation is None:
        raise RoomRefused("organisation", _("Elige una organización que estuvo en la reunión."))
    if gathering.challenges.filter(organisation=line.organisation).exists():
        raise RoomRefused("twice", _("Esa organización ya objetó este conteo: su objeción está más abajo."))
    return line.organisation


def _sealed(text: str) -> dict[str, str]:
    written = " ".join(text.split())
    if not TEXT_LEAST <= len(written) <= TEXT_MOST:
        raise RoomRefused("text", _("Escribe el texto, de 10 a 1.000 letras, sin nombrar a personas."))
    salt = new_salt()
    return {"text": written, "salt": salt, "commitment": commit(salt, written)}


def _document(challenge: Challenge, texts: list[Text]) -> dict[str, object]:
    return {
        "organisation": challenge.name,
        "at": _moment(challenge.at),
        "text": _told(challenge, texts),
        "words": [_word(word, texts) for word in challenge.words.all()],
        "outcome": challenge.outcome or None,
    }


def _word(word: ChallengeWord, texts: list[Text]) -> dict[str, object]:
    return {
        "at": _moment(word.at),
        "office": word.office,
        "outcome": word.outcome,
        "text": _told(word, texts),
    }


def _told(said: Challenge | ChallengeWord, texts: list[Text]) -> str:
    if said.salt:
        texts.append({"commitment": said.commitment, "salt": said.salt, "text": said.text})
    return said.commitment


def _moment(moment: dt.datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
