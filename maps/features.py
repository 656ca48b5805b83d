"""What the map shows: problems, spots of several, or clusters on a grid, written by PostgreSQL in one query.

Coordinates are degrees, EPSG:4326, [longitude, latitude]. An answer has at most MAX_FEATURES features.
"""

from __future__ import annotations

import re

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import FloatField, Func
from django.utils.translation import gettext as _

from core.typing import SqlValue
from issues.models import IssueQuerySet
from issues.query.filters import BadFilter
from issues.statuses import MARKS, statuses_with
from issues.workflow import OPEN, Status
from maps.grid import Grid, grid_for
from territories.geo import BBox

MAX_FEATURES = 1500
MAX_ZOOM = 22
ZOOM = re.compile(r"\d{1,2}(\.\d)?", re.ASCII)
# From this zoom on problems stand alone, or with what lies on the same spot, if there is room for all.
SINGLE_FROM_ZOOM = 15
# Degrees by which the box for the index is grown, against rounding; the cells themselves decide.
MARGIN = 1e-9


def _names(statuses: tuple[Status, ...] | frozenset[Status]) -> str:
    return ", ".join(repr(str(status)) for status in sorted(statuses))


_COUNTS = ", ".join(
    f"coalesce(sum(n) FILTER (WHERE status IN ({_names(statuses_with(mark))})), 0)" for mark in MARKS
)
# Marks nearer to each other than this lie on one another, and are one mark; see `spot_reach`.
SPOT_PIXELS = 12
# A mark of several tells as many of its problems as this, the highest index first.
MAX_MEMBERS = 50
NO_SPOT = "NULL::integer"
# Problems that touch on the screen, one after the other, are one spot; without room for all, none is.
SPOT = f"""ST_ClusterDBSCAN(CASE WHEN (SELECT count(*) FROM unit) <= {MAX_FEATURES}
    THEN ST_MakePoint(sx / 1e6, sy / 1e6) END, %(reach)s, 1) OVER ()"""  # noqa: S608  # nosec B608 # our own constants
MEMBERS = f"""SELECT json_agg(json_build_object('reference', reference, 'title', title, 'status', status)
    ORDER BY index DESC NULLS LAST, reference)
  FROM (SELECT m.* FROM issues_issue m WHERE m.id = ANY(cell.ids)
    ORDER BY index DESC NULLS LAST, reference LIMIT {MAX_MEMBERS}) member"""  # noqa: S608  # nosec B608 # our own constants
BY_ID = "SELECT * FROM issues_issue i WHERE cell.n = 1 AND i.id = cell.id"
# `unit` has (id, ux, uy, status, n, sx, sy): the cell of the unit grid, how many, and the sums of their
# longitudes and latitudes in millionths of a degree (whole numbers, exact as float8). `spot` numbers the
# problems that share a mark, `one` finds the problem of a cell that holds one.
DOCUMENT = f"""
WITH unit AS MATERIALIZED ({{unit}}),
spotted AS (SELECT unit.*, {{spot}} AS spot FROM unit),
cell AS (
  SELECT CASE WHEN spot IS NULL THEN floor(ux / %(times)s::float8) END AS gx,
    CASE WHEN spot IS NULL THEN floor(uy / %(times)s::float8) END AS gy,
    (array_agg(id) FILTER (WHERE id IS NOT NULL))[1] AS id,
    array_agg(id) FILTER (WHERE spot IS NOT NULL) AS ids,
    sum(n) AS n, sum(sx) / sum(n) / 1e6 AS x, sum(sy) / sum(n) / 1e6 AS y,
    json_build_array({_COUNTS}) AS marks
  FROM spotted GROUP BY 1, 2, spot HAVING sum(n) > 0
)
SELECT json_build_object('type', 'FeatureCollection', 'total', (SELECT coalesce(sum(n), 0) FROM unit),
  'features', coalesce((
  SELECT json_agg(json_build_object(
    'type', 'Feature',
    'geometry', json_build_object('type', 'Point', 'coordinates',
      json_build_array(round(cell.x::numeric, 6), round(cell.y::numeric, 6))),
    'properties', CASE
      WHEN cell.n > 1 AND cell.ids IS NOT NULL
      THEN json_build_object('count', cell.n, 'marks', cell.marks, 'members', ({MEMBERS}))
      WHEN cell.n > 1 THEN json_build_object('count', cell.n, 'marks', cell.marks)
      ELSE json_build_object('count', 1, 'reference', issue.reference, 'title', issue.title,
        'status', issue.status, 'index', round(issue.index / 3.0, 1), 'icon', g.icon,
        'category', category.name, 'urgent',
        issue.status IN ({_names(OPEN)}) AND (issue.severity = 3 OR category.track = 'urgencia'))
      END))
  FROM cell
  LEFT JOIN LATERAL ({{one}}) issue ON true
  LEFT JOIN issues_category category ON category.id = issue.category_id
  LEFT JOIN issues_categorygroup g ON g.id = category.group_id
), '[]'))::text"""  # noqa: S608  # nosec B608 # our own SQL, what Django wrote, names of statuses
UNIT = """
  -- OFFSET 0 keeps the comparisons out of the planner's guess at how many rows there are.
  SELECT id, ux, uy, status, 1 AS n, round(x * 1e6) AS sx, round(y * 1e6) AS sy
  FROM (SELECT id, x, y, floor(x / %(wide)s::float8) AS ux, floor(y / %(high)s::float8) AS uy, status
    FROM ({rows} OFFSET 0) AS found (id, x, y, status)) placed
  WHERE ux >= %(west)s AND ux < %(east)s AND uy >= %(south)s AND uy < %(north)s
"""
EMPTY = '{"type":"FeatureCollection","total":0,"features":[]}'


