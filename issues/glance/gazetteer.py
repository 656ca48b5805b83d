"""Whether a name is that of a street, school or square of our own gazetteer."""

from __future__ import annotations

from issues.glance.names import is_within
from territories.models import Place


def is_place(name: str) -> bool:
    """Asked only for what looks like a name: most texts ask nothing of the database."""
    words = sorted(name.split(), key=len)
    near = (
        Place.objects.filter(search_name__contains=words[-1]).order_by().values_list("search_name", flat=True)
    )
    return any(is_within(name, place) for place in near)
