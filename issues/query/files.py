"""Rows of problems as files: CSV, XLSX, GeoPackage, with any columns; public data and desk share it.

No cell is ever a formula: text that a spreadsheet would run is written with an apostrophe before it
(CSV) or typed as text (XLSX, GeoPackage); numbers stay numbers. Coordinates are degrees, EPSG:4326.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy
import shapely
import xlsxwriter
from django.conf import settings
from django.db.models import FloatField, Func, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from pyogrio import raw

from issues.index import display
from issues.models import CLOSING_LABELS, IssueQuerySet, Origin
from issues.statuses import STATUS_LABELS

CHUNK = 2000
# What a sheet holds, its heading aside.
MOST_ON_A_SHEET = 1_048_575
# Rows in one write to a GeoPackage; each is a transaction there.
STRIDE = 10_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"
LATITUDE, LONGITUDE = "latitud", "longitud"

Cell = str | int | float | Decimal | dt.date | None
Row = list[Cell]
# Called with the number of rows written so far.
Progress = Callable[[int], None]


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
    # What its cells are: str, int, float or date.
    kind: type = str
    # How a workbook shows its numbers; the reader's language sets the marks.
    shown: str = ""


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
    Column("barrio_codigo", "territory__code", kind=int),
    Column("barrio", "territory__name"),
    Column("lugar", "address", width=30),
    Column("estado", "status", label(STATUS_LABELS)),
    Column("tipo_de_cierre", "closing_kind", label(CLOSING_LABELS)),
    Column("estado_desde", "status_since", day, kind=dt.date),
    Column("direccion_municipal", "department__name"),
    Column("puntaje", "index", lambda i3: None if i3 is None else display(i3), kind=float, shown="0.0"),
    Column("gravedad", "severity", kind=int),
    Column("alcance", "reach", kind=int),
    Column("tiempo", "duration", kind=int),
    Column("vulnerabilidad", "vulnerability", kind=int),
    Column("apoyos", "support_count", kind=int, shown="#,##0"),
    Column("origen", "origin", label(dict(Origin.choices))),
    Column("informado", "reported_at", day, kind=dt.date),
    Column("actualizado", "updated_at", day, kind=dt.date),
    Column("compromiso", "committed_date", kind=dt.date),
    Column(LATITUDE, latitude, lambda degrees: round(degrees, 6), kind=float, shown="0.000000"),
    Column(LONGITUDE, longitude, lambda degrees: round(degrees, 6), kind=float, shown="0.000000"),
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
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell if isinstance(cell, float | Decimal) else _plain(cell)


def _for_people(cell: Cell) -> str | int:
    if isinstance(cell, dt.date):
        return cell.strftime("%d-%m-%Y")
    if isinstance(cell, float | Decimal):
        return str(cell).replace(".", ",")
    return _plain(cell)


def _plain(cell: str | int | None) -> str | int:
    return cell if isinstance(cell, int) else harmless(cell or "")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet could take it for a formula."""
    return (
        f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS) else text
    )


