"""Rows of problems as files: CSV, XLSX, GeoPackage, with any columns; public data and desk share it.

No cell is ever a formula: text that a spreadsheet would run is written with an apostrophe before it
(CSV) or typed as text (XLSX, GeoPackage); numbers stay numbers. Coordinates are degrees, EPSG:4326.
"""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import geopandas
import shapely
import xlsxwriter
from django.conf import settings
from django.db.models import FloatField, Func, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.index import display
from issues.models import CLOSING_LABELS, STATUS_LABELS, IssueQuerySet, Origin

CHUNK = 2000
# Beyond these a file takes too long to make while somebody waits; CSV has no limit.
MAX_XLSX, MAX_GEOPACKAGE = 50_000, 200_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"
LATITUDE, LONGITUDE = "latitud", "longitud"

Cell = str | int | float | Decimal | dt.date | None
Row = list[Cell]


class TooMany(ValueError):
    """More problems than this kind of file is made for; the text says what to take instead."""


@dataclass(frozen=True)
class Column:
    """One column: its heading, where its value comes from, how it becomes a cell."""

    name: str
    source: object
    read: Callable = lambda value: value
    # Of the column in a workbook, in letters.
    width: int = 14


def longitude() -> Func:
    """Expression: degrees east."""
    return Func("location", function="ST_X", output_field=FloatField())


def latitude() -> Func:
    """Expression: degrees north."""
    return Func("location", function="ST_Y", output_field=FloatField())


def day(moment: dt.datetime | None) -> dt.date | None:
    """The day of a moment in the commune."""
    return timezone.localdate(moment) if moment else None


def label(labels: dict) -> Callable:
    """Reads a code as its words."""
    return lambda value: str(labels.get(value, value))


COLUMNS = (
    Column("folio", "reference"),
    Column("problema", "title", width=40),
    Column("descripcion", "description", width=50),
    Column("grupo", "category__group__name"),
    Column("categoria_codigo", "category__code"),
    Column("categoria", "category__name", width=30),
    Column("barrio_codigo", "territory__code"),
    Column("barrio", "territory__name"),
    Column("lugar", "address", width=30),
    Column("estado", "status", label(STATUS_LABELS)),
    Column("tipo_de_cierre", "closing_kind", label(CLOSING_LABELS)),
    Column("estado_desde", "status_since", day),
    Column("direccion_municipal", "department__name"),
    Column("puntaje", "index", lambda i3: None if i3 is None else display(i3)),
    Column("gravedad", "severity"),
    Column("alcance", "reach"),
    Column("tiempo", "duration"),
    Column("vulnerabilidad", "vulnerability"),
    Column("apoyos", "support_count"),
    Column("origen", "origin", label(dict(Origin.choices))),
    Column("informado", "reported_at", day),
    Column("actualizado", "updated_at", day),
    Column("compromiso", "committed_date"),
    Column(LATITUDE, latitude, lambda degrees: round(degrees, 6)),
    Column(LONGITUDE, longitude, lambda degrees: round(degrees, 6)),
    Column("direccion_web", "reference", lambda reference: f"{settings.SITE_URL}/problemas/{reference}/"),
)


def headings(columns: Sequence[Column]) -> list[str]:
    """The first line of a file."""
    return [column.name for column in columns]


def rows(issues: IssueQuerySet, columns: Sequence[Column] = COLUMNS) -> Iterator[Row]:
    """The cells of each problem in the order of `columns`, read in chunks; oldest first unless ordered."""
    sources = {
        f"c{at}": column.source() if callable(column.source) else column.source
        for at, column in enumerate(columns)
    }
    computed = {name: source for name, source in sources.items() if not isinstance(source, str)}
    paths = [name if name in computed else source for name, source in sources.items()]
    found: QuerySet = issues if issues.query.order_by else issues.order_by("reported_at", "id")
    found = found.annotate(**computed).values_list(*paths)
    for row in found.iterator(chunk_size=CHUNK):
        yield [column.read(value) for column, value in zip(columns, row, strict=True)]


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(
    issues: IssueQuerySet, columns: Sequence[Column] = COLUMNS, *, dialect: str = ""
) -> Iterator[str]:
    """CSV for people (`;`, BOM, comma as decimal mark) or, with «rfc4180», for programs."""
    for_programs = dialect == "rfc4180"
    write = csv.writer(_Echo(), delimiter="," if for_programs else ";", lineterminator="\r\n").writerow
    spell = _for_programs if for_programs else _for_people
    yield ("" if for_programs else BOM) + write(headings(columns))
    for row in rows(issues, columns):
        yield write([spell(cell) for cell in row])


def _for_programs(cell: Cell) -> str | int | float | Decimal:
    if cell is None:
        return ""
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return harmless(cell) if isinstance(cell, str) else cell


def _for_people(cell: Cell) -> str | int:
    if isinstance(cell, dt.date):
        return cell.strftime("%d-%m-%Y")
    if isinstance(cell, float | Decimal):
        return str(cell).replace(".", ",")
    return _for_programs(cell)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet could take it for a formula."""
    return (
        f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS) else text
    )


def xlsx_file(issues: IssueQuerySet, columns: Sequence[Column] = COLUMNS) -> bytes:
    """A workbook of one sheet with a frozen, filterable heading; raises TooMany."""
    _refuse_more_than(MAX_XLSX, issues)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problemas.xlsx"
        _write_workbook(path, columns, rows(issues, columns))
        return path.read_bytes()


def _write_workbook(path: Path, columns: Sequence[Column], found: Iterable[Row]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(_("Problemas"))
        heading = book.add_format({"bold": True, "bg_color": "#E0EDEC"})
        as_day = book.add_format({"num_format": "dd-mm-yyyy"})
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
        sheet.write_row(0, 0, headings(columns), heading)
        sheet.freeze_panes(1, 2)
        last = 0
        for last, row in enumerate(found, start=1):
            _write_row(sheet, last, row, as_day)
        sheet.autofilter(0, 0, last, len(columns) - 1)


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, at: int, row: Row, as_day: object) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(at, column, cell)
        elif isinstance(cell, dt.date):
            sheet.write_datetime(at, column, dt.datetime(cell.year, cell.month, cell.day), as_day)  # noqa: DTZ001
        elif cell is not None:
            sheet.write_number(at, column, cell)


def geopackage_file(issues: IssueQuerySet, columns: Sequence[Column] = COLUMNS) -> bytes:
    """A GeoPackage with one layer of points, EPSG:4326, from the columns of longitude and latitude.

    Raises TooMany.
    """
    _refuse_more_than(MAX_GEOPACKAGE, issues)
    names = headings(columns)
    x, y = names.index(LONGITUDE), names.index(LATITUDE)
    cells = [[_plain_number(cell) for cell in row] for row in rows(issues, columns)]
    frame = geopandas.GeoDataFrame(
        dict(zip(names, zip(*cells, strict=True), strict=True)) if cells else {name: [] for name in names},
        geometry=shapely.points([(row[x], row[y]) for row in cells]) if cells else [],
        crs="EPSG:4326",
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problemas.gpkg"
        frame.to_file(path, layer="problemas", driver="GPKG", engine="pyogrio", geometry_type="Point")
        return path.read_bytes()


def _plain_number(cell: Cell) -> Cell:
    return float(cell) if isinstance(cell, Decimal) else cell


def _refuse_more_than(most: int, issues: IssueQuerySet) -> None:
    if issues.order_by()[: most + 1].count() > most:
        raise TooMany(
            _("Son más de %(most)s problemas: filtra un poco más o baja el CSV o el GeoJSON.")
            % {"most": f"{most:,}".replace(",", ".")}
        )
