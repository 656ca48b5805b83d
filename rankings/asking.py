"""Who asked that a problem pass before others: nobody, an organisation, an office or a registered audience.

Never a person: whoever asks on their own account does so in an audience of the Ley del Lobby, whose
number leads to the public register.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Department
from gatherings.models import Organisation

# Institution, AW and seven digits, as leylobby.gob.cl writes it: MU163AW1234567.
AUDIENCE = r"^[A-Z]{2}[0-9]{3}AW[0-9]{7}$"
MAX_ASKER = 160


class AskedBy(models.TextChoices):
    """The kinds of those who ask."""

    NOBODY = "nobody", gettext_lazy("nadie: lo decide la oficina")
    ORGANISATION = "organisation", gettext_lazy("una organización del registro")
    OFFICE = "office", gettext_lazy("una dirección municipal")
    AUDIENCE = "audience", gettext_lazy("una audiencia de la Ley del Lobby")


class AskerRefused(ValueError):
    """Who asked cannot be written so; the text is one sentence for the person."""


class WhoAsked(NamedTuple):
    """The kind, and the organisation, office or audience number; empty for nobody."""

    asked_by: str
    asker: str = ""

    @property
    def sentence(self) -> str:
        """As people read it."""
        return sentence(self.asked_by, self.asker)


NOBODY = WhoAsked(AskedBy.NOBODY.value)


def says_who_asked() -> Q:
    """The rows that say who asked, as a constraint of the database says it."""
    named = Q(asked_by__in=[AskedBy.ORGANISATION, AskedBy.OFFICE]) & Q(asker__regex=r"[[:alnum:]]")
    return Q(asked_by=AskedBy.NOBODY, asker="") | named | Q(asked_by=AskedBy.AUDIENCE, asker__regex=AUDIENCE)


def who_asked(asked_by: str, asker: str) -> WhoAsked:
    """Read what was written; an organisation or office is written as its register has it.

    Raises AskerRefused for one that no register has, and for anything beside «nobody».
    """
    asker = " ".join(asker.split())
    if asked_by == AskedBy.NOBODY:
        return _nobody(asker)
    if asked_by == AskedBy.AUDIENCE:
        return _audience(asker.upper())
    if asked_by in (AskedBy.ORGANISATION, AskedBy.OFFICE):
        return WhoAsked(asked_by, _registered(asked_by, asker))
    raise AskerRefused(_("Di quién lo pidió: nadie, una organización, una dirección o una audiencia."))


def sentence(asked_by: str, asker: str) -> str:
    """Who asked, as people read it; empty where a list of format 1 does not say it."""
    if asked_by == AskedBy.NOBODY:
        return _("no lo pidió nadie de fuera")
    if asked_by == AskedBy.AUDIENCE:
        return _("pedido en la audiencia %(number)s de la Ley del Lobby") % {"number": asker}
    return _("lo pidió %(name)s") % {"name": asker} if asked_by else ""


def _nobody(asker: str) -> WhoAsked:
    if asker:
        raise AskerRefused(_("Si no lo pidió nadie, deja vacío el nombre."))
    return NOBODY


def _audience(number: str) -> WhoAsked:
    if not re.match(AUDIENCE, number):
        raise AskerRefused(_("Escribe el número de la audiencia como está en el registro: MU163AW1234567."))
    return WhoAsked(AskedBy.AUDIENCE.value, number)


def _registered(asked_by: str, asker: str) -> str:
    register = Organisation.objects if asked_by == AskedBy.ORGANISATION else Department.objects
    name = register.filter(name__iexact=asker[:MAX_ASKER]).values_list("name", flat=True).first()
    if name is None:
        raise AskerRefused(
            _("Ese nombre no está en el registro: las personas piden en una audiencia de la Ley del Lobby.")
        )
    return name
