"""A small map as SVG, for paper: the neighbourhood, its streets, numbered points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib.gis.db.models import Extent as ExtentOf
from django.contrib.gis.geos import MultiPolygon, Point

from gatherings.models import Gathering
from territories.models import Territory
from territories.paper import Extent, Paper
from territories.places.sketch import streets_in

WIDTH = 420.0
MARGIN = 12.0
MARK = 15.0
MOST_STREETS = 200
Mark = tuple[str, Point]


def neighbourhood_map(territory: Territory | None, marks: Sequence[Mark]) -> str:
    """An SVG of a neighbourhood (EPSG:4326) with marks (label, point); without one, of the marks alone.

    Empty text when there is nothing to draw.
    """
    outline = territory.outline if territory else None
    extent = _extent(outline, marks)
    if extent is None:
        return ""
    paper = Paper(*extent, WIDTH, MARGIN)
    parts = [*_outline(paper, outline), *_streets(paper, extent), *_marks(paper, marks)]
    size = f'width="{paper.width:.0f}" height="{paper.height:.0f}"'
    view = f'viewBox="0 0 {paper.width:.0f} {paper.height:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {view} {size} font-family="sans-serif">'
    return f"{head}{''.join(parts)}</svg>"


def _extent(outline: MultiPolygon | None, marks: Sequence[Mark]) -> Extent | None:
    boxes = [outline.extent] if outline else []
    boxes += [point.extent for _label, point in marks]
    if not boxes:
        return None
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    pad = 0.002 if outline is None else 0.0005
    return (west - pad, south - pad, east + pad, north + pad)


def _streets(paper: Paper, extent: Extent) -> Iterable[str]:
    for _name, line in streets_in(extent, MOST_STREETS):
        yield f'<path d="{paper.path(line.coords)}" fill="none" stroke="#c9bfae" stroke-width="1.6"/>'


def _outline(paper: Paper, outline: MultiPolygon | None) -> Iterable[str]:
    for polygon in outline or ():
        path = paper.path(polygon[0].coords, "Z")
        yield f'<path d="{path}" fill="#eef3f3" stroke="#0d4a55" stroke-width="1.8"/>'


def _marks(paper: Paper, marks: Sequence[Mark]) -> Iterable[str]:
    for label, point in reversed(marks):
        x, y = paper.at(point.x, point.y)
        yield f'<circle cx="{x}" cy="{y}" r="{MARK}" fill="#a8421c" stroke="#ffffff" stroke-width="2"/>'
        yield (
            f'<text x="{x}" y="{y + 5.6:.1f}" font-size="16" font-weight="700" fill="#ffffff" '
            f'text-anchor="middle">{int(label)}</text>'
        )


def bounds(gathering: Gathering) -> list[float] | None:
    """West, south, east, north of the neighbourhood, in degrees."""
    if not gathering.territory_id:
        return None
    here = Territory.objects.filter(pk=gathering.territory_id)
    return list(here.aggregate(box=ExtentOf("outline"))["box"])
