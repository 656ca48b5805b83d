"""Reading what a screen of the room sent: JSON of any shape in, checked values out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from gatherings.refusals import RoomRefused
from gatherings.tokens import COUNT_MAX

Body = Mapping[str, Any]


def whole(body: Body, field: str, *, most: int = COUNT_MAX) -> int:
    """A whole number from 0 to `most`; raises RoomRefused with a sentence."""
    value = body.get(field)
    if type(value) is not int:
        raise RoomRefused("not_whole", _("Escribe un número entero, sin letras ni decimales."))
    if value < 0:
        raise RoomRefused("negative", _("Un conteo no puede ser negativo."))
    if value > most:
        raise RoomRefused("too_many", _("El número es demasiado grande: a lo más %(most)s.") % {"most": most})
    return value


def whole_or_none(body: Body, field: str) -> int | None:
    """A whole number from 0, or nothing."""
    return None if body.get(field) is None else whole(body, field)


def row(body: Body, field: str) -> int:
    """The number of a stored row."""
    return whole(body, field, most=2**62)


def text(body: Body, field: str, *, most: int, empty: str = "") -> str:
    """One trimmed text of at most `most` letters; `empty` is the sentence for a missing one, if it must be.

    Raises RoomRefused when it is not text, too long or missing.
    """
    value = body.get(field, "")
    if not isinstance(value, str):
        raise RoomRefused("text", _("No entendimos lo enviado. Recarga la página e inténtalo de nuevo."))
    value = value.strip()
    if len(value) > most:
        raise RoomRefused(
            "text", _("El texto es demasiado largo: a lo más %(most)s letras.") % {"most": most}
        )
    if empty and not value:
        raise RoomRefused("text", empty)
    return value


def code(body: Body) -> str:
    """The code that somebody holds in hand, or nothing; raises RoomRefused for what is no text."""
    return text(body, "code", most=40)


def texts(body: Body, field: str, *, most: int, each: int) -> list[str]:
    """At most `most` texts of at most `each` letters, without empty ones; else raises RoomRefused."""
    values = body.get(field)
    if not isinstance(values, list) or len(values) > most:
        raise RoomRefused(
            "list", _("No entendimos la lista enviada. Recarga la página e inténtalo de nuevo.")
        )
    read = [text({"value": value}, "value", most=each) for value in values]
    return [value for value in read if value]


def one_of(body: Body, field: str, allowed: type[StrEnum | TextChoices]) -> str:
    """One word of a closed list; raises RoomRefused for another."""
    value = body.get(field)
    if not isinstance(value, str) or value not in {str(each) for each in allowed}:
        raise RoomRefused("choice", _("Elige una de las opciones que se muestran."))
    return value


def identifier(value: object) -> uuid.UUID:
    """A UUID written as text."""
    try:
        return uuid.UUID(value) if isinstance(value, str) else _no_identifier()
    except ValueError:
        return _no_identifier()


def _no_identifier() -> uuid.UUID:
    raise RoomRefused("identifier", _("Falta saber de qué problema se trata. Recarga la página."))
