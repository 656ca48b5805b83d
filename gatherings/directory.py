"""The file of organisations: read and checked as a whole, then stored. Bodies only, never persons."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from gatherings.models import Organisation
from territories.geo import plain
from territories.models import Territory

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
NAME_MOST, KIND_MOST = 160, 80
COLUMNS = ("nombre", "tipo", "barrio")
# Columns that identify a person; a file that has one is refused as a whole.
PERSONAL = ("rut", "telefono", "celular", "correo", "email", "presidente", "presidenta", "representante")
Row = tuple[str, str, int | None]


class DirectoryRefused(ValueError):
    """A file of organisations that cannot be taken as it is; the text is one sentence that names the line."""


@dataclass(frozen=True)
class Loaded:
    """How many organisations were new, changed kind or came back, and were known already."""

    added: int
    rewritten: int
    kept: int


def read_organisations(path: Path) -> list[Row]:
    """Name, kind and neighbourhood code (None: the whole commune) of every line, each body once.

    Takes «;» or «,», UTF-8 or Latin-1. Raises DirectoryRefused unless every line is right.
    """
    reader = csv.DictReader(io.StringIO(_text(path)), delimiter=_delimiter(path), strict=True)
    _check_columns([plain(name or "") for name in reader.fieldnames or ()])
    reader.fieldnames = [plain(name or "") for name in reader.fieldnames or ()]
    codes = _codes()
    try:
        rows = [_row(number, row, codes) for number, row in enumerate(reader, start=2)]
    except csv.Error as error:
        raise DirectoryRefused(_("El archivo no es un CSV bien formado: revisa las comillas.")) from error
    if not rows:
        raise DirectoryRefused(_("El archivo no tiene ninguna organización."))
    return list(dict.fromkeys(rows))


@transaction.atomic
def load(rows: list[Row]) -> Loaded:
    """Store them: new ones are added, known ones get the kind of the file and are active again."""
    known = {(plain(each.name), each.territory_code): each for each in Organisation.objects.all()}
    fresh, changed = [], []
    for name, kind, code in rows:
        existing = known.get((plain(name), code))
        if existing is None:
            fresh.append(Organisation(name=name, kind=kind, territory_code=code))
            known[plain(name), code] = fresh[-1]
        elif existing.pk and (existing.kind, existing.is_active) != (kind, True):
            existing.kind, existing.is_active = kind, True
            changed.append(existing)
    Organisation.objects.bulk_create(fresh, batch_size=1000)
    Organisation.objects.bulk_update(changed, ["kind", "is_active"], batch_size=1000)
    return Loaded(len(fresh), len(changed), len(rows) - len(fresh) - len(changed))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DirectoryRefused(_("El archivo pesa más de 5 MB: no parece el correcto."))
        raw = path.read_bytes()
    except OSError as error:
        raise DirectoryRefused(_("No se puede leer %(path)s.") % {"path": path}) from error
    if b"\x00" in raw:
        raise DirectoryRefused(_("El archivo no es texto: guárdalo como CSV."))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _delimiter(path: Path) -> str:
    first = _text(path).partition("\n")[0]
    return ";" if first.count(";") >= first.count(",") else ","


def _check_columns(names: list[str]) -> None:
    if personal := [name for name in names if name in PERSONAL]:
        raise DirectoryRefused(
            _("El archivo trae datos de personas (%(column)s): quita esa columna.") % {"column": personal[0]}
        )
    if missing := [name for name in COLUMNS if name not in names]:
        raise DirectoryRefused(_("Falta la columna «%(column)s».") % {"column": missing[0]})


def _codes() -> dict[str, int]:
    current = list(Territory.objects.current().values_list("code", "name"))
    return {plain(name): code for code, name in current} | {str(code): code for code, _name in current}


def _row(number: int, row: Mapping[str, str | None], codes: Mapping[str, int]) -> Row:
    if number > MAX_ROWS:
        raise DirectoryRefused(_("El archivo tiene más de %(most)s líneas.") % {"most": MAX_ROWS})
    name, kind, where = (" ".join((row.get(column) or "").split()) for column in COLUMNS)
    if not name or len(name) > NAME_MOST or len(kind) > KIND_MOST:
        raise DirectoryRefused(_("Línea %(line)s: falta el nombre o es demasiado largo.") % {"line": number})
    if where and plain(where) not in codes:
        facts = {"line": number, "territory": where[:60]}
        raise DirectoryRefused(_("Línea %(line)s: no hay un barrio «%(territory)s».") % facts)
    return name, kind or _("organización comunitaria"), codes.get(plain(where))
