"""What can be reported, and where this installation answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from issues.models import Category, CategoryQuerySet
from maps.open311.formats import Refused
from territories.geo import BadCoordinates, parse_point
from territories.models import Territory

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-11-22T00:00:00-03:00"


def discovery(request: HttpRequest) -> dict[str, Any]:
    """The endpoints: a production one, and the same one listed for tests, as clients expect two."""
    url = request.build_absolute_uri(reverse("open311")).rstrip("/")
    return {
        "changeset": CHANGESET,
        "contact": settings.DEFAULT_FROM_EMAIL,
        "key_service": _("Pide una clave a la administración del mapa."),
        "endpoints": [_endpoint(url, kind) for kind in ("production", "test")],
    }


def services(params: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every open category that the public may see, in the order of the list.

    With `lat` and `long` (degrees) of a place outside the commune there are none. Raises Refused.
    """
    if not _covers(params):
        return []
    return [_service(category) for category in offered().select_related("group")]


def definition(code: str) -> dict[str, Any]:
    """The attributes of a service: none are asked for. Raises Refused for an unknown code."""
    return {"service_code": category_of(code).code, "attributes": []}


def offered() -> CategoryQuerySet:
    """Categories in which another system may report."""
    return Category.objects.open().public()


def category_of(code: str) -> Category:
    """The offered category with this code; raises Refused (404) when there is none."""
    category = offered().filter(code=code).first()
    if category is None:
        raise Refused(404, _("Ese service_code no existe: consulta services."))
    return category


def _covers(params: Mapping[str, str]) -> bool:
    """Whether the place that is asked for, if any, lies in a neighbourhood."""
    if not (params.get("lat") or params.get("long")):
        return True
    try:
        point = parse_point(lat=params.get("lat"), lng=params.get("long"))
    except BadCoordinates as error:
        raise Refused(400, str(error)) from error
    return Territory.objects.current().covering(point).exists()


def _endpoint(url: str, kind: str) -> dict[str, Any]:
    return {
        "specification": SPECIFICATION,
        "url": url,
        "changeset": CHANGESET,
        "type": kind,
        "formats": ["text/xml", "application/json"],
    }


def _service(category: Category) -> dict[str, Any]:
    return {
        "service_code": category.code,
        "service_name": category.name,
        "description": category.example,
        "metadata": False,
        "type": "realtime",
        "keywords": ",".join(filter(None, [category.group.name.lower(), category.get_track_display()])),
        "group": category.group.name,
    }
