"""Boundaries: import of 21 and of 5,000 polygons, one point among them, and every point at once four ways.

Each way gives every point one neighbourhood, the lowest code on a shared line, as a stored table.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import geopandas
import numpy as np
import shapely
from django.conf import settings
from django.db import connection, transaction
from shapely.geometry import box

from issues.life.territory_assignment import FOUND
from territories.boundaries.loading import Options, load
from territories.boundaries.metadata import Metadata
from territories.locating import locate_in
from territories.models import BoundarySet
from tests.bench.harness import Context, Row, clock, fetched, must_agree, once

SHIPPED = Path(settings.BASE_DIR) / "shapefiles" / "barrios_maipu.shp"
COLUMNS, ROWS = 100, 50
POINTS = 2_000
SAMPLE = "SELECT ST_X(location), ST_Y(location) FROM issues_issue ORDER BY id LIMIT %s"
PLAIN = """
    SELECT DISTINCT ON (issue.id) issue.id, territory.id AS territory_id
    FROM issues_issue issue JOIN territories_territory territory
    ON ST_Covers(territory.boundary, issue.location) WHERE territory.boundary_set_id = %(set)s
    ORDER BY issue.id, territory.code
"""
SUBDIVIDED = """
    SELECT DISTINCT ON (issue.id) issue.id, part.territory_id
    FROM issues_issue issue JOIN territories_territorypart part
    ON ST_Covers(part.shape, issue.location) WHERE part.boundary_set_id = %(set)s
    ORDER BY issue.id, part.code
