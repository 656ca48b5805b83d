"""Mapbox vector tiles for other map clients: public problems and neighbourhoods, written by PostGIS."""

from __future__ import annotations

import math

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from issues.life.hiding import PUBLIC_SECONDS
from issues.models import Category, Issue, IssueQuerySet, Visibility
from issues.query.filters import BadFilter, Params, filtered
from maps.error_views import answer
from territories.geo import BBox
from territories.media_types import MEDIA_TYPES
from territories.models import Territory

MAX_ZOOM = 22
# Of one tile; at low zooms the heaviest come first.
MAX_POINTS = 20_000
MVT = MEDIA_TYPES["mvt"]

ENVELOPE = "ST_TileEnvelope(%s, %s, %s)"
# The heaviest are chosen by their ids alone, which an index can do; the names come for those only.
ISSUES_SQL = """
WITH hit (id) AS MATERIALIZED ({rows})
SELECT ST_AsMVT(cell, 'issues', 4096, 'geom') FROM (
  SELECT issue.reference, issue.title, issue.status, round(issue.index / 3.0, 1)::float AS index,
    category.code AS category, g.code AS "group", territory.code AS territory,
    ST_AsMVTGeom(ST_Transform(issue.location, 3857), {envelope}, 4096, 64, true) AS geom
  FROM hit JOIN issues_issue issue ON issue.id = hit.id
  JOIN issues_category category ON category.id = issue.category_id
  JOIN issues_categorygroup g ON g.id = category.group_id
  LEFT JOIN territories_territory territory ON territory.id = issue.territory_id
) cell WHERE geom IS NOT NULL
"""
TERRITORIES_SQL = f"""
WITH tile AS (SELECT {ENVELOPE} AS box)
SELECT ST_AsMVT(cell, 'territories', 4096, 'geom') FROM (
  SELECT t.code, t.name, t.slug,
    ST_AsMVTGeom(ST_Transform(t.outline, 3857), tile.box, 4096, 64, true) AS geom
  FROM tile, territories_territory t
  WHERE t.id = ANY(%s) AND t.outline && ST_Transform(tile.box, 4326)
) cell WHERE geom IS NOT NULL
"""  # noqa: S608  # nosec B608 # constants only


@require_safe
def tile(request: HttpRequest, layer: str, z: str, x: str, y: str) -> HttpResponse:
    """One tile of `issues` or `territories`, of whole numbers z, x, y; empty where nothing is."""
    return _tile(request, layer, int(z), int(x), int(y))


def _tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    if z > MAX_ZOOM or x >= 2**z or y >= 2**z:
        return answer(request, 400, _("Esa tesela no existe"), _("z va de 0 a 22; x e y, de 0 a 2^z - 1."))
    try:
        body = _issues_tile(request, z, x, y) if layer == "issues" else _territories_tile(z, x, y)
    except BadFilter as refusal:
        return answer(request, 400, _("No entendimos el filtro"), str(refusal))
    made = HttpResponse(body, content_type=MVT)
    made["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    return made


def _issues_tile(request: HttpRequest, z: int, x: int, y: int) -> bytes:
    # What lies just outside, by the rounding of the index, is cut off with the margin.
    inside = _public(request.GET).filter(location__bboverlaps=tile_box(z, x, y).polygon())
    heaviest = inside.order_by(F("index").desc(nulls_last=True), "pk")[:MAX_POINTS]
    try:
        rows, params = heaviest.values_list("pk").query.sql_with_params()
    except EmptyResultSet:
        return b""
    return _one(ISSUES_SQL.format(rows=rows, envelope=ENVELOPE), [*params, z, x, y])


def _public(params: Params) -> IssueQuerySet:
    """The public problems, categories by number: a join would keep the planner from the index."""
    shown = list(Category.objects.public().order_by().values_list("pk", flat=True))
    return filtered(Issue.objects.filter(visibility=Visibility.PUBLIC, category_id__in=shown), params)


def tile_box(z: int, x: int, y: int) -> BBox:
    """A tile's rectangle in degrees with a margin of 1/64, so that marks on its edge are whole."""
    margin, size = 1 / 64, 2**z
    north, south = (_latitude(max(0.0, min(1.0, edge / size))) for edge in (y - margin, y + 1 + margin))
    west, east = (360 * max(0.0, min(1.0, edge / size)) - 180 for edge in (x - margin, x + 1 + margin))
    return BBox(west, south, east, north)


def _latitude(down: float) -> float:
    """Web mercator: 0 at the top of the world, 1 at its bottom → degrees."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))


def _territories_tile(z: int, x: int, y: int) -> bytes:
    in_force = list(Territory.objects.current().values_list("pk", flat=True))
    return _one(TERRITORIES_SQL, [z, x, y, in_force])


def _one(sql: str, params: list) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return bytes(cursor.fetchone()[0] or b"")
