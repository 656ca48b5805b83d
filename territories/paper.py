"""Degrees to a flat drawing with its origin at the top left. Pure: imports no Django."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Paper:
    """A rectangle (degrees, EPSG:4326) drawn `width` wide, margins included; true to scale at its middle."""

    west: float
    south: float
    east: float
    north: float
    width: float
    margin: float = 0.0

    @property
    def squeeze(self) -> float:
        """How much shorter a degree of longitude is than one of latitude here."""
        return math.cos(math.radians((self.south + self.north) / 2))

    @property
    def scale(self) -> float:
        """Units of the drawing for a degree of latitude."""
        return (self.width - 2 * self.margin) / max((self.east - self.west) * self.squeeze, 1e-9)

    @property
    def height(self) -> float:
        """Of the drawing, margins included."""
        return (self.north - self.south) * self.scale + 2 * self.margin

    def at(self, lng: float, lat: float) -> tuple[float, float]:
        """The x and y of a place in degrees; x grows to the east, y to the south."""
        x = (lng - self.west) * self.squeeze * self.scale + self.margin
        return round(x, 1), round((self.north - lat) * self.scale + self.margin, 1)

    def path(self, coordinates: Iterable[Sequence[float]], end: str = "") -> str:
        """SVG drawing commands through (lng, lat, …) positions; `end` is «Z» for a ring."""
        return "M" + "L".join("{} {}".format(*self.at(*each[:2])) for each in coordinates) + end
