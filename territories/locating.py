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

# Cutting rounds: what falls between two pieces of a boundary is looked for in the whole boundary.
# {set} and {point} are SQL expressions; the answer is the id of a territory, or NULL.
FIND_TERRITORY = """coalesce((
    SELECT part.territory_id FROM territories_territorypart part
    WHERE part.boundary_set_id = {set} AND ST_Covers(part.shape, {point})
    ORDER BY part.code LIMIT 1
), (
    SELECT territory.id FROM territories_territory territory
    WHERE territory.boundary_set_id = {set} AND ST_Covers(territory.boundary, {point})
    ORDER BY territory.code LIMIT 1
))"""

LOCATE_ALL = f"""
    SELECT territory.code, territory.name, territory.slug
    FROM unnest(%(lngs)s::float8[], %(lats)s::float8[]) WITH ORDINALITY AS told (lng, lat, place)
    LEFT JOIN territories_territory territory ON territory.id = {
    FIND_TERRITORY.format(set="%(set)s", point="ST_SetSRID(ST_MakePoint(told.lng, told.lat), 4326)")
}
    ORDER BY told.place
"""  # noqa: S608


def locate(points: Sequence[tuple[float, float]], day: dt.date | None = None) -> list[Neighbourhood | None]:
    """Code, name and slug of the neighbourhood of each (lng, lat), None outside, in the order given.

    By the boundaries in force now, or on a day; one statement however many points there are.
    """
    sets = BoundarySet.objects.valid_on(day) if day else BoundarySet.objects.in_force()
    return locate_in(sets.values_list("pk", flat=True).first(), points)


def locate_in(boundary_set: int | None, points: Sequence[tuple[float, float]]) -> list[Neighbourhood | None]:
    """The same by the set of this id, in force or not; without a set every point is in none."""
    told = {
        "set": boundary_set,
        "lngs": [lng for lng, _lat in points],
        "lats": [lat for _lng, lat in points],
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCATE_ALL, told)
        return [_neighbourhood(*row) for row in cursor]


def _neighbourhood(code: int | None, name: str, slug: str) -> Neighbourhood | None:
    return None if code is None else {"code": code, "name": name, "slug": slug}
