"""Saved and shared views of the desk: an address with a name."""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from core.gate import read_query
from handovers.models import SavedView
from handovers.query.filters import KNOWN, desk

MAX_NAME = 60
MAX_QUERY = 2000
MAX_VIEWS = 100


class ViewRefused(ValueError):
    """A view that cannot be saved; the text is one sentence for the person."""


def known_part(params: QueryDict) -> str:
    """The part of an address that the desk understands, without empty values and pages."""
    kept = QueryDict(mutable=True)
    for name in KNOWN:
        values = [value for value in params.getlist(name) if value.strip()]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


@transaction.atomic
def save_view(
    user: User, name: str, query: str, *, is_shared: bool = False, is_home: bool = False
) -> SavedView:
    """Keep an address under a name; the same name again replaces it. Raises ViewRefused or BadFilter."""
    name, kept = " ".join(name.split()), known_part(read_query(query))
    _check(user, name, kept)
    desk(user, QueryDict(kept))
    if is_home:
        SavedView.objects.filter(owner=user, is_home=True).update(is_home=False)
    made, _created = SavedView.objects.update_or_create(
        owner=user, name=name, defaults={"query": kept, "is_shared": is_shared, "is_home": is_home}
    )
    return made


def home_of(user: User) -> str:
    """The address this person's desk starts with, or empty."""
    return SavedView.objects.filter(owner=user, is_home=True).values_list("query", flat=True).first() or ""


def _check(user: User, name: str, query: str) -> None:
    if not 1 <= len(name) <= MAX_NAME:
        raise ViewRefused(_("Ponle un nombre de 1 a 60 letras."))
    if len(query) > MAX_QUERY:
        raise ViewRefused(_("Esa vista tiene demasiados filtros para guardarla."))
    others = SavedView.objects.filter(owner=user).exclude(name=name)
    if others.count() >= MAX_VIEWS:
        raise ViewRefused(_("Ya tienes 100 vistas: borra alguna."))
