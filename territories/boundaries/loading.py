"""Load a boundary file as a new, inactive set: examine it in a child process, then store all or nothing."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from territories.boundaries.dependents import Moves, count_moves
from territories.boundaries.metadata import Metadata
from territories.boundaries.vanished import given_codes
from territories.importing import process
from territories.importing.intake import fingerprint, refuse_unfit
from territories.importing.refusal import shown
from territories.models import BoundarySet, CellGrid, Territory

# Small enough that a box is mostly inside, large enough that there are few of them.
PART_VERTICES = 32
Shape = TypeVar("Shape", bound=GEOSGeometry)


@dataclass(frozen=True)
class Options:
    """How to read a file; None means «find out». `expect` None means any number of neighbourhoods."""

    layer: str | None = None
    name_field: str | None = None
    code_field: str | None = None
    encoding: str | None = None
    crs: str | None = None
    expect: int | None = None
    tolerance_m2: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """What decides how the same bytes are read."""
        return {key: value for key, value in asdict(self).items() if value and key != "expect"}


@dataclass(frozen=True)
class Loaded:
    """The result of a file: `boundary_set` None after a dry run, `is_new` False when it was there before."""

    boundary_set: BoundarySet | None
    report: dict[str, Any]
    picture: str
    is_new: bool


def load(
    path: Path, options: Options, metadata: Metadata, *, file_name: str = "", dry_run: bool = False
) -> Loaded:
    """Examine a file and store it as an inactive set; raises FileRefused, and then nothing is stored.

    The same file read in the same way is stored once. `file_name` is the name it had where it came from.
    """
    digest = fingerprint(path)
    before = BoundarySet.objects.filter(file_sha256=digest, options=options.as_json()).first()
    if before and not dry_run and options.expect in (None, before.report["count"]):
        return Loaded(before, before.report, before.picture, is_new=False)
    answer = examine(path, options)
    report = report_of(answer, options)
    with transaction.atomic():
        made = _store(answer, report, metadata, shown(file_name or path.name), digest, options)
        report |= {"problems": report["problems"] + _moves_as_problems(count_moves(made))}
        made.report = report
        made.save(update_fields=["report"])
        transaction.set_rollback(dry_run)
    return Loaded(None if dry_run else made, report, answer["picture"], is_new=not dry_run)


def examine(path: Path, options: Options) -> dict[str, Any]:
    """The answer of the child process about a file; raises FileRefused."""
    refuse_unfit(path)
    request = {
        "task": "boundaries",
        "path": str(path.resolve()),
        "layer": options.layer,
        "name_field": options.name_field,
        "code_field": options.code_field,
        "encoding": options.encoding,
        "crs": options.crs,
        "expected": _expected(options),
    }
    return process.examine(request, seconds=settings.BOUNDARY_SECONDS, memory_mb=settings.BOUNDARY_MEMORY_MB)


def report_of(answer: dict[str, Any], options: Options) -> dict[str, Any]:
    """The report of an accepted file as plain data: what is stored, printed and shown."""
    rows = [
        {key: one[key] for key in ("code", "name", "population", "area_m2", "bounds")}
        for one in answer["territories"]
    ]
    return {
        "file": answer["file"],
        "count": len(rows),
        "expected": options.expect,
        "area_m2": round(sum(row["area_m2"] for row in rows), 1),
        "territories": rows,
        "problems": answer["problems"],
    }


def _expected(options: Options) -> dict[str, Any]:
    present = list(Territory.objects.current().values_list("code", "name", "boundary"))
    names = [(code, name) for code, name, _boundary in present] or list(_listed_names())
    return {
        "extent": settings.COMMUNE_EXTENT,
        "metric_srid": settings.METRIC_SRID,
        "count": options.expect,
        "tolerance_m2": options.tolerance_m2,
        "known": [
            {"code": code, "name": name, "spellings": _listed_names().get((code, name), [])}
            for code, name in names
        ],
        "given": sorted(given_codes()),
        "present": [{"code": code, "wkb": bytes(boundary.wkb).hex()} for code, _name, boundary in present],
    }


@cache
def _listed_names() -> dict[tuple[int, str], list[str]]:
    """(code, name) → other spellings, as shapefiles/barrios.csv lists them."""
    listed = Path(settings.BASE_DIR) / "shapefiles" / "barrios.csv"
    if not listed.is_file():
        return {}
    with listed.open(encoding="utf-8-sig", newline="") as rows:
        return {
            (int(row["code"]), row["name"]): [one.strip() for one in row["other_spellings"].split(";")]
            for row in csv.DictReader(rows)
        }


def _moves_as_problems(moves: Moves) -> list[dict[str, Any]]:
    found = [("issues_move", moves.moving), ("issues_leave", moves.leaving)]
    return [
        {
            "kind": kind,
            "level": "note",
            "details": {"issues": count},
            "area_m2": None,
            "where": None,
            "shape": None,
        }
        for kind, count in found
        if count
    ]


def _store(
    answer: dict[str, Any],
    report: dict[str, Any],
    metadata: Metadata,
    file_name: str,
    digest: str,
    options: Options,
) -> BoundarySet:
    made = BoundarySet.objects.create(
        name=(metadata.name or Path(file_name).stem)[:120],
        source=(metadata.source or _("no informada"))[:300],
        licence=metadata.licence[:120],
        is_approximate=metadata.approximate,
        drawn_on=metadata.drawn_on,
        file_name=file_name[:255],
        file_sha256=digest,
        original_crs=answer["file"]["crs"][:200],
        original_encoding=answer["file"]["encoding"][:40],
        options=options.as_json(),
        report=report,
        picture=answer["picture"],
    )
    source = _population_source(answer, metadata)
    rows = [_territory(made, one, source) for one in answer["territories"]]
    Territory.objects.bulk_create(_with_own_slugs(rows), batch_size=500)
    cut_into_parts(made)
    _store_cells(made, answer["cells"], {row.code: row.pk for row in rows})
    return made


def _population_source(answer: dict[str, Any], metadata: Metadata) -> str:
    year = answer["file"]["population_year"]
    default = _("según el archivo, %(year)s") % {"year": year} if year else _("según el archivo")
    return (metadata.population_source or default)[:200]


def _territory(made: BoundarySet, row: dict[str, Any], population_source: str) -> Territory:
    return Territory(
        boundary_set=made,
        code=row["code"],
        name=row["name"],
        slug=slugify(row["name"])[:110] or str(row["code"]),
        boundary=_shape(row["boundary"], MultiPolygon),
        outline=_shape(row["outline"], MultiPolygon),
        label_point=_shape(row["label"], Point),
        area_m2=row["area_m2"],
        population=row["population"],
        population_source=(row["population_source"] or population_source)
        if row["population"] is not None
        else "",
    )


def _shape(written: str, kind: type[Shape]) -> Shape:
    read = GEOSGeometry(written, srid=4326)
    if not isinstance(read, kind):
        raise TypeError(f"{read.geom_type} where a {kind.__name__} belongs")
    return read


def _with_own_slugs(rows: list[Territory]) -> list[Territory]:
    used: set[str] = set()
    for row in rows:
        row.slug = f"{row.slug}-{row.code}" if row.slug in used else row.slug
        used.add(row.slug)
    return rows


def cut_into_parts(boundary_set: BoundarySet) -> None:
    """Fill in the small pieces of a set's neighbourhoods that answer «where is this point?»."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO territories_territorypart (territory_id, boundary_set_id, code, shape) "
            "SELECT id, boundary_set_id, code, ST_Subdivide(boundary, %s) FROM territories_territory "
            "WHERE boundary_set_id = %s ORDER BY code",
            [PART_VERTICES, boundary_set.pk],
        )
        cursor.execute("SELECT territory_parts_analyzed()")


def _store_cells(boundary_set: BoundarySet, cells: dict[str, Any], ids: dict[int, int]) -> None:
    """Store the rectangles from the child process (`importing.cells`), with ids instead of codes."""
    flat = [ids.get(code, code) for code, count in cells["runs"] for _one in range(count)]
    columns = cells["columns"]
    CellGrid.objects.create(
        boundary_set=boundary_set,
        per_degree=cells["per_degree"],
        west=cells["west"],
        south=cells["south"],
        cells=[flat[start : start + columns] for start in range(0, len(flat), columns)],
    )
