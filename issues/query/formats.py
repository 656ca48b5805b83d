"""The one registry of the formats in which rows of problems leave: public data, desk and export jobs read it.

A new format is one line here and its writer.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from issues.models import IssueQuerySet
from issues.query.features import geojson_parts
from issues.query.files import (
    COLUMNS,
    MOST_ON_A_SHEET,
    Column,
    Progress,
    csv_lines,
    refuse_more_than,
    write_csv,
    write_geopackage,
    write_xlsx,
)
from territories.media_types import MEDIA_TYPES

Writer = Callable[[Path, IssueQuerySet, Sequence[Column], Progress | None], None]


@dataclass(frozen=True)
class Format:
    """How rows of problems are written, what the format is called and how much it bears."""

    # The ending of the name, and the name in addresses.
    code: str
    label: str
    hint: str | Promise
    # Streamed to who asks, in pieces of text.
    lines: Callable[..., Iterator[str]] | None = None
    # Written to a path, with the number of rows so far told to `progress`: any columns, any length.
    write: Writer | None = None
    # Rows that somebody waits for, and rows it can hold at all; None: any number.
    most_at_once: int | None = None
    most: int | None = None

    @property
    def media_type(self) -> str:
        """For the header of an answer."""
        return MEDIA_TYPES[self.code]

    def whole(self, issues: IssueQuerySet, columns: Sequence[Column] = COLUMNS) -> bytes:
        """The file, made while somebody waits; raises TooMany."""
        assert self.write is not None
        if self.most_at_once:
            refuse_more_than(self.most_at_once, issues)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"problemas.{self.code}"
            self.write(path, issues, columns, None)
            return path.read_bytes()


FORMATS = {
    each.code: each
    for each in (
        Format(
            "csv", "CSV", _("Para planillas: punto y coma, coma decimal."), lines=csv_lines, write=write_csv
        ),
        Format(
            "xlsx",
            "XLSX",
            _("Planilla con fechas y números de verdad."),
            write=write_xlsx,
            most_at_once=50_000,
            most=MOST_ON_A_SHEET,
        ),
        Format("geojson", "GeoJSON", _("Para mapas en la web (RFC 7946)."), lines=geojson_parts),
        Format(
            "gpkg",
            "GeoPackage",
            _("Para QGIS y otros programas de mapas."),
            write=write_geopackage,
            most_at_once=200_000,
        ),
    )
}
# Of any columns and any length: what the desk offers and prepares in the background.
WRITTEN = {code: each for code, each in FORMATS.items() if each.write}
