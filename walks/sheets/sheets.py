"""The walk on paper: a sheet with a gridded map of one neighbourhood, and typing it in afterwards.

Coordinates are EPSG:4326, x = longitude, y = latitude; drawings have their origin at the top left.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence

from django.contrib.gis.geos import Point, Polygon
from django.db import transaction
from django.db.models import Func
from django.utils.translation import gettext as _

from accounts.models import User
from core.letters import fold
from issues.life.registration import IssueRefused, NewIssue, register
from issues.models import Category, Issue, Origin
from territories.models import Place, PlaceKind, Territory
from territories.paper import Paper
from territories.places.sketch import streets_in

ROWS = 12
COLUMNS, LINES = 8, 10
WIDTH = 1_000.0
CELL = re.compile(r"([A-Ha-h])\s*-?\s*(10|[1-9])")

Row = Mapping[str, str]


class SheetRefused(ValueError):
    """A row of a sheet that cannot be registered; the text is one sentence that names the row."""


def paper_of(territory: Territory) -> Paper:
    """The drawing of a neighbourhood: its own extent, with a small margin."""
    west, south, east, north = territory.boundary.extent
    margin = max(east - west, north - south) * 0.03
    return Paper(west - margin, south - margin, east + margin, north + margin, WIDTH)


def middle_of_cell(paper: Paper, column: int, line: int) -> Point:
    """The middle of a cell, both counted from 0 at the top left."""
    lng = paper.west + (column + 0.5) * (paper.east - paper.west) / COLUMNS
    lat = paper.north - (line + 0.5) * (paper.north - paper.south) / LINES
    return Point(lng, lat, srid=4326)


def drawing(territory: Territory) -> dict:
    """The map of a sheet as paths, lines and labels of an SVG."""
    paper = paper_of(territory)
    return {
        "width": WIDTH,
        "height": round(paper.height, 1),
        "box": f"-34 -34 {WIDTH + 40:.0f} {paper.height + 40:.0f}",
        "boundary": " ".join(paper.path(ring, "Z") for rings in territory.boundary.coords for ring in rings),
        "streets": list(_streets(paper)),
        "columns": [(letter, round(WIDTH / COLUMNS * n, 1)) for n, letter in enumerate("ABCDEFGH")],
        "lines": [(n + 1, round(paper.height / LINES * n, 1)) for n in range(LINES)],
    }


def _streets(paper: Paper) -> Iterator[dict]:
    for name, line in streets_in((paper.west, paper.south, paper.east, paper.north)):
        middle = line.interpolate_normalized(0.5)
        x, y = paper.at(middle.x, middle.y)
        yield {"name": name, "path": paper.path(line.coords), "x": x, "y": y}


def place_names(territory: Territory) -> list[str]:
    """Names of crossings and places a row may name, for suggestions while typing."""
    inside = Place.objects.filter(location__intersects=territory.boundary).exclude(kind=PlaceKind.STREET)
    return list(inside.order_by("name").values_list("name", flat=True))


@transaction.atomic
def register_sheet(sheet: uuid.UUID, territory: Territory, rows: Sequence[Row], *, by: User) -> list[Issue]:
    """Register the filled-in rows of a sheet, all or none; the same sheet again adds only what is new.

    Raises SheetRefused with a sentence that names the row.
    """
    filled = [(number, row) for number, row in enumerate(rows, 1) if row.get("title", "").strip()]
    return [issue for number, row in filled if (issue := _row(sheet, territory, number, row, by))]


def _row(sheet: uuid.UUID, territory: Territory, number: int, row: Row, by: User) -> Issue | None:
    pk = uuid.uuid5(sheet, str(number))
    if Issue.objects.filter(pk=pk).exists():
        return None
    try:
        return register(_new_issue(pk, territory, row), actor=by, office=_("Caminata, hoja de papel"))
    except (IssueRefused, ValueError) as error:
        raise SheetRefused(_("Fila %(n)s: %(why)s") % {"n": number, "why": error}) from error


def _new_issue(pk: uuid.UUID, territory: Territory, row: Row) -> NewIssue:
    where = row.get("where", "").strip()
    return NewIssue(
        id=pk,
        title=row["title"],
        category=_category(row.get("category", "")),
        location=location_of(where, territory),
        address=where,
        origin=Origin.WALK,
        moved_by_hand=True,
        levels_evidence=_("Anotado en papel."),
        severity=_level(row.get("severity", "")),
        reach=_level(row.get("reach", "")),
        duration=_level(row.get("duration", "")),
        vulnerability=_level(row.get("vulnerability", "")),
    )


def location_of(where: str, territory: Territory) -> Point:
    """A cell of the grid («C4») or the name of a place inside the neighbourhood; raises ValueError."""
    cell = CELL.fullmatch(where)
    point = _cell_point(cell, territory) if cell else _place_point(where, territory)
    if point is None:
        raise ValueError(_("no se encontró el lugar. Escribe la cuadrícula (C4) o un cruce de la lista."))
    if not territory.boundary.covers(point):
        raise ValueError(_("el lugar queda fuera del barrio."))
    return point


def _cell_point(cell: re.Match[str], territory: Territory) -> Point:
    paper = paper_of(territory)
    point = middle_of_cell(paper, ord(cell[1].upper()) - ord("A"), int(cell[2]) - 1)
    # A cell on the border: its part inside the neighbourhood is meant.
    return point if territory.boundary.covers(point) else _inside_cell(point, paper, territory)


def _inside_cell(middle: Point, paper: Paper, territory: Territory) -> Point:
    half_x = (paper.east - paper.west) / COLUMNS / 2
    half_y = (paper.north - paper.south) / LINES / 2
    box = Polygon.from_bbox((middle.x - half_x, middle.y - half_y, middle.x + half_x, middle.y + half_y))
    box.srid = 4326
    shared = territory.boundary.intersection(box)
    return shared.point_on_surface if not shared.empty else middle


def _place_point(where: str, territory: Territory) -> Point | None:
    if not fold(where):
        return None
    spot = Func("location", function="ST_PointOnSurface")
    found = Place.objects.filter(search_name=fold(where), location__intersects=territory.boundary)
    return found.annotate(spot=spot).values_list("spot", flat=True).first()


def _category(code: str) -> Category:
    category = (
        Category.objects.select_related("group", "department").filter(code__iexact=code.strip()).first()
    )
    if category is None:
        raise ValueError(_("falta la categoría o su código no existe."))
    return category


def _level(text: str) -> int | None:
    written = text.strip()
    if written not in ("", "0", "1", "2", "3"):
        raise ValueError(_("cada nivel va de 0 a 3."))
    return int(written) if written else None
