"""Checks of the geometry of a set of neighbourhoods. Imports no Django.

Coordinates are EPSG:4326 (x = longitude, y = latitude). Areas are geodesic, in m²; overlaps and
gaps are looked for in the metric system and measured there, in m².
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import geopandas
import numpy as np
import shapely
from pyproj import CRS, Geod
from shapely.geometry import MultiPolygon, Polygon, box, mapping
from shapely.geometry.base import BaseGeometry

from territories.importing import columns
from territories.importing.columns import Chosen, Known
from territories.importing.readers import Table
from territories.importing.refusal import FileRefused
from territories.names import name_key

GEOD = Geod(ellps="WGS84")
WGS84 = CRS.from_epsg(4326)
# A repair that changes more of a neighbourhood than this is a guess, not a repair.
MAX_REPAIR_SHARE = 0.01
# Two neighbourhoods that share more than this part of the smaller one are duplicates.
MAX_OVERLAP_SHARE = 0.5
SLIVER_M2 = 100.0
# A redrawn outer edge always differs a little.
REDRAWN_M2 = 1_000.0
OUTLINE_METRES = 8.0
# Simplifying takes long where vertices stand close: from so many on they are thinned before.
MANY_VERTICES = 20_000
THINNED_METRES = 0.5
MAX_DRAWN_VERTICES = 400
MAX_PROBLEMS_OF_A_KIND = 200


@dataclass
class Problem:
    """Something a person should look at. Areas in m²; `where` is (lng, lat); `shape` is GeoJSON."""

    kind: str
    details: dict[str, Any] = field(default_factory=dict)
    level: str = "warning"
    area_m2: float | None = None
    where: tuple[float, float] | None = None
    shape: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "kind": self.kind,
            "level": self.level,
            "details": self.details,
            "area_m2": None if self.area_m2 is None else round(self.area_m2, 1),
            "where": self.where,
            "shape": self.shape,
        }


@dataclass(frozen=True)
class Expectation:
    """What the file is compared with. `extent` is (west, south, east, north) in degrees."""

    extent: tuple[float, float, float, float]
    metric_srid: int
    count: int | None = None
    known: tuple[Known, ...] = ()
    # Numbers that neighbourhoods had, also those that are no more: never given to another.
    given: frozenset[int] = frozenset()
    # The set in force: code → boundary, EPSG:4326.
    present: dict[int, BaseGeometry] = field(default_factory=dict)
    # Overlaps and gaps up to this size, in m², are not worth a line.
    tolerance_m2: float = 1.0


@dataclass
class Drawing:
    """One neighbourhood as it will be stored; geometry in EPSG:4326."""

    code: int
    name: str
    population: int | None
    # Empty when the file does not say.
    population_source: str
    boundary: BaseGeometry
    outline: BaseGeometry
    area_m2: float


@dataclass
class Checked:
    """The neighbourhoods of a file, in the order of their codes, and everything found about them."""

    drawings: list[Drawing]
    problems: list[Problem]
    chosen: Chosen


def geodesic_area(geometry: BaseGeometry) -> float:
    """Area on the WGS 84 ellipsoid in m² of a polygon or multipolygon in EPSG:4326; holes taken off."""
    total = 0.0
    for part in getattr(geometry, "geoms", [geometry]):
        rings = [part.exterior, *part.interiors]
        areas = [abs(GEOD.polygon_area_perimeter(*shapely.get_coordinates(ring).T)[0]) for ring in rings]
        total += areas[0] - sum(areas[1:])
    return total


def check(
    table: Table, crs: CRS, expected: Expectation, *, name_field: str | None, code_field: str | None
) -> Checked:
    """Check a table read from a file; raises FileRefused when it cannot be trusted.

    `crs` is the system of the table's coordinates.
    """
    problems: list[Problem] = []
    frame = _with_geometry(table.frame, problems)
    _refuse_wrong_kinds(frame)
    chosen = columns.choose(frame, list(expected.known), name_field, code_field)
    names, codes = _identities(frame, chosen, expected, problems)
    shapes = _in_degrees(frame, crs, expected)
    shapes = _repaired(shapes, names, problems)
    _check_relations(shapes, names, expected, problems)
    drawings = _drawings(frame, chosen, names, codes, shapes, expected)
    _compare_with_present(drawings, expected, problems)
    return Checked(drawings, problems, chosen)


def _with_geometry(frame: geopandas.GeoDataFrame, problems: list[Problem]) -> geopandas.GeoDataFrame:
    if len(frame) == 0:
        raise FileRefused("empty")
    missing = frame.geometry.isna() | frame.geometry.is_empty
    if missing.all():
        raise FileRefused("null_geometries", features=len(frame))
    if missing.any():
        problems.append(Problem("rows_without_drawing", {"rows": int(missing.sum())}))
    if not np.isfinite(shapely.get_coordinates(frame.geometry.values)).all():
        raise FileRefused("not_finite")
    return frame[~missing].reset_index(drop=True)


def _refuse_wrong_kinds(frame: geopandas.GeoDataFrame) -> None:
    kinds = set(frame.geometry.geom_type) - {"Polygon", "MultiPolygon"}
    if kinds:
        raise FileRefused("not_polygons", kinds=sorted(kinds))


def _identities(
    frame: geopandas.GeoDataFrame, chosen: Chosen, expected: Expectation, problems: list[Problem]
) -> tuple[list[str], list[int]]:
    names = [columns.clean_text(value) for value in frame[chosen.name]]
    if "" in names:
        raise FileRefused("nameless", row=names.index("") + 1, field=chosen.name)
    _refuse_doubles(names)
    if expected.count is not None and len(names) != expected.count:
        raise _wrong_count(names, expected)
    _compare_names(names, expected, problems)
    return names, _codes(frame, chosen, names, expected, problems)


def _refuse_doubles(names: list[str]) -> None:
    keys = [name_key(name) for name in names]
    doubled = sorted({name for name, key in zip(names, keys, strict=True) if keys.count(key) > 1})
    if doubled:
        raise FileRefused("double_names", names=doubled[:20])


def _wrong_count(names: list[str], expected: Expectation) -> FileRefused:
    missing, extra = _difference(names, expected)
    return FileRefused(
        "wrong_count", found=len(names), expected=expected.count, missing=missing[:30], extra=extra[:30]
    )


def _difference(names: list[str], expected: Expectation) -> tuple[list[str], list[str]]:
    present = {name_key(name) for name in names}
    known = {key for one in expected.known for key in one.keys}
    missing = [one.name for one in expected.known if not one.keys & present]
    extra = [name for name in names if name_key(name) not in known]
    return (missing, extra) if expected.known else ([], [])


def _compare_names(names: list[str], expected: Expectation, problems: list[Problem]) -> None:
    missing, extra = _difference(names, expected)
    if missing:
        problems.append(Problem("names_missing", {"names": missing[:30]}))
    if extra:
        problems.append(Problem("names_new", {"names": extra[:30]}))


def _codes(
    frame: geopandas.GeoDataFrame,
    chosen: Chosen,
    names: list[str],
    expected: Expectation,
    problems: list[Problem],
) -> list[int]:
    by_name = {key: one.code for one in expected.known for key in one.keys}
    if chosen.code is None:
        codes = _codes_by_name(names, by_name, expected.given)
        problems.append(Problem("codes_given", {"codes": len(codes)}, level="note"))
        return codes
    read = [columns.whole_number(value) for value in frame[chosen.code]]
    codes = [code for code in read if code is not None]
    if len(codes) < len(read):
        raise FileRefused("bad_code", name=names[read.index(None)], field=chosen.code)
    if len(set(codes)) != len(codes):
        raise FileRefused(
            "double_codes", codes=sorted({code for code in codes if codes.count(code) > 1})[:20]
        )
    _compare_codes(names, codes, by_name, problems)
    return codes


def _codes_by_name(names: list[str], by_name: dict[str, int], given: frozenset[int]) -> list[int]:
    known = [by_name.get(name_key(name)) for name in names]
    taken = given.union(code for code in known if code is not None)
    free = (number for number in count(1) if number not in taken)
    used: set[int] = set()
    codes = []
    for code in known:
        code = code if code is not None and code not in used else next(free)
        used.add(code)
        codes.append(code)
    return codes


def _compare_codes(
    names: list[str], codes: list[int], by_name: dict[str, int], problems: list[Problem]
) -> None:
    for name, code in zip(names, codes, strict=True):
        before = by_name.get(name_key(name))
        if before is not None and before != code:
            problems.append(Problem("code_changed", {"name": name, "before": before, "after": code}))


def _in_degrees(frame: geopandas.GeoDataFrame, crs: CRS, expected: Expectation) -> geopandas.GeoSeries:
    if crs.is_geographic:
        _refuse_what_is_no_degree(frame, expected)
    shapes = frame.geometry.set_crs(crs, allow_override=True)
    if not _is_wgs84(crs):
        shapes = shapes.to_crs(WGS84)
    if not np.isfinite(shapely.get_coordinates(shapes.values)).all():
        raise FileRefused("outside_crs", crs=crs.name[:80])
    _refuse_other_place(shapes, expected)
    return shapes


def _is_wgs84(crs: CRS) -> bool:
    return crs.to_epsg(min_confidence=100) == 4326


def _refuse_what_is_no_degree(frame: geopandas.GeoDataFrame, expected: Expectation) -> None:
    west, south, east, north = frame.total_bounds
    if west < -360 or east > 360 or south < -360 or north > 360:
        raise FileRefused("not_degrees", x=round(float(west)), y=round(float(south)))


def _refuse_other_place(shapes: geopandas.GeoSeries, expected: Expectation) -> None:
    ground = box(*expected.extent)
    points = shapes.representative_point()
    away = ~points.within(ground)
    if not away.any():
        return
    west, south, east, north = expected.extent
    if points.within(box(south, west, north, east)).all():
        raise FileRefused("swapped_axes")
    first = points[away].iloc[0]
    raise FileRefused(
        "wrong_place", lng=round(first.x, 3), lat=round(first.y, 3), away=int(away.sum()), total=len(shapes)
    )


def _repaired(shapes: geopandas.GeoSeries, names: list[str], problems: list[Problem]) -> list[BaseGeometry]:
    result = []
    for shape, name in zip(shapes, names, strict=True):
        if shape.is_valid:
            result.append(_multi(shape))
            continue
        result.append(_repair(shape, name, problems))
    return result


def _repair(shape: BaseGeometry, name: str, problems: list[Problem]) -> BaseGeometry:
    reason, where = _reason(shape)
    mended = _multi(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    before, after = geodesic_area(shape), geodesic_area(mended)
    changed = abs(after - before)
    # A ring that runs twice round keeps its area in both methods only when nothing was invented.
    other = geodesic_area(_multi(shapely.make_valid(shape)))
    if mended.is_empty or max(changed, abs(after - other)) > MAX_REPAIR_SHARE * max(before, after):
        raise FileRefused(
            "irreparable", name=name, reason=reason, area_m2=round(max(changed, abs(after - other)))
        )
    problems.append(Problem("repaired", {"name": name, "reason": reason}, area_m2=changed, where=where))
    return mended


def _reason(shape: BaseGeometry) -> tuple[str, tuple[float, float] | None]:
    """Why a shape is not valid, as GEOS says «Self-intersection[-70.76 -33.51]», and where."""
    reason = shapely.is_valid_reason(shape)
    found = re.fullmatch(r"([^\[]*)\[([-\d.e]+) ([-\d.e]+).*\]", reason)
    if not found:
        return reason, None
    return found[1].strip(), (round(float(found[2]), 6), round(float(found[3]), 6))


def _multi(shape: BaseGeometry) -> BaseGeometry:
    parts = [one for one in shapely.get_parts(shapely.get_parts(shape)) if one.geom_type == "Polygon"]
    whole = MultiPolygon([part for part in parts if not part.is_empty])
    # Outer rings counterclockwise, as RFC 7946 asks, however the file turned them.
    return shapely.orient_polygons(whole, exterior_cw=False)


def _at(shape: BaseGeometry) -> dict[str, Any]:
    point = shape.representative_point()
    return {"where": (round(point.x, 6), round(point.y, 6)), "shape": _small(shape)}


def _small(shape: BaseGeometry) -> dict[str, Any]:
    if shapely.get_num_coordinates(shape) > MAX_DRAWN_VERTICES:
        shape = shape.envelope
    return mapping(shapely.set_precision(shape, 1e-7, mode="pointwise"))


def _check_relations(
    shapes: list[BaseGeometry], names: list[str], expected: Expectation, problems: list[Problem]
) -> None:
    series = geopandas.GeoSeries(shapes, crs=WGS84)
    metric = series.to_crs(expected.metric_srid)
    found = _overlaps(metric, names, expected)
    whole = shapely.union_all(metric.values)
    found += _gaps(whole, expected, metric.crs)
    found += _uncovered(whole, expected, metric.crs)
    found += _small_parts(series, names)
    found += _outside(metric, names, expected)
    problems.extend(found)


def _overlaps(metric: geopandas.GeoSeries, names: list[str], expected: Expectation) -> list[Problem]:
    left, right = metric.sindex.query(metric, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    shared = shapely.intersection(metric.values[left], metric.values[right])
    smaller = np.minimum(metric.area.values[left], metric.area.values[right])
    areas = shapely.area(shared)
    for place in np.flatnonzero(areas > MAX_OVERLAP_SHARE * smaller)[:1]:
        first, second = names[left[place]], names[right[place]]
        raise FileRefused("covers_other", first=first, second=second, area_m2=round(areas[place]))
    found = [
        (shared[place], {"first": names[left[place]], "second": names[right[place]]})
        for place in np.flatnonzero(areas > expected.tolerance_m2)
    ]
    return _largest("overlap", found, metric.crs)


def _gaps(whole: BaseGeometry, expected: Expectation, crs: CRS) -> list[Problem]:
    found: list[tuple[BaseGeometry, dict]] = [
        (hole, {}) for hole in _holes(whole) if hole.area > expected.tolerance_m2
    ]
    return _largest("gap", found, crs)


def _holes(shape: BaseGeometry) -> list[Polygon]:
    return [Polygon(ring) for part in _multi(shape).geoms for ring in part.interiors]


def _uncovered(whole: BaseGeometry, expected: Expectation, crs: CRS) -> list[Problem]:
    """Ground of the set in force that no neighbourhood of the file covers, gaps aside."""
    if not expected.present:
        return []
    filled = shapely.union_all([whole, *_holes(whole)])
    lost = _multi(shapely.difference(_ground(expected, crs), filled))
    least = max(expected.tolerance_m2, REDRAWN_M2)
    found: list[tuple[BaseGeometry, dict]] = [(part, {}) for part in lost.geoms if part.area > least]
    return _largest("uncovered", found, crs)


def _largest(kind: str, found: list[tuple[BaseGeometry, dict]], crs: CRS) -> list[Problem]:
    found = sorted(found, key=lambda pair: -pair[0].area)[:MAX_PROBLEMS_OF_A_KIND]
    in_degrees = geopandas.GeoSeries([shape for shape, _details in found], crs=crs).to_crs(WGS84)
    return [
        Problem(kind, details, area_m2=shape.area, **_at(degrees))
        for (shape, details), degrees in zip(found, in_degrees, strict=True)
    ]


def _small_parts(series: geopandas.GeoSeries, names: list[str]) -> list[Problem]:
    found = []
    for shape, name in zip(series, names, strict=True):
        holes = _holes(shape)
        slivers = [part for part in shape.geoms if len(shape.geoms) > 1 and geodesic_area(part) < SLIVER_M2]
        found += [_piece("hole", name, one, "note") for one in holes]
        found += [_piece("sliver", name, one, "warning") for one in slivers]
    return found[:MAX_PROBLEMS_OF_A_KIND]


def _piece(kind: str, name: str, shape: BaseGeometry, level: str) -> Problem:
    return Problem(kind, {"name": name}, level, geodesic_area(shape), **_at(shape))


def _outside(metric: geopandas.GeoSeries, names: list[str], expected: Expectation) -> list[Problem]:
    ground = _ground(expected, metric.crs)
    found = []
    for shape, name in zip(metric, names, strict=True):
        beyond = shapely.difference(shape, ground)
        # A redrawn edge always differs by a few metres: what counts is a part of some size.
        if beyond.area > max(expected.tolerance_m2, 0.001 * shape.area):
            found.append((beyond, {"name": name}))
    return _largest("outside", found, metric.crs)


def _ground(expected: Expectation, crs: CRS) -> BaseGeometry:
    if not expected.present:
        return geopandas.GeoSeries([box(*expected.extent).segmentize(0.01)], crs=WGS84).to_crs(crs).iloc[0]
    return shapely.union_all(
        geopandas.GeoSeries(list(expected.present.values()), crs=WGS84).to_crs(crs).values
    )


def _drawings(
    frame: geopandas.GeoDataFrame,
    chosen: Chosen,
    names: list[str],
    codes: list[int],
    shapes: list[BaseGeometry],
    expected: Expectation,
) -> list[Drawing]:
    outlines = simplified(shapes, expected.metric_srid)
    people = [columns.population_of(value) for value in _column(frame, chosen.population)]
    sources = [columns.clean_text(value) for value in _column(frame, chosen.population_source)]
    areas = [geodesic_area(shape) for shape in shapes]
    rows = zip(codes, names, people, sources, shapes, outlines, areas, strict=True)
    return sorted((Drawing(*row) for row in rows), key=lambda drawing: drawing.code)


def _column(frame: geopandas.GeoDataFrame, name: str | None) -> list[Any]:
    return list(frame[name]) if name else [None] * len(frame)


def simplified(shapes: list[BaseGeometry], metric_srid: int) -> list[BaseGeometry]:
    """The same neighbourhoods with fewer vertices, simplified together so that shared lines stay shared.

    EPSG:4326 in and out. Where simplifying would break a shape, the whole one is kept.
    """
    metric = geopandas.GeoSeries(shapes, crs=WGS84).to_crs(metric_srid)
    simple = shapely.coverage_simplify(_thinned(metric.values), OUTLINE_METRES)
    degrees = geopandas.GeoSeries(simple, crs=metric_srid).to_crs(WGS84)
    pairs = zip(degrees, shapes, strict=True)
    return [_multi(small) if small.is_valid and not small.is_empty else whole for small, whole in pairs]


def _thinned(shapes: np.ndarray) -> np.ndarray:
    """The same with vertices put on a grid of half a metre, and each only once.

    Neighbours that share a vertex still do.
    """
    if shapely.get_num_coordinates(shapes).sum() < MANY_VERTICES:
        return shapes
    return shapely.remove_repeated_points(shapely.set_precision(shapes, THINNED_METRES, mode="pointwise"))


def _compare_with_present(drawings: list[Drawing], expected: Expectation, problems: list[Problem]) -> None:
    for drawing in drawings:
        before = expected.present.get(drawing.code)
        if before is None:
            continue
        old = geodesic_area(before)
        if old and abs(drawing.area_m2 - old) > 0.001 * old:
            share = round(100 * (drawing.area_m2 - old) / old, 1)
            details = {"name": drawing.name, "before_m2": round(old), "after_m2": round(drawing.area_m2)}
            problems.append(Problem("area_changed", details | {"percent": share}, level="note"))
