"""Clusters of problems from what the database counts with every write (maps.models.MapCell).

A whole city costs what one screen costs. Only what the cells know can be asked: neighbourhood and status.
They count public problems; what the team sees besides is little and is counted live.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection

from accounts.models import User
from core.typing import SqlValue
from issues.models import Issue, IssueQuerySet
from issues.query.filters import FILTERS, Params, filtered, statuses_of, territories_of, values_of
from maps.features import MAX_FEATURES, NO_SPOT, SINGLE_FROM_ZOOM, grown, latitude, longitude, placed, written
from maps.grid import COARSE, Grid, grid_for
from territories.geo import BBox

KNOWN = {"territory", "status"}
ASKED = """
  (%(territories)s::bigint[] IS NULL OR {row}.territory_id = ANY(%(territories)s::bigint[]))
  AND (%(statuses)s::text[] IS NULL OR {row}.status = ANY(%(statuses)s::text[]))
"""
UNIT = f"""
  SELECT NULL::uuid AS id, m.x AS ux, m.y AS uy, m.status, m.count AS n, m.sum_x::float8 AS sx,
    m.sum_y::float8 AS sy
  FROM maps_mapcell m
  WHERE m.level = %(level)s AND m.x >= %(west)s AND m.x < %(east)s AND m.y >= %(south)s AND m.y < %(north)s
    AND {ASKED.format(row="m")}
"""  # noqa: S608  # nosec B608 # our own constants
# What only the team sees, in the cells of the same level. `rows` has (id, longitude, latitude, status).
NOT_PUBLIC = """
  UNION ALL
  SELECT id, ux, uy, status, 1 AS n, round(x * 1e6) AS sx, round(y * 1e6) AS sy
  FROM (SELECT id, x, y, status, floor(x / %(wide)s::float8)::integer >> %(level)s AS ux,
      floor(y / %(high)s::float8)::integer >> %(level)s AS uy
    FROM ({rows} OFFSET 0) AS own (id, x, y, status)) placed
  WHERE ux >= %(west)s AND ux < %(east)s AND uy >= %(south)s AND uy < %(north)s
"""
TOTAL = "SELECT coalesce(sum(n), 0) FROM ({unit}) unit"
# Where the problem of a cell of one stands is known to a millionth of a degree.
ONE = f"""
  (SELECT i.* FROM issues_issue i WHERE cell.n = 1 AND i.id = cell.id)
  UNION ALL
  (SELECT i.* FROM issues_issue i JOIN issues_category c ON c.id = i.category_id
  WHERE cell.n = 1 AND cell.id IS NULL AND i.visibility = 'public' AND c.privacy = 'publico'
    AND {ASKED.format(row="i")}
    AND i.location && ST_Expand(ST_SetSRID(ST_MakePoint(cell.x, cell.y), 4326), 0.000001)
    AND floor((map_cell_x(i.location) >> %(level)s) / %(times)s::float8) = cell.gx
    AND floor((map_cell_y(i.location) >> %(level)s) / %(times)s::float8) = cell.gy
  ORDER BY i.id LIMIT 1)
"""  # noqa: S608  # nosec B608 # our own constants


@dataclass(frozen=True)
class Question:
    """Which of the public problems: in these neighbourhoods and statuses; None means all.

    not_public: those that this person sees although they are not public.
    """

    territories: list[int] | None
    statuses: list[str] | None
    not_public: IssueQuerySet


def question_of(user: User | AnonymousUser, params: Params) -> Question | None:
    """What is asked, if the cells can answer it: no filters but neighbourhood and status.

    Raises BadFilter.
    """
    if any(values_of(params, name) for name in FILTERS if name not in KNOWN):
        return None
    territories, statuses = values_of(params, "territory"), values_of(params, "status")
    return Question(
        territories_of(territories) if territories else None,
        sorted(statuses_of(statuses)) if statuses else None,
        _not_public(user, params),
    )


def clusters_document(question: Question, box: BBox, zoom: float) -> str | None:
    """The same document as `map_document`, or None where problems stand alone or cells are too coarse."""
    grid = grid_for(box, zoom)
    if grid.halvings:
        return None
    not_public, own = _not_public_sql(question.not_public, grid.around(box))
    unit, params = UNIT + not_public, _params(question, grid, box) | own
    if zoom >= SINGLE_FROM_ZOOM and _total(unit, params) <= MAX_FEATURES:
        return None
    return written(unit, NO_SPOT, ONE, params)


def _not_public(user: User | AnonymousUser, params: Params) -> IssueQuerySet:
    if not user.is_authenticated:
        return Issue.objects.none()
    return filtered(Issue.objects.visible_to(user), params).not_public()


def _not_public_sql(issues: IssueQuerySet, box: BBox) -> tuple[str, dict[str, SqlValue]]:
    """The part of the statement that counts them, with its parameters; nothing for residents."""
    rows = issues.filter(location__bboverlaps=grown(box).polygon()).order_by()
    try:
        sql, params = rows.values_list("pk", longitude(), latitude(), "status").query.sql_with_params()
    except EmptyResultSet:
        return "", {}
    named = {f"row_{n}": value for n, value in enumerate(params)}
    return NOT_PUBLIC.format(rows=sql % tuple(f"%({name})s" for name in named)), named


def _total(unit: str, params: dict[str, SqlValue]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(TOTAL.format(unit=unit), params)
        return int(cursor.fetchone()[0])


def _params(question: Question, grid: Grid, box: BBox) -> dict[str, SqlValue]:
    """The grid in cells of the coarser level wherever its own cells are made of those."""
    level = COARSE if grid.times % 2**COARSE == 0 else 0
    asked: dict[str, SqlValue] = {"territories": question.territories, "statuses": question.statuses}
    return placed(grid, box, level) | asked | {"level": level}
