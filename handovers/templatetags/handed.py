"""Small words of the desk's templates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from handovers.query.filters import NO_PLACE
from issues.index import display
from issues.models import CLOSING_CHOICES

register = template.Library()


@register.filter
def score(i3: int | None) -> str:
    """The index as shown, «73,3», or a dash."""
    return number_format(display(i3), 1) if i3 is not None else "—"


@register.filter
def place_number(place: int | None) -> str:
    """A place, «U» in the urgent lane, a dash without one."""
    if place is None or place == NO_PLACE:
        return "—"
    return str(place) if place else _("U")


@register.filter(expects_localtime=True)
def day(value: dt.date | None) -> str:
    """A day as «22-11-2026», or a dash; for tables, where the general filter costs more than the rest."""
    return value.strftime("%d-%m-%Y") if value else "—"


@register.filter(expects_localtime=True)
def iso_day(value: dt.date) -> str:
    """A day as programs read it."""
    return value.strftime("%Y-%m-%d")


@register.filter
def closing_label(kind: str) -> str:
    """The words of a way of closing."""
    return str(dict(CLOSING_CHOICES).get(kind, kind))


@register.filter
def pesos(amount: int | Decimal | None) -> str:
    """Chilean pesos, «$1.234.500»."""
    return "—" if amount is None else "$" + number_format(amount, 0, force_grouping=True)


@register.filter
def get(mapping: dict, key: str) -> object:
    """A value of a dictionary by a variable key; empty when absent."""
    return mapping.get(key, "")