def parse_zoom(text: str) -> float:
    """Read a zoom of 0 to 22, with one decimal at most; raises BadFilter."""
    if not (ZOOM.fullmatch(text) and float(text) <= MAX_ZOOM):
        raise BadFilter(_("zoom es un número de 0 a 22, con un decimal a lo más."))
    return float(text)


def map_document(issues: IssueQuerySet, box: BBox, zoom: float) -> str:
    """FeatureCollection text of clusters and single problems of `issues` in a box of degrees.

    `issues` is filtered already; the box is grown to whole cells of the grid.
    """
    grid = grid_for(box, zoom)
    # The operator on boxes is the index's own; its rounding is undone by the plain comparisons of UNIT.
    inside = issues.filter(location__bboverlaps=grown(grid.around(box)).polygon()).order_by()
    try:
        rows, params = inside.values_list("pk", longitude(), latitude(), "status").query.sql_with_params()
    except EmptyResultSet:
        return EMPTY
    named = {f"row_{n}": value for n, value in enumerate(params)}
    unit = UNIT.format(rows=rows % tuple(f"%({name})s" for name in named))
    spot = SPOT if zoom >= SINGLE_FROM_ZOOM else NO_SPOT
    return written(unit, spot, BY_ID, named | placed(grid, box) | {"reach": spot_reach(zoom)})


def spot_reach(zoom: float) -> float:
    """Degrees of longitude that SPOT_PIXELS are at a zoom."""
    return SPOT_PIXELS * 360 / (256 * 2**zoom)


def written(unit: str, spot: str, one: str, params: dict[str, SqlValue]) -> str:
    """The document that PostgreSQL writes from counted cells: see DOCUMENT for the parts."""
    with connection.cursor() as cursor:
        cursor.execute(DOCUMENT.format(unit=unit, spot=spot, one=one), params)
        return cursor.fetchone()[0]


def placed(grid: Grid, box: BBox, level: int = 0) -> dict[str, SqlValue]:
    """What the statements need to know of a grid and the box it covers, in cells of 2^level."""
    cells, (wide, high) = grid.units(box), grid.unit
    return {
        "times": grid.times >> level, "wide": wide, "high": high,
        "west": cells.west >> level, "east": cells.east >> level,
        "south": cells.south >> level, "north": cells.north >> level,
    }  # fmt: skip


def grown(box: BBox) -> BBox:
    """A box a little larger than asked for, against the rounding of the index."""
    return BBox(
        max(-180.0, box.west - MARGIN),
        max(-90.0, box.south - MARGIN),
        min(180.0, box.east + MARGIN),
        min(90.0, box.north + MARGIN),
    )


def longitude() -> Func:
    """Expression: degrees of longitude of a problem."""
    return Func("location", function="ST_X", output_field=FloatField())


def latitude() -> Func:
    """Expression: degrees of latitude of a problem."""
    return Func("location", function="ST_Y", output_field=FloatField())
