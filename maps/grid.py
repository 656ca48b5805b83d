"""The grid of the map: cells aligned to (0, 0), so that panning does not shift them.

Degrees, EPSG:4326. The finest cell that the database counts is BASE_WIDTH × BASE_HEIGHT; a grid is a
whole multiple of it, or a half, a quarter, … where the map is closer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from territories.geo import BBox

# As in maps/migrations/0002_guards.py: some 139 m each way in the commune, 72 pixels at zoom 16.
BASE_WIDTH, BASE_HEIGHT = 0.0015, 0.00125
# The database also counts cells 2^COARSE times as wide and high.
COARSE = 3
CELL_PIXELS = 72
MAX_CELLS = 1200
MAX_HALVINGS = 12
GROWTH = 1.25


@dataclass(frozen=True)
class Cells:
    """Whole cells from (west, south) up to and without (east, north), counted from (0, 0)."""

    west: int
    south: int
    east: int
    north: int


@dataclass(frozen=True)
class Grid:
    """Cells of `times` × `times` unit cells; a unit is the base cell halved `halvings` times."""

    times: int
    halvings: int = 0

    @property
    def unit(self) -> tuple[float, float]:
        """Width and height of the unit cell in degrees."""
        return BASE_WIDTH / 2**self.halvings, BASE_HEIGHT / 2**self.halvings

    @property
    def width(self) -> float:
        """Degrees of longitude."""
        return self.unit[0] * self.times

    @property
    def height(self) -> float:
        """Degrees of latitude."""
        return self.unit[1] * self.times

    def units(self, box: BBox) -> Cells:
        """The unit cells of the box grown to whole cells: a cell is counted whole or not at all."""
        wide, high = self.unit
        return Cells(
            self._down(box.west / wide),
            self._down(box.south / high),
            self._down(box.east / wide) + self.times,
            self._down(box.north / high) + self.times,
        )

    def around(self, box: BBox) -> BBox:
        """The same in degrees, within the world."""
        cells, (wide, high) = self.units(box), self.unit
        return BBox(
            max(-180.0, cells.west * wide),
            max(-90.0, cells.south * high),
            min(180.0, cells.east * wide),
            min(90.0, cells.north * high),
        )

    def _down(self, units: float) -> int:
        return math.floor(units) // self.times * self.times


def grid_for(box: BBox, zoom: float) -> Grid:
    """Cells of some 72 pixels at a zoom, larger where a box would hold more than MAX_CELLS of them."""
    times = CELL_PIXELS * 360 / (256 * 2**zoom) / BASE_WIDTH
    if times < 1:
        halvings = min(MAX_HALVINGS, round(-math.log2(times)))
        found = Grid(1, halvings)
        if halvings and _count(box, found) <= MAX_CELLS:
            return found
    found = Grid(_aligned(times))
    while _count(box, found) > MAX_CELLS:
        found = Grid(_larger(found.times))
    return found


def _larger(times: int) -> int:
    coarse = 2**COARSE
    return times + 1 if times < coarse else max(times + coarse, _aligned(times * GROWTH))


def _aligned(times: float) -> int:
    """A whole number, and from there on a multiple of the coarser cells that the database counts."""
    coarse = 2**COARSE
    return max(1, round(times)) if times < coarse else round(times / coarse) * coarse


def _count(box: BBox, grid: Grid) -> float:
    # Grown by up to a cell on each side, and a point on the far edge opens one more.
    return ((box.east - box.west) / grid.width + 3) * ((box.north - box.south) / grid.height + 3)
