"""Paper ballots typed one by one, on several tablets: no last writer wins, two versions are shown to all."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Max
from django.utils.translation import gettext as _

from gatherings.models import CastBallot, CountingMode, Gathering
from gatherings.refusals import RoomRefused
from gatherings.room.ballots import Choices, check_mode, checked

PAPER_MOST = 5_000


class Keep(StrEnum):
    """What the room found when it looked at the paper that two tablets typed differently."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both"


def note(gathering: Gathering, number: int, choices: Choices, before: Choices | None) -> None:
    """Note what paper ballot `number` says, issue id → tokens.

    `before` is what the screen showed under that number: who saw it corrects it. A second tablet that
    typed something else under the same number overwrites nothing: its version stands beside the first
    until somebody settles it. Raises RoomRefused for a ballot that breaks the rules, one more than there
    are voters, the same paper once more, and a number that is in dispute.
    """
    check_mode(gathering, CountingMode.BALLOTS)
    _check_number(number)
    kept = checked(gathering, choices)
    known = gathering.cast.filter(number=number).first()
    if known is None:
        _add(gathering, number, kept)
    else:
        _again(known, kept, before)


def remove(gathering: Gathering, number: int, before: Choices | None) -> None:
    """Take a paper ballot out of the count as the screen showed it; twice is the same as once.

    Raises RoomRefused where it says something else by now.
    """
    check_mode(gathering, CountingMode.BALLOTS)
    known = gathering.cast.filter(number=number).first()
    if known is None:
        return
    _check_undisputed(known)
    if before is None or _given(before) != known.choices:
        sentence = _("La papeleta N.º %(number)s dice otra cosa ahora. Ábrela y mírala antes de borrarla.")
        raise RoomRefused("conflict", sentence % {"number": number})
    known.delete()


def settle(gathering: Gathering, number: int, rival: Choices, keep: Keep) -> None:
    """End a dispute as the paper says: the first version, the second (`rival`), or two papers.

    The second of two papers gets the next free number. Raises RoomRefused when the room disputes
    something else by now.
    """
    check_mode(gathering, CountingMode.BALLOTS)
    known = gathering.cast.filter(number=number).first()
    if known is None or known.rival != _given(rival):
        raise RoomRefused("conflict", _("Otra persona ya resolvió esta papeleta. Mírala de nuevo."))
    if keep == Keep.SECOND:
        known.choices = known.rival
    if keep == Keep.BOTH:
        _add(gathering, _next_number(gathering), known.rival)
    known.rival = None
    known.save(update_fields=["choices", "rival"])


def check_settled(gathering: Gathering) -> None:
    """Raise RoomRefused while two tablets say different things of one paper."""
    disputed = gathering.cast.filter(rival__isnull=False).order_by("number").first()
    if disputed:
        _check_undisputed(disputed)


def _again(known: CastBallot, kept: dict[str, int], before: Choices | None) -> None:
    if kept in (known.choices, known.rival):
        _check_same_paper(known, before)
        return
    _check_undisputed(known)
    saw_it = before is not None and _given(before) == known.choices
    changed = {"choices": kept} if saw_it else {"rival": kept}
    CastBallot.objects.filter(pk=known.pk).update(**changed)


def _check_same_paper(known: CastBallot, before: Choices | None) -> None:
    """Two papers may say the same: who did not open this one is asked whether it is another."""
    if before is None:
        sentence = _(
            "La papeleta N.º %(number)s ya está anotada con lo mismo. Si es otro papel, dale otro número."
        )
        raise RoomRefused("conflict", sentence % {"number": known.number})


def _add(gathering: Gathering, number: int, kept: dict[str, int]) -> None:
    if gathering.cast.count() >= gathering.voters:
        raise RoomRefused("ballots", _("Ya están las %(voters)s papeletas.") % {"voters": gathering.voters})
    CastBallot.objects.create(gathering=gathering, number=number, choices=kept)


def _next_number(gathering: Gathering) -> int:
    return (gathering.cast.aggregate(last=Max("number"))["last"] or 0) + 1


def _given(choices: Choices) -> dict[str, object]:
    return {issue: given for issue, given in choices.items() if given}


def _check_number(number: int) -> None:
    if not 1 <= number <= PAPER_MOST:
        raise RoomRefused("number", _("Las papeletas se numeran desde el 1."))


def _check_undisputed(known: CastBallot) -> None:
    if known.rival is not None:
        sentence = _("La papeleta N.º %(number)s tiene dos versiones: miren el papel y elijan una.")
        raise RoomRefused("disputed", sentence % {"number": known.number})
