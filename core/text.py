"""What enters as text: read, or refused with a sentence that names the letter."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from core import letters

LOST = "\ufffd"
AROUND = 15


class TextRefused(BadRequest, ValueError):
    """A text that cannot be kept; the text is one sentence for the person. Unhandled it answers 400."""


def entered(text: str) -> str:
    """The text as it is kept: tidy, and empty when nobody would see it. Raises TextRefused."""
    found = letters.unfit(text)
    if found:
        raise TextRefused(_sentence(text, found.start()))
    return "" if letters.is_blank(text) else letters.tidy(text)


def one_line(text: str) -> str:
    """The same for names and titles: one line without doubled blanks. Raises TextRefused."""
    return " ".join(entered(text).split())


def entered_deep(value: object) -> object:
    """The same for every text of a JSON value, names of its keys too."""
    if isinstance(value, str):
        return entered(value)
    if isinstance(value, list):
        return [entered_deep(each) for each in value]
    if isinstance(value, dict):
        return {entered(name): entered_deep(each) for name, each in value.items()}
    return value


def _sentence(text: str, at: int) -> str:
    near = "".join(each if each.isprintable() else "·" for each in text[max(0, at - AROUND) : at + AROUND])
    told = {"near": near, "letter": letters.name_of(text[at])}
    if text[at] == LOST:
        return _("En «%(near)s» hay letras que se perdieron (�): envía el texto en UTF-8.") % told
    return _("En «%(near)s» hay una letra que no se puede guardar (%(letter)s): bórrala.") % told
