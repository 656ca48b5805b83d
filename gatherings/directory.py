"""The file of organisations: read and checked as a whole, then stored. Bodies only, never persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
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

    Takes «;» or «,» and the letters of any spreadsheet. Raises TableRefused unless every line is right.
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


@transaction.atomic
def load(rows: list[Row]) -> Loaded:
    """Store them: new ones are added, known ones get the kind of the file and are active again."""
    known = {(fold(each.name), each.territory_code): each for each in Organisation.objects.all()}
    fresh, changed = [], []
    for name, kind, code in rows:
        existing = known.get((fold(name), code))
        if existing is None:
            fresh.append(Organisation(name=name, kind=kind, territory_code=code))
            known[fold(name), code] = fresh[-1]
        elif existing.pk and (existing.kind, existing.is_active) != (kind, True):
            existing.kind, existing.is_active = kind, True
            changed.append(existing)
    Organisation.objects.bulk_create(fresh, batch_size=1000)
    Organisation.objects.bulk_update(changed, ["kind", "is_active"], batch_size=1000)
    return Loaded(len(fresh), len(changed), len(rows) - len(fresh) - len(changed))


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
