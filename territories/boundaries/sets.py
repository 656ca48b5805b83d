"""The neighbourhoods of one set as GeoJSON features that the database writes."""

from __future__ import annotations

from django.db.models import F

from territories.geojson import PRECISION, Counterclockwise, feature
from territories.models import BoundarySet, Territory

# 9 decimals of a degree are 0.1 mm.
WHOLE_PRECISION = 9
PROPERTIES = ("code", "name", "slug", "area_m2", "population", "population_source")


def territory_features(boundary_set: BoundarySet, *, full: bool = False) -> list[str]:
    """Each neighbourhood of a set as the text of a feature, in the order of codes; `full`: not simplified."""
    properties = {name: F(name) for name in PROPERTIES} | {"approximate": F("boundary_set__is_approximate")}
    geometry, precision = ("boundary", WHOLE_PRECISION) if full else ("outline", PRECISION)
    row = feature(Counterclockwise(geometry), properties, identifier="code", precision=precision)
    rows = Territory.objects.filter(boundary_set=boundary_set).order_by("code")
    return list(rows.annotate(feature=row).values_list("feature", flat=True))
