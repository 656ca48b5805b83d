"""The gazetteer that ships, without a database."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from core.letters import fold
from issues.glance.names import is_within

SHIPPED = Path(__file__).parents[3] / "shapefiles" / "places"


@cache
def shipped() -> frozenset[str]:
    """The folded name of every shipped street and place."""
    features = (one for file in SHIPPED.glob("*.geojson") for one in json.loads(file.read_text())["features"])
    return frozenset(fold(one["properties"]["name"]) for one in features)


def is_place(name: str) -> bool:
    """Whether a name is within that of a shipped place."""
    return any(is_within(name, place) for place in shipped())
