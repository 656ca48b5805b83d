"""What a boundary file does not say about itself: name, source, licence, date, how sure it is."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from territories.importing.intake import is_file


class BadMetadata(ValueError):
    """A sidecar that cannot be read; the text is one sentence."""


@dataclass(frozen=True)
class Metadata:
    """About a set of boundaries; empty means «not given»."""

    name: str = ""
    source: str = ""
    licence: str = ""
    approximate: bool = False
    drawn_on: dt.date | None = None
    population_source: str = ""

    def updated(self, **fields: Any) -> Metadata:
        """The same with every explicitly given value."""
        return replace(
            self, **{key: value for key, value in fields.items() if value not in (None, "", False)}
        )


def read_sidecar(path: Path) -> Metadata:
    """Read `<same name>.json` next to a file, if there is one; raises BadMetadata.

    A sidecar is an object without «type»: a GeoJSON file of that name is none.
    """
    sidecar = path.with_suffix(".json") if path.name else path
    if sidecar == path or not is_file(sidecar):
        return Metadata()
    try:
        data = json.loads(sidecar.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadMetadata(_("No se entiende la ficha «%(file)s».") % {"file": sidecar.name}) from error
    return Metadata() if not isinstance(data, dict) or "type" in data else _read(data, sidecar.name)


def _read(data: dict[str, Any], file: str) -> Metadata:
    known = {field.name for field in fields(Metadata)}
    kept = {key: value for key, value in data.items() if key in known}
    try:
        kept["drawn_on"] = dt.date.fromisoformat(kept["drawn_on"]) if kept.get("drawn_on") else None
    except (TypeError, ValueError) as error:
        raise BadMetadata(
            _("La fecha de la ficha «%(file)s» debe ser AAAA-MM-DD.") % {"file": file}
        ) from error
    if any(not _fits(key, value) for key, value in kept.items()):
        raise BadMetadata(_("La ficha «%(file)s» trae un dato que no sirve.") % {"file": file})
    return Metadata(**kept)


def _fits(key: str, value: Any) -> bool:
    """Whether a value is of its kind and a database can keep it."""
    if key == "drawn_on":
        return value is None or isinstance(value, dt.date)
    if key == "approximate":
        return isinstance(value, bool)
    return isinstance(value, str) and value.isprintable()
