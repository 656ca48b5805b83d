"""What a glance says of a text. Imports no Django but its translations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Whether a folded name is that of a street, school or other place.
IsPlace = Callable[[str], bool]


class Kind(StrEnum):
    """What a text may show of a person."""

    NAME = "name"
    RUT = "rut"
    CONTACT = "contact"
    HOME = "home"
    INSULT = "insult"

    @property
    def label(self) -> Promise:
        """As the page calls it."""
        return LABELS[self]


LABELS = {
    Kind.NAME: _("nombre de una persona"),
    Kind.RUT: _("RUT"),
    Kind.CONTACT: _("teléfono o correo"),
    Kind.HOME: _("dirección de una persona"),
    Kind.INSULT: _("insulto"),
}


@dataclass(frozen=True, order=True)
class Hint:
    """Letters `start` to `end` look like this."""

    start: int
    end: int
    kind: Kind