def write_csv(
    path: Path, issues: IssueQuerySet, columns: Sequence[Column] = COLUMNS, progress: Progress | None = None
) -> None:
    """CSV for people into a file, row by row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for at, line in enumerate(csv_lines(issues, columns)):
            file.write(line)
            if progress and at and at % CHUNK == 0:
                progress(at)


def write_xlsx(
    path: Path, issues: IssueQuerySet, columns: Sequence[Column] = COLUMNS, progress: Progress | None = None
) -> None:
    """A workbook of one sheet with a frozen, filterable heading; no more than a row is held in memory.

    Raises TooMany beyond what a sheet holds.
    """
    refuse_more_than(MOST_ON_A_SHEET, issues)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "use_zip64": True,
    }
    # The library leaves its own scratch files behind when the disk is full.
    with (
        TemporaryDirectory(dir=path.parent) as scratch,
        xlsxwriter.Workbook(str(path), options | {"tmpdir": scratch}) as book,
    ):
        _write_sheet(book, columns, rows(issues, columns), progress or _unreported)


def write_geopackage(
    path: Path, issues: IssueQuerySet, columns: Sequence[Column] = COLUMNS, progress: Progress | None = None
) -> None:
    """A GeoPackage with one layer of points, EPSG:4326, from the columns of longitude and latitude.

    Written STRIDE rows at a time; each column keeps its kind even where a stride has no value in it.
    """
    found, written = rows(issues, columns), 0
    while (stride := list(islice(found, STRIDE))) or not path.exists():
        _write_points(path, columns, stride, is_first=not path.exists())
        written += len(stride)
        (progress or _unreported)(written)


def refuse_more_than(most: int, issues: IssueQuerySet) -> None:
    """Raise TooMany when there are more rows than that."""
    if issues.order_by()[: most + 1].count() > most:
        raise TooMany(
            _("Son más de %(most)s problemas: filtra un poco más o baja el CSV o el GeoJSON.")
            % {"most": f"{most:,}".replace(",", ".")}
        )


def _write_sheet(
    book: xlsxwriter.Workbook, columns: Sequence[Column], found: Iterable[Row], progress: Progress
) -> None:
    sheet = book.add_worksheet(_("Problemas"))
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
    sheet.freeze_panes(1, 2)
    sheet.write_row(0, 0, headings(columns), book.add_format({"bold": True, "bg_color": "#E0EDEC"}))
    formats = {
        shown: book.add_format({"num_format": shown}) for shown in {_shown(column) for column in columns}
    }
    by_column = [formats[_shown(column)] for column in columns]
    last = 0
    for last, row in enumerate(found, start=1):
        _write_row(sheet, last, row, by_column)
        if last % CHUNK == 0:
            progress(last)
    sheet.autofilter(0, 0, last, len(columns) - 1)


def _shown(column: Column) -> str:
    return column.shown or ("dd-mm-yyyy" if column.kind is dt.date else "General")


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, at: int, row: Row, formats: Sequence[object]) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(at, column, cell)
        elif isinstance(cell, dt.date):
            moment = dt.datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
            sheet.write_datetime(at, column, moment, formats[column])
        elif cell is not None:
            sheet.write_number(at, column, cell, formats[column])


def _write_points(path: Path, columns: Sequence[Column], found: Sequence[Row], *, is_first: bool) -> None:
    names = headings(columns)
    x, y = names.index(LONGITUDE), names.index(LATITUDE)
    points = shapely.points([row[x] for row in found], [row[y] for row in found]) if found else []
    cells = [_cells([row[at] for row in found], column.kind) for at, column in enumerate(columns)]
    raw.write(
        str(path),
        shapely.to_wkb(numpy.asarray(points, dtype=object)),
        [values for values, _empty in cells],
        names,
        field_mask=[empty for _values, empty in cells],
        layer="problemas",
        driver="GPKG",
        geometry_type="Point",
        crs="EPSG:4326",
        append=not is_first,
        **({"dataset_options": {"VERSION": "1.3"}} if is_first else {}),
    )


def _cells(values: Sequence[Cell], kind: type) -> tuple[numpy.ndarray, numpy.ndarray | None]:
    """A column as GDAL takes it, with what is empty; text says so itself."""
    if kind is str:
        return numpy.array(values, dtype=object), None
    empty = numpy.array([value is None for value in values], dtype=bool)
    dtype, instead = _STORED[kind]
    return numpy.array([instead if value is None else value for value in values], dtype=dtype), empty


def _unreported(written: int) -> None:
    """For callers that do not follow the progress."""


_STORED: dict[type, tuple[str, Cell]] = {
    int: ("int64", 0),
    float: ("float64", 0.0),
    dt.date: ("datetime64[D]", dt.date(1970, 1, 1)),
}
