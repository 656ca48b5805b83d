"""The passages of the acta in words: agreements, dissent, what was not accepted and why."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from gatherings.models import Acta, ActaState, Gathering, GatheringState, Minute, MinuteKind
from gatherings.refusals import RoomRefused, not_now

MOST = 40


def note(gathering: Gathering, minute: Minute) -> Minute:
    """Write one thing down; raises RoomRefused when something is missing or the acta was read."""
    _check_writable(gathering)
    if minute.kind == MinuteKind.AGREEMENT and not (minute.office and minute.due):
        raise RoomRefused("agreement", _("Un acuerdo lleva quién responde y para qué fecha."))
    if minute.kind == MinuteKind.DECLINED and not minute.reason:
        raise RoomRefused("declined", _("Escribe por qué no se aceptó."))
    if gathering.minutes.count() >= MOST:
        raise RoomRefused("many", _("El acta ya tiene %(most)s anotaciones.") % {"most": MOST})
    minute.gathering = gathering
    minute.save(force_insert=True)
    return minute


def strike(gathering: Gathering, minute_id: int) -> None:
    """Take one thing out again, as long as the acta was not read."""
    _check_writable(gathering)
    gathering.minutes.filter(pk=minute_id).delete()


def read_day(written: object) -> dt.date | None:
    """A day written as 2026-11-22, or nothing; raises RoomRefused."""
    if written in (None, ""):
        return None
    try:
        return dt.date.fromisoformat(written) if isinstance(written, str) else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> dt.date:
    raise RoomRefused("day", _("Escribe la fecha completa: día, mes y año."))


def _check_writable(gathering: Gathering) -> None:
    if gathering.state in (GatheringState.PLANNED, GatheringState.CANCELLED):
        raise not_now(_("Los acuerdos se anotan con la reunión abierta."))
    if Acta.objects.filter(gathering=gathering).exclude(state=ActaState.DRAFT).exists():
        raise not_now(_("El acta ya se leyó: lo que falte va en un addendum."))
