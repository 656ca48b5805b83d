"""What the map shows: single problems or clusters on a grid, written by PostgreSQL in one query.

Coordinates are degrees, EPSG:4326, [longitude, latitude]. An answer has at most MAX_FEATURES features.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import FloatField, Func
from django.utils.translation import gettext as _

from issues.filters import BadFilter
from issues.models import IssueQuerySet
from issues.workflow import OPEN, Status
from territories.geo import BBox

MAX_FEATURES = 1500
MAX_CELLS = 1200
ROOM_FOR_ALL = f"(SELECT count(*) FROM hit) <= {MAX_FEATURES}"  # noqa: S608  a constant
CELL_PIXELS = 72
GROWTH = 1.25
MAX_ZOOM = 22
ZOOM = re.compile(r"\d{1,2}(\.\d)?", re.ASCII)
# From this zoom on problems stand alone as long as there is room for all of them.
SINGLE_FROM_ZOOM = 15

# The six shapes of the legend, in its order; clusters count by them.
MARKS: dict[str, tuple[Status, ...]] = {
    "new": (Status.REGISTERED,),
    "validated": (Status.VALIDATED,),
    "handed": (Status.HANDED_OVER, Status.ACKNOWLEDGED, Status.SCHEDULED),
    "working": (Status.IN_PROGRESS, Status.ON_HOLD),
    "done": (Status.REPORTED_DONE, Status.VERIFIED, Status.DONE_UNVERIFIED),
    "closed": (Status.CLOSED,),
}


@dataclass(frozen=True)
class Grid:
    """Cells of `width` × `height` degrees, aligned to (0, 0), so that panning does not shift them."""

    width: float
    height: float

    def around(self, box: BBox) -> BBox:
        """The box grown to whole cells: a cell is counted whole or not at all."""
        return BBox(
            max(-180.0, math.floor(box.west / self.width) * self.width),
            max(-90.0, math.floor(box.south / self.height) * self.height),
            min(180.0, math.ceil(box.east / self.width) * self.width),
            min(90.0, math.ceil(box.north / self.height) * self.height),
        )


def parse_zoom(text: str) -> float:
    """Read a zoom of 0 to 22, with one decimal at most; raises BadFilter."""
    if not (ZOOM.fullmatch(text) and float(text) <= MAX_ZOOM):
        raise BadFilter(_("zoom es un número de 0 a 22, con un decimal a lo más."))
    return float(text)


def grid_for(box: BBox, zoom: float) -> Grid:
    """Cells of some 72 pixels at a zoom, larger where a box would hold more than MAX_CELLS of them."""
    width = CELL_PIXELS * 360 / (256 * 2**zoom)
    height = width * max(0.05, math.cos(math.radians((box.south + box.north) / 2)))
    while _cells(box, width, height) > MAX_CELLS:
        width, height = width * GROWTH, height * GROWTH
    return Grid(width, height)


def _cells(box: BBox, width: float, height: float) -> float:
    # Grown by up to a cell on each side, and a point on the far edge opens one more.
    return ((box.east - box.west) / width + 3) * ((box.north - box.south) / height + 3)


def map_document(issues: IssueQuerySet, box: BBox, zoom: float) -> str:
    """FeatureCollection text of clusters and single problems of `issues` in a box of degrees.

    `issues` is filtered already; the box is grown to whole cells of the grid.
    """
    grid = grid_for(box, zoom)
    around = grid.around(box)
    # The operator on boxes is the index's own; its rounding is undone by the plain comparisons in _sql.
    inside = issues.filter(location__bboverlaps=around.polygon()).order_by()
    try:
        rows, params = inside.values_list("pk", _x(), _y(), "status", "index").query.sql_with_params()
    except EmptyResultSet:
        return '{"type":"FeatureCollection","total":0,"features":[]}'
    edges = [around.west, around.east, around.south, around.north]
    with connection.cursor() as cursor:
        cursor.execute(_sql(rows, zoom >= SINGLE_FROM_ZOOM), [*params, *edges, grid.width, grid.height])
        return cursor.fetchone()[0]


def _x() -> Func:
    return Func("location", function="ST_X", output_field=FloatField())


def _y() -> Func:
    return Func("location", function="ST_Y", output_field=FloatField())


def _sql(rows: str, may_stand_alone: bool) -> str:
    alone = f", CASE WHEN {ROOM_FOR_ALL} THEN id END" if may_stand_alone else ""
    counts = ", ".join(
        f"count(*) FILTER (WHERE status IN ({', '.join(repr(str(status)) for status in statuses)}))"
        for statuses in MARKS.values()
    )
    open_ = ", ".join(repr(str(status)) for status in sorted(OPEN))
    return f"""
WITH hit AS MATERIALIZED (
  -- OFFSET 0 keeps the comparisons out of the planner's guess at how many rows there are.
  SELECT * FROM ({rows} OFFSET 0) AS found (id, x, y, status, index)
  WHERE x >= %s AND x < %s AND y >= %s AND y < %s
),
cell AS (
  SELECT (array_agg(id))[1] AS id, count(*) AS n, avg(x) AS x, avg(y) AS y,
    max(index) AS top, json_build_array({counts}) AS marks
  FROM hit GROUP BY floor(x / %s), floor(y / %s){alone}
)
SELECT json_build_object('type', 'FeatureCollection', 'total', (SELECT count(*) FROM hit),
  'features', coalesce((
  SELECT json_agg(json_build_object(
    'type', 'Feature',
    'geometry', json_build_object('type', 'Point', 'coordinates',
      json_build_array(round(cell.x::numeric, 6), round(cell.y::numeric, 6))),
    'properties', CASE WHEN cell.n > 1
      THEN json_build_object('count', cell.n, 'marks', cell.marks, 'index', round(cell.top / 3.0, 1))
      ELSE json_build_object('count', 1, 'reference', issue.reference, 'title', issue.title,
        'status', issue.status, 'index', round(issue.index / 3.0, 1), 'icon', g.icon,
        'category', category.name,
        'urgent', issue.status IN ({open_}) AND (issue.severity = 3 OR category.track = 'urgencia'))
      END))
  FROM cell
  LEFT JOIN LATERAL (SELECT * FROM issues_issue one WHERE cell.n = 1 AND one.id = cell.id) issue ON true
  LEFT JOIN issues_category category ON category.id = issue.category_id
  LEFT JOIN issues_categorygroup g ON g.id = category.group_id
), '[]'))::text"""  # noqa: S608  the only SQL put in is what Django wrote and the names of statuses
