"""Invented schools, nurseries, clinics and seniors' centres, so that level V has something to find.

Each says «(demostración)» in its name; a municipality loads its own with `load_places --replace`.
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from django.contrib.gis.geos import Point

from core.letters import fold
from demo.spots import Neighbourhood, spots_in
from territories.models import Place, PlaceKind, PlaceQuerySet

WITHIN_METRES = PlaceQuerySet.VULNERABLE_WITHIN_METRES
METRES_A_DEGREE = 110_900.0
# Degrees of longitude are shorter: the commune lies at 33.5° south.
NARROWER = math.cos(math.radians(33.5)) * 111_320.0 / METRES_A_DEGREE
EACH = (
    (PlaceKind.SCHOOL, "Escuela"),
    (PlaceKind.SCHOOL, "Liceo"),
    (PlaceKind.NURSERY, "Jardín infantil"),
    (PlaceKind.NURSERY, "Sala cuna"),
    (PlaceKind.CLINIC, "Centro de salud"),
    (PlaceKind.SENIORS, "Centro de personas mayores"),
)
SOURCE = "Pueblo de demostración: lugar inventado"


def found_care_places(hoods: list[Neighbourhood], dice: np.random.Generator) -> None:
    """Six invented places in every neighbourhood, each with the name of one of its passages."""
    Place.objects.bulk_create([place for hood in hoods for place in _places(hood, dice)])


def vulnerability(spots: np.ndarray) -> np.ndarray:
    """Level V (0–3) of each (x, y) in EPSG:4326 degrees: the rule of PlaceQuerySet.vulnerability_level."""
    points = shapely.points(_flat(spots))
    care = _count_near(points, Place.CARE_KINDS)
    mild = _count_near(points, Place.MILD_KINDS)
    return np.where(care > 1, 3, np.where(care == 1, 2, np.where(mild > 0, 1, 0)))


def _places(hood: Neighbourhood, dice: np.random.Generator) -> list[Place]:
    spots = spots_in(hood, len(EACH), dice)
    rows = zip(EACH, hood.passages, spots, strict=False)
    return [_place(hood, kind, f"{what} {passage}", spot) for (kind, what), passage, spot in rows]


def _place(hood: Neighbourhood, kind: str, name: str, spot: np.ndarray) -> Place:
    label = f"{name}, barrio {hood.code} (demostración)"
    return Place(
        kind=kind,
        name=label,
        search_name=fold(label),
        location=Point(float(spot[0]), float(spot[1]), srid=4326),
        rank=3,
        source=SOURCE,
        certainty="inventado",
    )


def _count_near(points: np.ndarray, kinds: tuple[str, ...]) -> np.ndarray:
    """How many places of some kinds lie within the distance of each point, all in flattened degrees."""
    rows = Place.objects.filter(kind__in=kinds).order_by("pk").values_list("location", flat=True)
    shapes = [shapely.transform(shapely.from_wkb(bytes(row.wkb)), _flat) for row in rows]
    near, _places_found = shapely.STRtree(shapes).query(
        points, predicate="dwithin", distance=WITHIN_METRES / METRES_A_DEGREE
    )
    return np.bincount(near, minlength=len(points))


def _flat(positions: np.ndarray) -> np.ndarray:
    """Degrees in which a step east is as long as a step north."""
    return positions * np.array([NARROWER, 1.0])
