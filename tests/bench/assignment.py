"""Every point to its neighbourhood, beside a bare join with the pieces of the boundaries."""

from __future__ import annotations

from issues.territory_assignment import count_moves
from territories.locating import locate
from territories.models import BoundarySet
from tests.bench.harness import Context, Row, fetched, must_agree, side_by_side

JOIN = """
    SELECT count(*) FROM issues_issue issue
    JOIN territories_territorypart part ON ST_Covers(part.shape, issue.location)
    WHERE part.boundary_set_id = %s
"""
STORED = "assigned, compared with what is stored, none lost; the floor counts a border point twice"
SAMPLE = "SELECT ST_X(location), ST_Y(location) FROM issues_issue LIMIT 10000"


def run(context: Context) -> list[Row]:
    """All points by one statement that also compares with what is stored; then 10,000 as the API does."""
    current = BoundarySet.objects.in_force().get()
    ((joined,),) = fetched(JOIN, [current.pk])
    if joined < context.size:
        raise AssertionError("the bare join lost points")
    must_agree("points that moved", tuple(vars(count_moves(current)).values()), (0, 0))
    repeats = min(context.repeats, 3)
    ours, floor = side_by_side(lambda: count_moves(current), lambda: fetched(JOIN, [current.pk]), repeats)
    points = fetched(SAMPLE)
    asked, bare = side_by_side(lambda: locate(points), lambda: fetched(JOIN + "LIMIT 1", [current.pk]), 1)
    share = bare / context.size * len(points)
    told = f"{asked / len(points) * 1e6:.0f} µs a point; the floor is their share of the bare join"
    return [
        Row("territory assignment of all points", context.size, ours, floor, note=STORED),
        Row("territory of points asked for at once", len(points), asked, share, note=told),
    ]
