"""The report as a picture: the neighbourhoods and what was found, as SVG text. Imports no Django."""

from __future__ import annotations

import math
from xml.sax.saxutils import escape

import shapely
from shapely.geometry import shape as from_mapping
from shapely.geometry.base import BaseGeometry

from territories.importing.checks import Checked, Drawing, Problem

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


class _Sheet:
    """Converts degrees to pixels: x grows to the east, y to the south."""

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        west, south, east, north = bounds
        self.west, self.north = west, north
        self.squeeze = math.cos(math.radians((south + north) / 2))
        self.scale = (WIDTH - 2 * MARGIN) / max((east - west) * self.squeeze, 1e-9)
        self.height = round((north - south) * self.scale + 2 * MARGIN)

    def at(self, lng: float, lat: float) -> tuple[float, float]:
        """The pixel of a position in degrees."""
        x = (lng - self.west) * self.squeeze * self.scale + MARGIN
        return round(x, 1), round((self.north - lat) * self.scale + MARGIN, 1)

    def path(self, geometry: BaseGeometry) -> str:
        """The drawing commands of a polygon or multipolygon."""
        rings = [ring for part in _polygons(geometry) for ring in (part.exterior, *part.interiors)]
        return "".join(
            "M" + "L".join("{} {}".format(*self.at(*point[:2])) for point in ring.coords) + "Z"
            for ring in rings
        )


def draw(checked: Checked) -> str:
    """An SVG text without styles or scripts; every name is escaped."""
    sheet = _Sheet(shapely.total_bounds([drawing.outline for drawing in checked.drawings]))
    grounds = [_ground(sheet, drawing, place) for place, drawing in enumerate(checked.drawings)]
    marks = [_mark(sheet, problem) for problem in checked.problems if problem.kind in MARKS]
    labels = [_label(sheet, drawing) for drawing in checked.drawings[:MAX_LABELS]]
    body = "\n".join([*grounds, *marks, *labels])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {sheet.height}" '
        f'width="{WIDTH}" height="{sheet.height}" font-family="sans-serif">\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def _polygons(geometry: BaseGeometry) -> list:
    return [part for part in shapely.get_parts(shapely.get_parts(geometry)) if part.geom_type == "Polygon"]


def _ground(sheet: _Sheet, drawing: Drawing, place: int) -> str:
    fill = FILLS[place % len(FILLS)]
    return f'<path d="{sheet.path(drawing.outline)}" fill="{fill}" stroke="#44515e" fill-rule="evenodd"/>'


def _mark(sheet: _Sheet, problem: Problem) -> str:
    colour = MARKS[problem.kind]
    x, y = sheet.at(*(problem.where or (sheet.west, sheet.north)))
    ring = f'<circle cx="{x}" cy="{y}" r="9" fill="none" stroke="{colour}" stroke-width="3"/>'
    if problem.shape is None:
        return ring
    path = sheet.path(from_mapping(problem.shape))
    return f'<path d="{path}" fill="{colour}" fill-opacity="0.5" stroke="{colour}"/>{ring}'


def _label(sheet: _Sheet, drawing: Drawing) -> str:
    point = drawing.outline.representative_point()
    x, y = sheet.at(point.x, point.y)
    text = escape(f"{drawing.code} {drawing.name}"[:40])
    return f'<text x="{x}" y="{y}" font-size="12" text-anchor="middle" fill="#101418">{text}</text>'
