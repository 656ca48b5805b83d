"""A small map as SVG, for paper: the neighbourhood, its streets, numbered points."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import GEOSGeometry, Point, Polygon

from gatherings.models import Gathering
from territories.models import Place, PlaceKind, Territory

WIDTH = 420.0
MARGIN = 12.0
MARK = 15.0
Mark = tuple[str, Point]


def neighbourhood_map(territory: Territory | None, marks: Sequence[Mark]) -> str:
    """An SVG of a neighbourhood (EPSG:4326) with marks (label, point); without one, of the marks alone.

    Empty text when there is nothing to draw.
    """
    outline = territory.outline if territory else None
    extent = _extent(outline, marks)
    if extent is None:
        return ""
    paper = _Paper(extent)
    parts = [*_outline(paper, outline), *_streets(paper, extent), *_marks(paper, marks)]
    size = f'width="{paper.width:.0f}" height="{paper.height:.0f}"'
    view = f'viewBox="0 0 {paper.width:.0f} {paper.height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {view} {size} font-family="sans-serif">'
    return f"{head}{''.join(parts)}</svg>"


class _Paper:
    """Degrees to points of the drawing; a degree of longitude is shorter than one of latitude here."""

    def __init__(self, extent: tuple[float, float, float, float]) -> None:
        self.west, south, east, self.north = extent
        self.squeeze = math.cos(math.radians((south + self.north) / 2))
        self.scale = (WIDTH - 2 * MARGIN) / ((east - self.west) * self.squeeze)
        self.width, self.height = WIDTH, (self.north - south) * self.scale + 2 * MARGIN

    def at(self, lng: float, lat: float) -> str:
        """«x,y» of a place in degrees."""
        x = (lng - self.west) * self.squeeze * self.scale + MARGIN
        return f"{x:.1f},{(self.north - lat) * self.scale + MARGIN:.1f}"


def _extent(outline: GEOSGeometry | None, marks: Sequence[Mark]) -> tuple[float, float, float, float] | None:
    boxes = [outline.extent] if outline else []
    boxes += [point.extent for _label, point in marks]
    if not boxes:
        return None
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    pad = 0.002 if outline is None else 0.0005
    return (west - pad, south - pad, east + pad, north + pad)


def _streets(paper: _Paper, extent: tuple[float, float, float, float]) -> Iterable[str]:
    box = Polygon.from_bbox(extent)
    box.srid = 4326
    lines = Place.objects.filter(kind=PlaceKind.STREET, location__intersects=box)
    for place in lines.order_by("rank", "name")[:200]:
        for line in _lines(place.location.intersection(box)):
            yield f'<polyline points="{_path(paper, line)}" fill="none" stroke="#c9bfae" stroke-width="1.6"/>'


def _lines(geometry: GEOSGeometry) -> Iterable[Sequence]:
    if geometry.geom_type == "LineString":
        return [geometry.coords]
    return (
        [part.coords for part in geometry if part.geom_type == "LineString"] if geometry.num_geom > 1 else []
    )


def _outline(paper: _Paper, outline: GEOSGeometry | None) -> Iterable[str]:
    for polygon in outline or ():
        points = _path(paper, polygon[0].coords)
        yield f'<polygon points="{points}" fill="#eef3f3" stroke="#0d4a55" stroke-width="1.8"/>'


def _marks(paper: _Paper, marks: Sequence[Mark]) -> Iterable[str]:
    for label, point in reversed(marks):
        x, y = paper.at(point.x, point.y).split(",")
        yield f'<circle cx="{x}" cy="{y}" r="{MARK}" fill="#a8421c" stroke="#ffffff" stroke-width="2"/>'
        yield (
            f'<text x="{x}" y="{float(y) + 5.6:.1f}" font-size="16" font-weight="700" fill="#ffffff" '
            f'text-anchor="middle">{int(label)}</text>'
        )


def _path(paper: _Paper, coordinates: Iterable) -> str:
    return " ".join(paper.at(lng, lat) for lng, lat, *_height in coordinates)


def bounds(gathering: Gathering) -> list[float] | None:
    """West, south, east, north of the neighbourhood, in degrees."""
    if not gathering.territory_id:
        return None
    here = Territory.objects.filter(pk=gathering.territory_id)
    return list(here.aggregate(box=Extent("outline"))["box"])
