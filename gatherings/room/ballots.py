"""Whole ballots, of paper or phones: their rules and totals; phones cast them with a printed code."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from fractions import Fraction

from django.db import transaction
from django.db.models import Max
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.bearer import token_digest
from core.postgis import identity
from gatherings import tokens
from gatherings.models import BallotItem, CastBallot, CountingMode, Gathering, GatheringState, VoteCode
from gatherings.refusals import RoomRefused, impossible_ballot, not_now

WHOLE_BALLOTS = (CountingMode.BALLOTS, CountingMode.PHONES)
# Without letters and digits that look alike; ten of them are 49 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
CODES_MOST = 500
# Issue id → tokens, as somebody sent them: whether they are whole numbers is for the rules to say.
Choices = Mapping[str, object]


@transaction.atomic
def make_codes(gathering: Gathering, many: int) -> list[str]:
    """Make that many new single-use codes; this is the only moment in which they can be read.

    Before the vote they take the place of those printed before, during it they are added up to the number
    of voters. Raises RoomRefused when the gathering is over, or for more than could be used.
    """
    if gathering.state not in (GatheringState.PLANNED, GatheringState.OPEN, GatheringState.VOTING):
        raise not_now(_("Esta reunión ya terminó: no necesita códigos."))
    if not 1 <= many <= CODES_MOST:
        raise RoomRefused("codes", _("Imprime entre 1 y %(most)s códigos.") % {"most": CODES_MOST})
    last = _last_number(gathering, many)
    codes = ["".join(secrets.choice(ALPHABET) for _each in range(CODE_LENGTH)) for _code in range(many)]
    VoteCode.objects.bulk_create(
        VoteCode(gathering=gathering, digest=code_digest(code), number=number)
        for number, code in enumerate(codes, last + 1)
    )
    return codes


def _last_number(gathering: Gathering, many: int) -> int:
    """After which number these papers begin; before the vote those of earlier are void."""
    if gathering.state != GatheringState.VOTING:
        gathering.codes.all().delete()
        return 0
    last = gathering.codes.aggregate(last=Max("number"))["last"] or 0
    if last + many > gathering.voters:
        facts = {"voters": gathering.voters, "left": max(0, gathering.voters - last)}
        raise RoomRefused("codes", _("Votan %(voters)s personas: faltan %(left)s papeles.") % facts)
    return last


def plain(written: str) -> str:
    """A code as it is kept, however somebody wrote it."""
    return "".join(written.upper().split()).replace("-", "")


def not_a_code(written: str) -> str:
    """Why what somebody wrote (made plain) can be no code, in one sentence; empty when it can."""
    if strange := sorted(set(written) - set(ALPHABET)):
        sentence = _("Los códigos no llevan «%(letter)s»: solo letras sin I, L ni O, y números del 2 al 9.")
        return sentence % {"letter": strange[0]}
    if len(written) != CODE_LENGTH:
        sentence = _("Un código tiene %(right)s letras y números, y escribiste %(many)s.")
        return sentence % {"right": CODE_LENGTH, "many": len(written)}
    return ""


def code_of(written: str) -> VoteCode | None:
    """The stored code of what somebody holds in hand, however it is written; None for an unknown one."""
    kept = plain(written)
    if not_a_code(kept):
        return None
    found = VoteCode.objects.filter(digest=code_digest(kept))
    return found.select_related("gathering__territory").first()


@transaction.atomic
def cast(code: VoteCode, choices: Choices, word: str) -> None:
    """Take one ballot from a phone. `word` is random, of the page: a ballot sent twice counts once.

    Raises RoomRefused for a used code, a ballot that breaks the rules, or at the wrong moment.
    """
    with identity.holding(str(code.gathering_id)):
        _cast(code, choices, token_digest(word))


def _cast(code: VoteCode, choices: Choices, receipt: str) -> None:
    gathering = Gathering.objects.select_for_update().get(pk=code.gathering_id)
    locked = VoteCode.objects.select_for_update().filter(pk=code.pk).first()
    if locked and locked.receipt == receipt:
        return
    check_mode(gathering, CountingMode.PHONES)
    if locked is None or locked.receipt:
        raise RoomRefused("used", _("Este código ya se usó. Si no fuiste tú, avisa a quien facilita."))
    check_dealt(gathering, locked)
    kept = checked(gathering, choices)
    if not any(kept.values()):
        raise RoomRefused("empty", _("Pon al menos una ficha antes de enviar."))
    if gathering.cast.count() >= gathering.voters:
        raise RoomRefused("ballots", _("Ya llegaron todos los votos de esta sala."))
    CastBallot.objects.create(gathering=gathering, choices=kept)
    VoteCode.objects.filter(pk=locked.pk).update(receipt=receipt)
    Gathering.objects.filter(pk=gathering.pk).update(revision=gathering.revision + 1)


def check_dealt(gathering: Gathering, code: VoteCode) -> None:
    """Raise RoomRefused for a paper beyond the number of voters: it should have stayed out of the bag."""
    if code.number > gathering.voters:
        facts = {"number": code.number, "voters": gathering.voters}
        sentence = _(
            "Tu papel es el N.º %(number)s y hoy valen del 1 al %(voters)s: pide uno a quien facilita."
        )
        raise RoomRefused("spare", sentence % facts)


def collect(gathering: Gathering, items: list[BallotItem]) -> None:
    """Turn whole ballots into totals on `items` (stored) and the minority alarm on `gathering` (not yet).

    The codes of phones are forgotten here, so that nothing is left that a ballot could be traced by.
    Raises RoomRefused when no ballot came.
    """
    many, totals = tally(gathering)
    if not many:
        raise RoomRefused("empty", _("Todavía no hay ninguna papeleta contada."))
    for item in items:
        item.tokens, item.people = totals.get(str(item.issue_id), (0, 0))
    BallotItem.objects.bulk_update(items, ["tokens", "people"])
    gathering.codes.all().delete()


def tally(gathering: Gathering) -> tuple[int, dict[str, tuple[int, int]]]:
    """How many ballots came, and tokens and people by issue id."""
    ballots = list(gathering.cast.order_by("id").values_list("choices", flat=True))
    return len(ballots), tokens.counted(ballots, _rules(gathering))


def tell_minority(gathering: Gathering, order: list[str]) -> None:
    """Note how many ballots have none of the first five problems of `order` (issue ids)."""
    ballots = list(gathering.cast.values_list("choices", flat=True))
    share: Fraction = tokens.minority_share(ballots, order)
    gathering.ballots_counted = len(ballots)
    gathering.ballots_left_out = int(share * len(ballots))


def code_digest(code: str) -> str:
    """What is kept of a code: a digest under the installation's key."""
    return salted_hmac("gatherings.code", code, algorithm="sha256").hexdigest()


def checked(gathering: Gathering, choices: Choices) -> dict[str, int]:
    """One ballot without its zeros; raises RoomRefused for what breaks the rules."""
    items = {str(item.issue_id): item.issue.title for item in gathering.ballot.select_related("issue")}
    try:
        tokens.check_ballot(choices, _rules(gathering), items)
    except tokens.ImpossibleCount as error:
        raise impossible_ballot(error, items) from error
    return {issue: given for issue, given in choices.items() if given and isinstance(given, int)}


def _rules(gathering: Gathering) -> tokens.Rules:
    return tokens.Rules(gathering.tokens_each, gathering.tokens_per_issue)


def check_mode(gathering: Gathering, mode: CountingMode) -> None:
    """Raise RoomRefused unless people vote now, and vote like that."""
    if gathering.state != GatheringState.VOTING:
        raise not_now(_("La votación no está abierta en este momento."))
    if gathering.mode != mode:
        raise not_now(
            _("En esta reunión se vota de otra manera: %(mode)s.") % {"mode": gathering.get_mode_display()}
        )
