"""A million points to their neighbourhoods, against a bare join with the pieces of the boundaries."""

from __future__ import annotations

from django.db import connection, transaction

from demo.indexes import put_aside
from issues.life.territory_assignment import count_moves
from territories.locating import locate
from territories.models import BoundarySet
from tests.bench.harness import Context, Row, columns_of, fetched, must_agree, side_by_side

POINTS = 1_000_000
NEW = ("id", "reference", "location")
JOIN = """
    SELECT count({what}) FROM issues_issue issue
    JOIN territories_territorypart part ON ST_Covers(part.shape, issue.location)
    WHERE part.boundary_set_id = %s
"""
# More rows like those there are, each up to 100 m away: some fall outside the commune.
TOP_UP = """
    INSERT INTO issues_issue (id, reference, location, {columns})
    SELECT gen_random_uuid(), 'B-0000-' || lpad(number::text, 9, '0'),
        ST_Translate(pattern.location, (random() - 0.5) * 0.002, (random() - 0.5) * 0.002), {columns}
    FROM generate_series(1, %(more)s) AS number
    JOIN (SELECT *, row_number() OVER () AS place FROM issues_issue) AS pattern
        ON pattern.place = 1 + number %% %(there)s
"""
SAMPLE = "SELECT ST_X(location), ST_Y(location) FROM issues_issue LIMIT 10000"
NOTE = "assigned and compared with what is stored, none lost; the floor counts a border point twice"


def run(context: Context) -> list[Row]:
    """All points by one statement; then 10,000 as the interface asks for them. Nothing stays stored."""
    with transaction.atomic():
        size = max(context.size, POINTS)
        _top_up(context.size, size - context.size)
        rows = [_all(size, min(context.repeats, 3)), _asked(size)]
        transaction.set_rollback(True)
    return rows


def _all(size: int, repeats: int) -> Row:
    current = BoundarySet.objects.in_force().get()
    ((inside,),) = fetched(JOIN.format(what="DISTINCT issue.id"), [current.pk])
    must_agree("points outside the commune", count_moves(current).leaving, size - int(inside))
    ours, floor = side_by_side(lambda: count_moves(current), lambda: _join(current), repeats)
    return Row("territory assignment of all points", size, ours, floor, goal=2.0, note=NOTE)


def _asked(size: int) -> Row:
    current = BoundarySet.objects.in_force().get()
    points = fetched(SAMPLE)
    ours, floor = side_by_side(lambda: locate(points), lambda: _join(current), 1)
    note = f"{ours / len(points) * 1e6:.0f} µs a point; the floor is their share of the bare join"
    return Row("territory of points asked for", len(points), ours, floor / size * len(points), note=note)


def _join(current: BoundarySet) -> None:
    fetched(JOIN.format(what="*"), [current.pk])


def _top_up(there: int, more: int) -> None:
    """Add points for the time of the measurement; only the index that finds them is kept."""
    if more <= 0:
        return
    columns = ", ".join(name for name in columns_of("issues_issue") if name not in NEW)
    put_aside("issues_issue")  # The rollback brings them back.
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX bench_location ON issues_issue USING gist (location)")
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(TOP_UP.format(columns=columns), {"more": more, "there": there})
        cursor.execute("ANALYZE issues_issue")
