"""The file of organisations: read and checked as a whole, then stored. Bodies only, never persons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from core.letters import fold
from core.tables import Table, TableRefused
from gatherings.models import Organisation
from territories.models import Territory

MAX_ROWS = 20_000
NAME_MOST, KIND_MOST = 160, 80
COLUMNS = ("nombre", "tipo", "barrio")
# Columns that identify a person; a file that has one is refused as a whole.
PERSONAL = ("rut", "telefono", "celular", "correo", "email", "presidente", "presidenta", "representante")
Row = tuple[str, str, int | None]
_BOARD = re.compile(r"\b(?:j ?j ?v ?v|junta vecinal|junta de vecin[oa]s(?: y vecin[oa]s)?)\b")
_NUMBER = re.compile(r"\b(?:n ?o?|num|numero) ?(?=\d)")
_ZEROS = re.compile(r"\b0+(?=\d)")


class DirectoryRefused(TableRefused):
    """A file of organisations that cannot be taken as it is; the text is one sentence that names the line."""


@dataclass(frozen=True)
class Loaded:
    """How many organisations were new, changed kind or came back, and were known already."""

    added: int
    rewritten: int
    kept: int


def read_organisations(path: Path) -> list[Row]:
    """Name, kind and neighbourhood code (None: the whole commune) of every line, each body once.

    Takes «;» or «,» and the letters of any spreadsheet. Raises TableRefused (DirectoryRefused
    is one) unless every line is right.
    """
    table = Table(path)
    named = {fold(column): column for column in table.columns}
    _check_columns(list(named))
    codes = _codes()
    rows = [_row(line, [row[named[each]] for each in COLUMNS], codes) for line, row in table.rows()]
    if not rows:
        raise DirectoryRefused(_("El archivo no tiene ninguna organización."))
    if len(rows) > MAX_ROWS:
        raise DirectoryRefused(_("El archivo tiene más de %(most)s líneas.") % {"most": MAX_ROWS})
    return list(dict.fromkeys(rows))


def same_name(name: str) -> str:
    """A name as it is compared: without case, accents and signs, «JJ.VV.» written out, «N.º 04» as «4»."""
    written = _BOARD.sub("junta de vecinos", fold(name))
    return _ZEROS.sub("", _NUMBER.sub("", written)) or name


def meant_in_room(name: str, kind: str, code: int | None) -> Organisation:
    """Whom a name typed in a room of neighbourhood `code` means: of the register, else a provisional one."""
    wanted = same_name(name)
    here = Organisation.objects.filter(Q(territory_code=code) | Q(territory_code__isnull=True))
    best_first = here.order_by("is_provisional", "-is_active", F("territory_code").asc(nulls_last=True), "pk")
    known = next((each for each in best_first if same_name(each.name) == wanted), None)
    return known or Organisation.objects.create(
        name=name, kind=kind, territory_code=code, is_provisional=True
    )


@transaction.atomic
def load(rows: list[Row]) -> Loaded:
    """Store them: new ones are added, known ones get the kind of the file and are active again."""
    bodies = Organisation.objects.order_by("-is_provisional", "pk")
    known = {(same_name(each.name), each.territory_code): each for each in bodies}
    fresh, changed = [], []
    for name, kind, code in rows:
        existing = known.get((same_name(name), code))
        if existing is None:
            fresh.append(Organisation(name=name, kind=kind, territory_code=code))
            known[same_name(name), code] = fresh[-1]
        elif existing.pk and (existing.kind, existing.may_vote) != (kind, True):
            _take_up(existing, name, kind)
            changed.append(existing)
    Organisation.objects.bulk_create(fresh, batch_size=1000)
    fields = ["name", "kind", "is_active", "is_provisional"]
    Organisation.objects.bulk_update(changed, fields, batch_size=1000)
    return Loaded(len(fresh), len(changed), len(rows) - len(fresh) - len(changed))


def _take_up(known: Organisation, name: str, kind: str) -> None:
    """What the register says of a body; one that a room typed gets the name of the register."""
    known.name = name if known.is_provisional else known.name
    known.kind, known.is_active, known.is_provisional = kind, True, False


def _check_columns(names: list[str]) -> None:
    if personal := [name for name in names if name in PERSONAL]:
        raise DirectoryRefused(
            _("El archivo trae datos de personas (%(column)s): quita esa columna.") % {"column": personal[0]}
        )
    if missing := [name for name in COLUMNS if name not in names]:
        raise DirectoryRefused(_("Falta la columna «%(column)s».") % {"column": missing[0]})


def _codes() -> dict[str, int]:
    current = list(Territory.objects.current().values_list("code", "name"))
    return {fold(name): code for code, name in current} | {str(code): code for code, _name in current}


def _row(line: int, cells: Sequence[str], codes: Mapping[str, int]) -> Row:
    name, kind, where = cells
    if not name or len(name) > NAME_MOST or len(kind) > KIND_MOST:
        raise DirectoryRefused(_("Línea %(line)s: falta el nombre o es demasiado largo.") % {"line": line})
    key = str(int(where)) if where.isascii() and where.isdecimal() else fold(where)
    if where and key not in codes:
        facts = {"line": line, "territory": where[:60]}
        raise DirectoryRefused(_("Línea %(line)s: no hay un barrio «%(territory)s».") % facts)
    return name, kind or _("organización comunitaria"), codes.get(key)