"""
OURS = f"SELECT id, after_id AS territory_id FROM ({FOUND}) found"


def run(context: Context) -> list[Row]:
    """Imports and single points are the same at every size; the assignment is of all problems."""
    current = BoundarySet.objects.in_force().get()
    with tempfile.TemporaryDirectory() as folder:
        grid = _grid(Path(folder) / "grid.gpkg")
        rows = [_import(SHIPPED, 21, 3), _import(grid, COLUMNS * ROWS, 1)]
        rows += [_points(current, 21), _points_of_grid(grid)]
    return rows + _assignment(context, current)


def _grid(path: Path) -> Path:
    """5,000 rectangles side by side over the commune."""
    west, south, east, north = settings.COMMUNE_EXTENT
    width, height = (east - west) / COLUMNS, (north - south) / ROWS
    corners = [(west + width * x, south + height * y) for y in range(ROWS) for x in range(COLUMNS)]
    shapes = [box(x, y, x + width, y + height) for x, y in corners]
    data = {"code": range(1, len(shapes) + 1), "name": [f"Cuadro {n}" for n in range(1, len(shapes) + 1)]}
    geopandas.GeoDataFrame(data, geometry=shapes, crs=4326).to_file(path, layer="grid")
    return path


def _import(path: Path, count: int, repeats: int) -> Row:
    """Ours examines in a child and stores; the floor reads, reprojects, looks at validity and inserts."""
    ours = median(_with_children(lambda: _loaded_and_forgotten(path, count)) for _ in range(repeats))
    floor = median(_with_children(lambda: _bare_import(path)) for _ in range(repeats))
    note = "ours: child process with its libraries, every check, outline, pieces, picture"
    return Row(f"import of {count:,} polygons", count, ours, floor, note=note)


def _with_children(work: Callable[[], object]) -> float:
    def children() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    since = clock() + children()
    work()
    return clock() + children() - since


def _loaded_and_forgotten(path: Path, count: int) -> None:
    with transaction.atomic():
        load(path, Options(expect=count, tolerance_m2=0.5 + count / 1e6), Metadata(name="bench"))
        transaction.set_rollback(True)


def _bare_import(path: Path) -> None:
    frame = geopandas.read_file(path).to_crs(4326)
    if not frame.geometry.is_valid.all():
        raise AssertionError("the measured file is not valid")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare (name text, shape geometry)")
        pairs = zip(frame["name"], shapely.to_wkb(frame.geometry.values), strict=True)
        cursor.executemany("INSERT INTO bare VALUES (%s, ST_GeomFromWKB(%s, 4326))", list(pairs))
        cursor.execute("DROP TABLE bare")


def _points(boundary_set: BoundarySet, polygons: int) -> Row:
    points = [(float(lng), float(lat)) for lng, lat in fetched(SAMPLE, [POINTS])]
    ours = once(lambda: [locate_in(boundary_set.pk, [point]) for point in points]) / len(points)
    floor = once(lambda: [_bare_point(boundary_set.pk, point) for point in points]) / len(points)
    note = "per point; floor: the whole boundaries asked by bare SQL"
    return Row(f"one point among {polygons:,} polygons", len(points), ours, floor, note=note)


def _bare_point(boundary_set: int, point: tuple[float, float]) -> object:
    sql = (
        "SELECT code, name, slug FROM territories_territory WHERE boundary_set_id = %s "
        "AND ST_Covers(boundary, ST_SetSRID(ST_MakePoint(%s, %s), 4326)) ORDER BY code LIMIT 1"
    )
    return fetched(sql, [boundary_set, *point])


def _points_of_grid(grid: Path) -> Row:
    with transaction.atomic():
        made = load(grid, Options(expect=COLUMNS * ROWS), Metadata(name="bench")).boundary_set
        row = _points(made, COLUMNS * ROWS)
        transaction.set_rollback(True)
    return row


def _assignment(context: Context, current: BoundarySet) -> list[Row]:
    """Four ways, one after the other in every round, so that a busy machine slows all of them."""
    ways = {
        "ours": lambda: _stored(OURS, current.pk),
        "PostGIS, plain join": lambda: _stored(PLAIN, current.pk),
        "PostGIS, subdivided": lambda: _stored(SUBDIVIDED, current.pk),
        "geopandas.sjoin": lambda: _sjoin(current.pk),
    }
    size = fetched("SELECT count(*) FROM issues_issue")[0][0]
    answers = {name: _answer(way) for name, way in ways.items()}
    for name, answer in answers.items():
        must_agree(name, answers["ours"], answer)
    rounds = [{name: once(way) for name, way in ways.items()} for _ in range(3)]
    data = {name: median(one[name] for one in rounds) for name in ways}
    ours, best = data.pop("ours"), min(data.values())
    note = "; ".join(f"{name} {seconds:.2f} s" for name, seconds in data.items())
    return [Row("all points to 21 polygons, best of three", int(size), ours, best, 1.1, note)]


def _answer(way: Callable[[], object]) -> object:
    """How many points have a neighbourhood, and one figure for which has which."""
    way()
    return fetched(
        "SELECT count(*), sum(hashtextextended(id || ':' || territory_id, 0)) FROM bench_found "
        "WHERE territory_id IS NOT NULL"
    )[0]


def _stored(sql: str, boundary_set: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_found")
        cursor.execute(f"CREATE UNLOGGED TABLE bench_found AS {sql}", {"set": boundary_set})


def _sjoin(boundary_set: int) -> None:
    """Points out, joined in memory, lowest code kept, ids back by COPY."""
    points = fetched("SELECT id, ST_X(location), ST_Y(location) FROM issues_issue")
    shapes = fetched(
        "SELECT id, code, ST_AsBinary(boundary) FROM territories_territory WHERE boundary_set_id = %s",
        [boundary_set],
    )
    places = np.array([point[1:] for point in points], dtype=float)
    left = geopandas.GeoDataFrame(
        {"id": [point[0] for point in points]}, geometry=shapely.points(places), crs=4326
    )
    boundaries = shapely.from_wkb([bytes(shape[2]) for shape in shapes])
    data = {"territory": [shape[0] for shape in shapes], "code": [shape[1] for shape in shapes]}
    right = geopandas.GeoDataFrame(data, geometry=boundaries, crs=4326)
    joined = geopandas.sjoin(left, right, predicate="intersects").sort_values("code").drop_duplicates("id")
    _copied(joined["id"], joined["territory"])


def _copied(ids: object, territories: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_found")
        cursor.execute("CREATE UNLOGGED TABLE bench_found (id uuid, territory_id bigint)")
        with cursor.connection.cursor() as raw, raw.copy("COPY bench_found FROM STDIN") as copy:
            copy.write(
                "".join(f"{id}\t{territory}\n" for id, territory in zip(ids, territories, strict=True))
            )
