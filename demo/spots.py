"""Where the problems of the demo town lie: spread like people live, most of them near a street.

Coordinates are EPSG:4326, x = longitude, y = latitude, degrees with six decimals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from demo.words import Where, names
from territories.models import Place, PlaceKind, Territory

NEAR_STREET = 0.6
# About 90 m: how far from the axis of a street its problems are placed.
SPREAD_DEGREES = 0.0008
CORNER_DEGREES = 0.003
PASSAGES_EACH = 12
VILLAS_EACH = 5


@dataclass
class Neighbourhood:
    """A neighbourhood with the streets inside it and its own invented passages and estates."""

    id: int
    code: int
    population: int
    polygon: shapely.MultiPolygon
    streets: list[shapely.LineString]
    passages: list[str]
    villas: list[str]


@dataclass
class Gazetteer:
    """Named streets and crossings, to be asked for the nearest one."""

    street_names: list[str]
    streets: shapely.STRtree
    crossing_names: list[str]
    crossings: shapely.STRtree


def load_gazetteer() -> Gazetteer:
    """The streets and crossings that are loaded."""
    streets = _roads()
    crossings = _shapes(PlaceKind.CROSSING)
    return Gazetteer(
        [name for name, _shape in streets],
        shapely.STRtree([shape for _name, shape in streets]),
        [name for name, _shape in crossings],
        shapely.STRtree([shape for _name, shape in crossings]),
    )


def load_neighbourhoods(dice: np.random.Generator) -> list[Neighbourhood]:
    """The neighbourhoods in force, in the order of their codes."""
    roads = [shape for _name, shape in _roads()]
    return [_neighbourhood(territory, roads, dice) for territory in Territory.objects.current()]


def share_out(total: int, hoods: list[Neighbourhood], least: int = 0) -> list[int]:
    """How many of `total` problems each neighbourhood gets, by population; the sum is exact.

    Each gets `least` where the total allows twice that many for all.
    """
    people = np.array([hood.population for hood in hoods], dtype=float)
    least = min(least, total // (2 * len(hoods)))
    exact = least + (total - least * len(hoods)) * people / people.sum()
    parts = np.floor(exact).astype(int)
    missing = total - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:missing]] += 1
    return parts.tolist()


def spots_in(hood: Neighbourhood, count: int, dice: np.random.Generator) -> np.ndarray:
    """`count` points strictly inside a neighbourhood: an array of shape (count, 2), x and y."""
    along = round(count * NEAR_STREET) if hood.streets else 0
    found = np.concatenate([_along_streets(hood, along, dice), _anywhere(hood, count - along, dice)])
    dice.shuffle(found)
    return found


def name_spots(
    hood: Neighbourhood, spots: np.ndarray, gazetteer: Gazetteer, dice: np.random.Generator
) -> list[Where]:
    """The names a neighbour would use for each point."""
    points = shapely.points(spots)
    streets = gazetteer.streets.nearest(points)
    corners, distances = _nearest_corner(gazetteer, points)
    passages = dice.integers(0, len(hood.passages), len(spots))
    villas = dice.integers(0, len(hood.villas), len(spots))
    numbers = dice.integers(10, 480, len(spots)) * 10
    return [
        _where(gazetteer, hood, *row)
        for row in zip(streets, corners, distances, passages, villas, numbers, strict=True)
    ]


def _where(
    gazetteer: Gazetteer,
    hood: Neighbourhood,
    street: int,
    corner: int,
    distance: float,
    passage: int,
    villa: int,
    number: int,
) -> Where:
    calle, pasaje = gazetteer.street_names[street], f"pasaje {hood.passages[passage]}"
    near = distance <= CORNER_DEGREES
    esquina = gazetteer.crossing_names[corner] if near else f"{calle} con {pasaje}"
    return Where(calle, esquina, pasaje, hood.villas[villa], int(number))


def _nearest_corner(gazetteer: Gazetteer, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    corners = gazetteer.crossings.nearest(points)
    return corners, shapely.distance(points, gazetteer.crossings.geometries[corners])


def _roads() -> list[tuple[str, shapely.Geometry]]:
    """Streets that people live on."""
    return [(name, shape) for name, shape in _shapes(PlaceKind.STREET) if "Autopista" not in name]


def _shapes(kind: str) -> list[tuple[str, shapely.Geometry]]:
    rows = Place.objects.filter(kind=kind).order_by("name").values_list("name", "location")
    return [(name, shapely.from_wkb(bytes(location.wkb))) for name, location in rows]


def _neighbourhood(
    territory: Territory, roads: list[shapely.Geometry], dice: np.random.Generator
) -> Neighbourhood:
    polygon = shapely.from_wkb(bytes(territory.boundary.wkb))
    inside = [part for road in roads for part in shapely.get_parts(polygon.intersection(road))]
    return Neighbourhood(
        id=territory.pk,
        code=territory.code,
        population=territory.population or 1000,
        polygon=polygon,
        streets=[part for part in inside if part.length > 0],
        passages=dice.permutation(names()["passages"])[:PASSAGES_EACH].tolist(),
        villas=dice.permutation(names()["villas"])[:VILLAS_EACH].tolist(),
    )


def _along_streets(hood: Neighbourhood, count: int, dice: np.random.Generator) -> np.ndarray:
    lines = np.array(hood.streets, dtype=object)
    lengths = shapely.length(lines)

    def draw(size: int) -> np.ndarray:
        chosen = dice.choice(len(lines), size, p=lengths / lengths.sum())
        on_axis = shapely.line_interpolate_point(lines[chosen], dice.random(size) * lengths[chosen])
        return shapely.get_coordinates(on_axis) + dice.normal(0, SPREAD_DEGREES, (size, 2))

    return _kept_inside(hood, count, draw)


def _anywhere(hood: Neighbourhood, count: int, dice: np.random.Generator) -> np.ndarray:
    west, south, east, north = hood.polygon.bounds
    return _kept_inside(hood, count, lambda size: dice.uniform((west, south), (east, north), (size, 2)))


def _kept_inside(hood: Neighbourhood, count: int, draw: Callable[[int], np.ndarray]) -> np.ndarray:
    shapely.prepare(hood.polygon)
    kept = [np.empty((0, 2))]
    missing = count
    while missing > 0:
        drawn = np.round(draw(missing * 2 + 16), 6)
        good = drawn[shapely.contains_xy(hood.polygon, drawn[:, 0], drawn[:, 1])][:missing]
        kept.append(good)
        missing -= len(good)
    return np.concatenate(kept)
