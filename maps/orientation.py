"""The project's own map as one document: neighbourhoods, streets, squares, stations, crossings."""

from __future__ import annotations

from django.db import connection

from territories.models import PlaceKind

# Bus stops are for search and level V: thousands of them would only cover the streets.
NOT_DRAWN = (PlaceKind.BUS_STOP,)

ORIENTATION_SQL = """
SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(f.feature), '[]'))::text
FROM (
  SELECT json_build_object(
    'type', 'Feature',
    'geometry', ST_AsGeoJSON(ST_ForcePolygonCCW(t.outline), 5)::json,
    'properties', json_build_object('kind', 'territory', 'set', s.id, 'code', t.code, 'name', t.name,
      'slug', t.slug,
      'label', ST_AsGeoJSON(t.label_point, 5)::json -> 'coordinates')
  ) AS feature
  FROM territories_territory t JOIN territories_boundaryset s ON s.id = t.boundary_set_id
  WHERE s.is_active AND upper_inf(s.valid)
  UNION ALL
  SELECT json_build_object(
    'type', 'Feature',
    'geometry', ST_AsGeoJSON(ST_ForcePolygonCCW(p.location), 5)::json,
    'properties', json_build_object('kind', p.kind, 'name', p.name, 'rank', p.rank)
  )
  FROM territories_place p WHERE NOT p.kind = ANY(%s)
) f
"""


def orientation_document() -> str:
    """GeoJSON text (EPSG:4326, five decimals) that PostgreSQL builds in one query."""
    with connection.cursor() as cursor:
        cursor.execute(ORIENTATION_SQL, [list(NOT_DRAWN)])
        return cursor.fetchone()[0]
