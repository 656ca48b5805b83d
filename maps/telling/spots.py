"""Where it is: a point, one's own position, or a street or crossing that has a name here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point

from accounts.requests import Visitor
from issues.life.registration import territory_of
from issues.models import Issue, IssueQuerySet
from maps import search
from maps.listing import for_list
from territories.geo import parse_point
from territories.models import Territory

KNOWN_METRES = 60
KNOWN = 6
MAX_ADDRESS = 200


@dataclass(frozen=True)
class Spot:
    """A point (EPSG:4326) of the commune, its neighbourhood, and how the person called it."""

    location: Point
    territory: Territory
    address: str


@dataclass(frozen=True)
class Named:
    """A place of our gazetteer that may be meant; `query` leads to it."""

    name: str
    kind: str
    query: str


def spot_of(told: Mapping[str, str]) -> Spot | None:
    """The spot of `lat` and `lng`; None while nothing was chosen.

    Raises BadCoordinates for what are no degrees and IssueRefused outside the commune.
    """
    if not told.get("lat"):
        return None
    point = parse_point(lat=told.get("lat"), lng=told.get("lng"))
    return Spot(point, territory_of(point), told.get("address", "").strip()[:MAX_ADDRESS])


def named(text: str) -> list[Named]:
    """Streets, crossings and places that a text may mean, best first; raises BadFilter for a long one."""
    found = search.suggestions(text, AnonymousUser())
    return [_named(search.Found(**one)) for one in found if not one["url"]]


def known_near(spot: Spot, visitor: Visitor) -> IssueQuerySet:
    """The nearest open problems that this person may see, with `.distance`."""
    near = Issue.objects.visible_to(visitor).open().within_metres(spot.location, KNOWN_METRES)
    away = Distance("location", spot.location)
    return for_list(near).annotate(distance=away).order_by("distance", "reference")[:KNOWN]


def _named(found: search.Found) -> Named:
    west, south, east, north = found.bbox
    place = {"lat": f"{(south + north) / 2:.6f}", "lng": f"{(west + east) / 2:.6f}", "address": found.name}
    return Named(found.name, found.kind_label, urlencode(place))
