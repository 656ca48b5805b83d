"""«In which neighbourhood is this point?» for one point and for many: lowest code on a shared line.

Points are EPSG:4326, x = longitude, y = latitude, degrees.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from territories.models import BoundarySet

Neighbourhood = dict[str, object]
MAX_POINTS = 10_000

# The rectangles (CellGrid) of a set. The empty array makes PostgreSQL unpack them once, not once a point.
GRID = "(SELECT {} FROM territories_cellgrid WHERE boundary_set_id = %(set)s)"
CELLS, PER_DEGREE, SOUTH, WEST = (
    GRID.format(column) for column in ("cells || '{}'", "per_degree", "south", "west")
)


def cell_sql(lng: str, lat: str) -> str:
    """SQL: the rectangle at a place: the id of the territory that holds all of it, 0 outside all of them.

    -1 where it must be asked, which is so beyond the rectangles too. `lng` and `lat` are SQL; uses %(set)s.
    """
    row = f"1 + floor({lat} * {PER_DEGREE})::int - {SOUTH}"
    column = f"1 + floor({lng} * {PER_DEGREE})::int - {WEST}"
    return f"coalesce({CELLS}[{row}][{column}], -1)"


# By a column `cell` (`cell_sql`) and a column `location`: the id of a territory, or NULL.
# Cutting rounds: what falls between two pieces of a boundary is looked for in the whole boundary.
FOUND_BY_CELL = """CASE cell WHEN 0 THEN NULL WHEN -1 THEN coalesce((
    SELECT part.territory_id FROM territories_territorypart part
    WHERE part.boundary_set_id = %(set)s AND ST_Covers(part.shape, location)
    ORDER BY part.code LIMIT 1
), (
    SELECT territory.id FROM territories_territory territory
    WHERE territory.boundary_set_id = %(set)s AND ST_Covers(territory.boundary, location)
    ORDER BY territory.code LIMIT 1
)) ELSE cell END"""


def _locate_sql(cell: str) -> str:
    # OFFSET 0: the rectangle of a point is looked up once, not wherever it is used.
    return f"""
        SELECT territory.code, territory.name, territory.slug
        FROM (
            SELECT place, {cell} AS cell, ST_SetSRID(ST_MakePoint(lng, lat), 4326) AS location
            FROM unnest(%(lngs)s::float8[], %(lats)s::float8[]) WITH ORDINALITY AS point (lng, lat, place)
            OFFSET 0
        ) looked
        LEFT JOIN territories_territory territory ON territory.id = {FOUND_BY_CELL}
        ORDER BY place
    """  # noqa: S608  # nosec B608 # names of our own columns


LOCATE_MANY = _locate_sql(cell_sql("lng", "lat"))
# Unpacking the rectangles costs as much as asking for some hundred points.
LOCATE_FEW = _locate_sql("-1")
MANY = 200


def locate(points: Sequence[tuple[float, float]], day: dt.date | None = None) -> list[Neighbourhood | None]:
    """Code, name and slug of the neighbourhood of each (lng, lat), None outside, in the order given.

    By the boundaries in force now, or on a day; one statement however many points there are.
    """
    sets = BoundarySet.objects.valid_on(day) if day else BoundarySet.objects.in_force()
    return locate_in(sets.values_list("pk", flat=True).first(), points)


def locate_in(boundary_set: int | None, points: Sequence[tuple[float, float]]) -> list[Neighbourhood | None]:
    """The same by the set of this id, in force or not; without a set every point is in none."""
    parameters = {
        "set": boundary_set,
        "lngs": [lng for lng, _lat in points],
        "lats": [lat for _lng, lat in points],
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCATE_MANY if len(points) >= MANY else LOCATE_FEW, parameters)
        return [_neighbourhood(*row) for row in cursor]


def _neighbourhood(code: int | None, name: str, slug: str) -> Neighbourhood | None:
    return None if code is None else {"code": code, "name": name, "slug": slug}
