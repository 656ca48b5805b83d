"""Schools, clinics, squares, seniors' centres, stops, streets and crossings from a file. Imports no Django.

An OpenStreetMap extract (.osm.pbf, or a GeoPackage or Shapefile made of one) is understood by its tags;
any other file by a column `kind` or by one kind given for all. Geometry leaves in EPSG:4326.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import geopandas
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from territories.importing import columns, readers
from territories.importing.intake import Candidate, Format
from territories.importing.refusal import FileRefused

WGS84 = CRS.from_epsg(4326)
TAG = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
KINDS = (
    "street", "crossing", "square", "station", "bus_stop",
    "school", "nursery", "clinic", "seniors", "landmark",
)  # fmt: skip
# (tag, value) → kind; the first that fits. «fclass» is what extracts made for desktop programs use.
MEANING = [
    ("social_facility:for", "senior", "seniors"),
    ("social_facility", "nursing_home", "seniors"),
    ("social_facility", "assisted_living", "seniors"),
    ("amenity", "nursing_home", "seniors"),
    ("amenity", "school", "school"),
    ("amenity", "kindergarten", "nursery"),
    ("amenity", "childcare", "nursery"),
    ("amenity", "clinic", "clinic"),
    ("amenity", "hospital", "clinic"),
    ("amenity", "doctors", "clinic"),
    ("leisure", "park", "square"),
    ("leisure", "garden", "square"),
    ("leisure", "playground", "square"),
    ("place", "square", "square"),
    ("highway", "bus_stop", "bus_stop"),
    ("railway", "station", "station"),
    ("station", "subway", "station"),
    ("amenity", "townhall", "landmark"),
    ("tourism", "attraction", "landmark"),
    ("tourism", "museum", "landmark"),
    ("fclass", "school", "school"),
    ("fclass", "kindergarten", "nursery"),
    ("fclass", "clinic", "clinic"),
    ("fclass", "hospital", "clinic"),
    ("fclass", "doctors", "clinic"),
    ("fclass", "nursing_home", "seniors"),
    ("fclass", "park", "square"),
    ("fclass", "playground", "square"),
    ("fclass", "bus_stop", "bus_stop"),
    ("fclass", "railway_station", "station"),
]
ROADS = {
    "motorway": 0, "trunk": 0, "primary": 0, "secondary": 1, "tertiary": 2, "unclassified": 3,
    "residential": 3, "living_street": 3, "pedestrian": 3,
}  # fmt: skip
# Everything that can become a place: the buildings, addresses and trees of a region stay in the file.
WANTED = [
    *((tag, value) for tag, value, _kind in MEANING),
    *((tag, road) for tag in ("highway", "fclass") for road in ROADS),
]
SHAPES = {"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}


@dataclass
class Found:
    """One place; `rank` 0 is drawn first; geometry in EPSG:4326."""

    kind: str
    name: str
    rank: int
    geometry: BaseGeometry


def collect(candidates: list[Candidate], request: dict[str, Any]) -> list[Found]:
    """Every place inside the rectangle of the commune, each name once per kind; raises FileRefused."""
    ground = shapely.box(*request["extent"])
    found = [one for frame in _frames(candidates, request) for one in _places(frame, request, ground)]
    if not found:
        raise FileRefused("no_places")
    streets = _joined([one for one in found if one.kind == "street"])
    spots = [one for one in found if one.kind != "street"]
    crossings = [] if any(one.kind == "crossing" for one in spots) else _crossings(streets)
    return _numbered([*streets, *spots, *crossings])


def _frames(candidates: list[Candidate], request: dict[str, Any]) -> Iterator[geopandas.GeoDataFrame]:
    found = readers.layers(candidates)
    wanted = request.get("layer")
    if wanted or (len(found) > 1 and found[0].candidate.format is not Format.OSM and not _by_tags(found)):
        found = [readers.choose(found, wanted)]
    for layer in found:
        # A system given by hand may not be the one the file would be cut by.
        within = None if request.get("crs") else tuple(request["extent"])
        tagged = WANTED if _by_tags(found) and not request.get("kind") else ()
        table = readers.read(layer, encoding=request.get("encoding"), within=within, tagged=tagged)
        system = readers.system_of(table, request.get("crs"))
        yield table.frame.set_crs(system, allow_override=True).to_crs(WGS84)


def _by_tags(found: list[readers.Layer]) -> bool:
    """Extracts of OpenStreetMap come as several layers that belong together."""
    return all(layer.name.startswith(("gis_osm_", "points", "lines", "multi", "other_")) for layer in found)


def _places(frame: geopandas.GeoDataFrame, request: dict[str, Any], ground: BaseGeometry) -> Iterator[Found]:
    names = [str(column) for column in frame.columns if column != frame.geometry.name]
    for row in zip(*(frame[name] for name in names), frame.geometry, strict=True):
        geometry = row[-1]
        if geometry is None or geometry.is_empty or not ground.covers(geometry.representative_point()):
            continue
        place = _place(_tags(dict(zip(names, row[:-1], strict=True))), geometry, request.get("kind"))
        if place is not None:
            yield place


def _tags(row: dict[str, Any]) -> dict[str, str]:
    tags = {key.casefold(): columns.clean_text(value) for key, value in row.items()}
    tags |= dict(TAG.findall(str(row.get("other_tags") or "")))
    return {key: value for key, value in tags.items() if value}


def _place(tags: dict[str, str], geometry: BaseGeometry, wanted: str | None) -> Found | None:
    geometry = _valid(geometry)
    kind, rank = _meaning(tags, wanted)
    name = columns.clean_text(tags.get("name") or tags.get("nombre") or "")
    is_line = geometry.geom_type in ("LineString", "MultiLineString")
    if kind is None or geometry.geom_type not in SHAPES or is_line != (kind == "street"):
        return None
    if not name and kind in ("street", "crossing", "landmark", "station"):
        return None
    return Found(kind, name, rank, geometry)


def _meaning(tags: dict[str, str], wanted: str | None) -> tuple[str | None, int]:
    if wanted or tags.get("kind") in KINDS:
        return wanted or tags["kind"], int(tags["rank"]) if tags.get("rank", "").isdigit() else 1
    for tag, value, kind in MEANING:
        if tags.get(tag) == value:
            return kind, 1
    road = tags.get("highway") or tags.get("fclass")
    return ("street", ROADS[road]) if road in ROADS else (None, 1)


def _valid(geometry: BaseGeometry) -> BaseGeometry:
    flat = shapely.force_2d(geometry)
    return flat if flat.is_valid else shapely.make_valid(flat, method="structure", keep_collapsed=False)


def _joined(streets: list[Found]) -> list[Found]:
    """One street for each name, of all its pieces."""
    pieces: dict[str, list[Found]] = defaultdict(list)
    for street in streets:
        pieces[street.name].append(street)
    return [
        Found("street", name, min(one.rank for one in parts), _one_line([one.geometry for one in parts]))
        for name, parts in sorted(pieces.items())
    ]


def _one_line(parts: list[BaseGeometry]) -> BaseGeometry:
    return shapely.line_merge(shapely.union_all(parts))


def _crossings(streets: list[Found]) -> list[Found]:
    """Where two named streets meet: one point for each pair."""
    if not streets:
        return []
    shapes = [street.geometry for street in streets]
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = [(int(a), int(b)) for a, b in zip(left, right, strict=True) if a < b]
    return [_crossing(streets[a], streets[b]) for a, b in pairs]


def _crossing(first: Found, second: Found) -> Found:
    # A divided avenue meets another in several points: the one in the middle stands for all.
    points = shapely.extract_unique_points(shapely.intersection(first.geometry, second.geometry))
    middle = min(points.geoms, key=points.centroid.distance)
    return Found("crossing", f"{first.name} con {second.name}", max(first.rank, second.rank), middle)


def _numbered(found: list[Found]) -> list[Found]:
    """Names made different within a kind: «Plaza», «Plaza (2)», from north to south."""
    found = sorted(
        found, key=lambda one: (one.kind, one.name, -one.geometry.bounds[3], one.geometry.bounds[0])
    )
    seen: dict[tuple[str, str], count] = defaultdict(lambda: count(1))
    for one in found:
        number = next(seen[(one.kind, one.name)])
        one.name = one.name if number == 1 and one.name else f"{one.name} ({number})".strip()
    return found
