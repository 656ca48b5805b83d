"""The second typing of a count, and both laid side by side once each is whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.commitments import new_salt
from gatherings import twice
from gatherings.models import (
    BallotItem,
    CastBallot,
    CountingMode,
    Gathering,
    GatheringState,
    PaperAgain,
    Side,
)
from gatherings.refusals import RoomRefused, not_now
from gatherings.room.ballots import Choices, check_mode, checked

TYPED = (CountingMode.TOKENS, CountingMode.HANDS, CountingMode.BALLOTS)
FIELDS = {Side.FIRST: ("tokens", "people"), Side.SECOND: ("tokens_again", "people_again")}


def figures(item: BallotItem, side: Side) -> tuple[int | None, int | None]:
    """Tokens and people of one problem as one side typed them."""
    given, people = (getattr(item, field) for field in FIELDS[side])
    return given, people


def note_paper(gathering: Gathering, number: int, choices: Choices, before: Choices | None) -> None:
    """Note what paper `number` says in the second count, issue id → tokens; `before` is what it showed.

    Raises RoomRefused for a ballot that breaks the rules, one more than there are voters, and where this
    count says something else by now.
    """
    check_mode(gathering, CountingMode.BALLOTS)
    kept = checked(gathering, choices)
    known = gathering.cast_again.filter(number=number).first()
    _check_unchanged(number, known, before)
    if known is None and gathering.cast_again.count() >= gathering.voters:
        raise RoomRefused("ballots", _("Ya están las %(voters)s papeletas.") % {"voters": gathering.voters})
    PaperAgain.objects.update_or_create(gathering=gathering, number=number, defaults={"choices": kept})


def remove_paper(gathering: Gathering, number: int, before: Choices | None) -> None:
    """Take a paper out of the second count as the screen showed it. Raises RoomRefused where it says else."""
    check_mode(gathering, CountingMode.BALLOTS)
    known = gathering.cast_again.filter(number=number).first()
    if known is None:
        return
    _check_unchanged(number, known, before)
    known.delete()


def typings(gathering: Gathering) -> dict[Side, dict[str, object]]:
    """What each side typed: by the reference of a problem, or by the number of a paper."""
    if gathering.mode == CountingMode.BALLOTS:
        return {Side.FIRST: _papers(gathering.cast.all()), Side.SECOND: _papers(gathering.cast_again.all())}
    items = list(gathering.ballot.select_related("issue"))
    return {
        side: {
            item.issue.reference: list(figures(item, side))
            for item in items
            if figures(item, side)[0] is not None
        }
        for side in Side
    }


def compare(gathering: Gathering, now: dt.datetime | None = None) -> None:
    """Lay both counts side by side, once each is whole; from here on each side sees where they differ.

    Raises RoomRefused while one of them misses something.
    """
    if gathering.state != GatheringState.VOTING or gathering.mode not in TYPED:
        raise not_now(_("Los dos conteos se comparan durante la votación."))
    if gathering.typings:
        return
    typed = typings(gathering)
    _check_whole(gathering, typed)
    salt = new_salt()
    gathering.typings = {
        "at": timezone.localtime(now).isoformat(timespec="seconds"),
        "salt": salt,
        "first": twice.typing_digest(_told(gathering, typed[Side.FIRST]), salt),
        "second": twice.typing_digest(_told(gathering, typed[Side.SECOND]), salt),
        "differences": len(twice.differences(typed[Side.FIRST], typed[Side.SECOND])),
    }


def differing(gathering: Gathering) -> list[str]:
    """The problems (references) or papers (numbers) that are not alike yet; nothing before both compared."""
    if gathering.mode not in TYPED or not gathering.typings:
        return []
    typed = typings(gathering)
    return twice.differences(typed[Side.FIRST], typed[Side.SECOND])


def check_alike(gathering: Gathering) -> None:
    """Raise RoomRefused unless what was typed by hand was typed twice, compared and is alike."""
    if gathering.mode not in TYPED:
        return
    if not gathering.typings:
        raise RoomRefused(
            "twice", _("Falta el segundo conteo: otra persona anota todo de nuevo y se comparan.")
        )
    if differing(gathering):
        raise RoomRefused(
            "twice",
            _("Los dos conteos todavía no dicen lo mismo: vean las diferencias y corrija quien se equivocó."),
        )


def forget(gathering: Gathering) -> None:
    """Throw the second typing away (`typings` is not stored yet): it will be typed again."""
    gathering.ballot.update(tokens_again=None, people_again=None)
    gathering.cast_again.all().delete()
    gathering.typings = None


def _told(gathering: Gathering, typed: Mapping[str, object]) -> object:
    """What the digest of a typing is taken over: totals, or the ballots by their content alone."""
    if gathering.mode != CountingMode.BALLOTS:
        return typed
    return by_reference(gathering, typed.values())


def by_reference(gathering: Gathering, ballots: Iterable[object]) -> list[dict[str, int]]:
    """Ballots of issue id → tokens as ballots of reference → tokens, by their content."""
    names = {str(item.issue_id): item.issue.reference for item in gathering.ballot.select_related("issue")}
    return twice.by_content(
        {names[issue]: given for issue, given in ballot.items()}
        for ballot in ballots
        if isinstance(ballot, dict)
    )


def _papers(kept: QuerySet[CastBallot] | QuerySet[PaperAgain]) -> dict[str, object]:
    return {str(number): choices for number, choices in kept.values_list("number", "choices")}


def _check_whole(gathering: Gathering, typed: Mapping[Side, Mapping[str, object]]) -> None:
    first, second = (len(typed[side]) for side in Side)
    whole = gathering.ballot.count() if gathering.mode != CountingMode.BALLOTS else max(first, second, 1)
    for side, many in ((Side.FIRST, first), (Side.SECOND, second)):
        if many < whole:
            facts = {"count": side.label, "many": many, "whole": whole}
            raise RoomRefused("whole", _("Al %(count)s le falta: lleva %(many)s de %(whole)s.") % facts)


def _check_unchanged(number: int, known: PaperAgain | None, before: Choices | None) -> None:
    shown = None if before is None else {issue: given for issue, given in before.items() if given}
    if known is not None and shown != known.choices:
        sentence = _("La papeleta N.º %(number)s dice otra cosa ahora. Ábrela y mírala antes de cambiarla.")
        raise RoomRefused("conflict", sentence % {"number": number})
