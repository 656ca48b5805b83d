"""The report as a picture: the neighbourhoods and what was found, as SVG text. Imports no Django."""

from __future__ import annotations

from xml.sax.saxutils import escape  # nosec B406 # it only writes

import shapely
from shapely.geometry import shape as from_mapping
from shapely.geometry.base import BaseGeometry

from territories.importing.checks import Checked, Drawing, Problem
from territories.paper import Paper

WIDTH = 900
MARGIN = 12
FILLS = ("#dbe8f4", "#e4efd9", "#f5ead2", "#ece1f0", "#dff0ee", "#f6e1dc")
MARKS = {
    "overlap": "#b3261e",
    "gap": "#7a4b00",
    "outside": "#5b2a86",
    "repaired": "#0b57a4",
    "sliver": "#b3261e",
}
# Beyond this many the names would cover the drawing.
MAX_LABELS = 60


def draw(checked: Checked) -> str:
    """An SVG text without styles or scripts; every name is escaped."""
    bounds = shapely.total_bounds([drawing.outline for drawing in checked.drawings])
    west, south, east, north = (float(degrees) for degrees in bounds)
    paper = Paper(west, south, east, north, WIDTH, MARGIN)
    height = round(paper.height)
    grounds = [_ground(paper, drawing, place) for place, drawing in enumerate(checked.drawings)]
    marks = [_mark(paper, problem) for problem in checked.problems if problem.kind in MARKS]
    labels = [_label(paper, drawing) for drawing in checked.drawings[:MAX_LABELS]]
    body = "\n".join([*grounds, *marks, *labels])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="sans-serif">\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def _path(paper: Paper, geometry: BaseGeometry) -> str:
    rings = [ring for part in _polygons(geometry) for ring in (part.exterior, *part.interiors)]
    return "".join(paper.path(ring.coords, "Z") for ring in rings)


def _polygons(geometry: BaseGeometry) -> list:
    return [part for part in shapely.get_parts(shapely.get_parts(geometry)) if part.geom_type == "Polygon"]


def _ground(paper: Paper, drawing: Drawing, place: int) -> str:
    fill = FILLS[place % len(FILLS)]
    return f'<path d="{_path(paper, drawing.outline)}" fill="{fill}" stroke="#44515e" fill-rule="evenodd"/>'


def _mark(paper: Paper, problem: Problem) -> str:
    colour = MARKS[problem.kind]
    x, y = paper.at(*(problem.where or (paper.west, paper.north)))
    ring = f'<circle cx="{x}" cy="{y}" r="9" fill="none" stroke="{colour}" stroke-width="3"/>'
    if problem.shape is None:
        return ring
    path = _path(paper, from_mapping(problem.shape))
    return f'<path d="{path}" fill="{colour}" fill-opacity="0.5" stroke="{colour}"/>{ring}'


def _label(paper: Paper, drawing: Drawing) -> str:
    point = drawing.outline.representative_point()
    x, y = paper.at(point.x, point.y)
    text = escape(f"{drawing.code} {drawing.name}"[:40])
    return f'<text x="{x}" y="{y}" font-size="12" text-anchor="middle" fill="#101418">{text}</text>'
