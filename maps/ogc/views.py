"""OGC API – Features 1.0: core, GeoJSON and OpenAPI 3.0, for QGIS, GDAL and similar clients.

Public problems and the neighbourhoods in force; CRS84 (degrees, longitude first).
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from issues.api_views import issue_lines
from issues.models import Issue, IssueQuerySet
from issues.query import keyset
from issues.query.features import issue_feature
from issues.query.filters import BadFilter, moment_of
from maps.ogc.openapi import openapi_document
from territories.geo import BadCoordinates, BBox, parse_bbox, parse_number
from territories.geojson import Counterclockwise, feature, feature_collection
from territories.models import Territory

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

CONFORMS_TO = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "oas30", "geojson")
]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
DEFAULT_LIMIT, MAX_LIMIT = 100, 1000
PARAMETERS = {"limit", "bbox", "datetime", "cursor", "f"}


class BadQuestion(ValueError):
    """A parameter that cannot be read; the text is one sentence."""


@dataclass(frozen=True)
class Question:
    """What a client asks of a collection's items.

    `boxes`: none, one, or two for a rectangle across the antimeridian. `since` belongs to the time that is
    asked for, `until` does not; None is an open end.
    """

    limit: int
    boxes: list[BBox]
    since: dt.datetime | None
    until: dt.datetime | None
    cursor: str


@dataclass(frozen=True)
class Collection:
    """One collection: its words, the features of a page, and one feature by its id."""

    title: Promise
    description: Promise
    page: Callable[[Question], tuple[list[str], str]]
    one: Callable[[str], str | None]


def _issues_page(question: Question) -> tuple[list[str], str]:
    issues = _reported(Issue.objects.public(), question)
    if question.boxes:
        issues = reduce(or_, (issues.in_bbox(box) for box in question.boxes))
    order = keyset.parse_ordering("reported_at")
    found = keyset.page(issues, order, question.cursor, question.limit, issue_lines())
    return [row.feature for row in found.items], found.next


def _reported(issues: IssueQuerySet, question: Question) -> IssueQuerySet:
    since = Q(reported_at__gte=question.since) if question.since else Q()
    return issues.filter(since, Q(reported_at__lt=question.until) if question.until else Q())


def _one_issue(identifier: str) -> str | None:
    try:
        pk = uuid.UUID(identifier)
    except ValueError:
        return None
    return _first(Issue.objects.public().filter(pk=pk).annotate(feature=issue_feature()))


def _territories_page(question: Question) -> tuple[list[str], str]:
    territories = _territories()
    if question.boxes:
        touched = (Q(boundary__intersects=box.polygon()) for box in question.boxes)
        territories = territories.filter(reduce(or_, touched))
    after = _number(question.cursor or "0", _("cursor no se entiende."), 2**31 - 1)
    rows = list(territories.filter(code__gt=after).values_list("code", "feature")[: question.limit + 1])
    following = str(rows[question.limit - 1][0]) if len(rows) > question.limit else ""
    return [text for _code, text in rows[: question.limit]], following


def _one_territory(identifier: str) -> str | None:
    if not re.fullmatch(r"[0-9]{1,9}", identifier):
        return None
    return _first(_territories().filter(code=int(identifier)))


class WithFeature(TypedDict):
    """A row of the database as the text of a GeoJSON feature."""

    feature: str


def _territories() -> QuerySet[WithAnnotations[Territory, WithFeature]]:
    members = {name: F(name) for name in ("code", "name", "slug", "population", "population_source")}
    return Territory.objects.current().annotate(
        feature=feature(Counterclockwise("boundary"), members, identifier="code")
    )


def _first(queryset: QuerySet) -> str | None:
    return queryset.values_list("feature", flat=True).first()


COLLECTIONS = {
    "issues": Collection(
        gettext_lazy("Problemas"),
        gettext_lazy("Problemas públicos que informaron los barrios."),
        _issues_page,
        _one_issue,
    ),
    "territories": Collection(
        gettext_lazy("Barrios"),
        gettext_lazy("Los barrios según los límites en uso."),
        _territories_page,
        _one_territory,
    ),
}


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Where a client starts."""
    refused = _refuse_unknown(request, {"f"})
    if refused:
        return refused
    title = _("Mapa Barrial de %(commune)s") % {"commune": settings.COMMUNE_NAME}
    links = [
        _link(request, "self", "ogc"),
        _link(request, "service-desc", "ogc-api", OPENAPI),
        {"rel": "service-doc", "type": "text/html", "href": request.build_absolute_uri(reverse("api:docs"))},
        _link(request, "conformance", "ogc-conformance"),
        _link(request, "data", "ogc-collections"),
    ]
    return JsonResponse({"title": title, "description": title, "links": links})


@require_safe
def conformance(request: HttpRequest) -> HttpResponse:
    """Which parts of the standard hold."""
    return _refuse_unknown(request, {"f"}) or JsonResponse({"conformsTo": CONFORMS_TO})


@require_safe
def api(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.0 document of this interface."""
    root = request.build_absolute_uri(reverse("ogc")).rstrip("/")
    return _refuse_unknown(request, {"f"}) or HttpResponse(
        json.dumps(openapi_document(root, list(COLLECTIONS), MAX_LIMIT)), OPENAPI
    )


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """All collections."""
    described = [_described(request, name) for name in COLLECTIONS]
    links = [_link(request, "self", "ogc-collections")]
    return _refuse_unknown(request, {"f"}) or JsonResponse({"links": links, "collections": described})


@require_safe
def collection(request: HttpRequest, name: str) -> HttpResponse:
    """One collection."""
    _known(name)
    return _refuse_unknown(request, {"f"}) or JsonResponse(_described(request, name))


@require_safe
def items(request: HttpRequest, name: str) -> HttpResponse:
    """A page of features; `next` leads to the following one."""
    found = _known(name)
    refused = _refuse_unknown(request, PARAMETERS)
    if refused:
        return refused
    try:
        features, cursor = found.page(_question(request))
    except (BadQuestion, BadCoordinates, BadFilter, keyset.BadPage) as refusal:
        return _refusal(str(refusal))
    members = {
        "timeStamp": json.dumps(timezone.now().isoformat(timespec="seconds").replace("+00:00", "Z")),
        "numberReturned": str(len(features)),
        "links": json.dumps(_page_links(request, name, cursor)),
    }
    return HttpResponse(feature_collection(features, **members), GEOJSON)


@require_safe
def item(request: HttpRequest, name: str, identifier: str) -> HttpResponse:
    """One feature by its id; 404 if there is none."""
    refused = _refuse_unknown(request, {"f"})
    if refused:
        return refused
    text = _known(name).one(identifier)
    if text is None:
        raise Http404
    links = [
        {"rel": "self", "type": GEOJSON, "href": request.build_absolute_uri()},
        _link(request, "collection", "ogc-collection", "application/json", name),
    ]
    return HttpResponse(f'{text[:-1]},"links":{json.dumps(links)}}}', GEOJSON)


def _known(name: str) -> Collection:
    if name not in COLLECTIONS:
        raise Http404
    return COLLECTIONS[name]


def _refuse_unknown(request: HttpRequest, known: set[str]) -> HttpResponse | None:
    """The standard wants a 400 for parameters it does not name; `f` may only be json."""
    unknown = sorted(set(request.GET) - known)
    if unknown:
        return _refusal(_("No conocemos el parámetro «%(name)s».") % {"name": unknown[0][:40]})
    if request.GET.get("f", "json") not in ("json", "geojson"):
        return _refusal(_("El único formato es f=json."))
    return None


def _refusal(sentence: str) -> JsonResponse:
    return JsonResponse({"code": "InvalidParameterValue", "description": sentence}, status=400)


def _question(request: HttpRequest) -> Question:
    params = request.GET
    since, until = _interval(params["datetime"]) if params.get("datetime") else (None, None)
    return Question(
        limit=_limit(params.get("limit") or str(DEFAULT_LIMIT)),
        boxes=_boxes(params["bbox"]) if params.get("bbox") else [],
        since=since,
        until=until,
        cursor=params.get("cursor", ""),
    )


def _limit(text: str) -> int:
    """At most MAX_LIMIT; asking for more is no error, says the standard."""
    if not (text.isascii() and text.isdigit() and len(text) <= 100 and int(text) >= 1):
        raise BadQuestion(_("limit es un número desde 1."))
    return min(int(text), MAX_LIMIT)


def _number(text: str, sentence: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= most):
        raise BadQuestion(sentence)
    return int(text)


def _boxes(text: str) -> list[BBox]:
    """Four numbers, or six of which the heights are left out; two boxes across the antimeridian."""
    parts = text.split(",")
    if len(parts) == 6:
        parse_number(parts[2])
        parse_number(parts[5])
        parts = [parts[0], parts[1], parts[3], parts[4]]
    if len(parts) != 4 or parse_number(parts[0]) <= parse_number(parts[2]):
        return [parse_bbox(",".join(parts))]
    west, south, east, north = parts
    return [parse_bbox(f"{west},{south},180,{north}"), parse_bbox(f"-180,{south},{east},{north}")]


def _interval(text: str) -> tuple[dt.datetime | None, dt.datetime | None]:
    """«a», «a/b», «a/..» or «../b» as (since, until), the end whole: a day or the very moment."""
    parts = ["" if part == ".." else part.upper() for part in text.split("/")]
    if len(parts) > 2 or not any(parts):
        raise BadQuestion(_("datetime es una fecha o un intervalo, por ejemplo 2026-01-01/2026-06-30."))
    since = moment_of(parts[0], end_of_day=False) if parts[0] else None
    until = _end(parts[-1]) if parts[-1] else None
    if since and until and since >= until:
        raise BadQuestion(_("En datetime el comienzo va antes que el fin."))
    return since, until


def _end(text: str) -> dt.datetime:
    moment = moment_of(text, end_of_day=True)
    return moment + dt.timedelta(microseconds=1) if "T" in text else moment


def _described(request: HttpRequest, name: str) -> dict:
    words = COLLECTIONS[name]
    return {
        "id": name,
        "title": str(words.title),
        "description": str(words.description),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [list(settings.COMMUNE_EXTENT)], "crs": CRS84}},
        "crs": [CRS84],
        "links": [
            _link(request, "self", "ogc-collection", "application/json", name),
            _link(request, "items", "ogc-items", GEOJSON, name),
        ],
    }


def _page_links(request: HttpRequest, name: str, cursor: str) -> list[dict]:
    links = [
        {"rel": "self", "type": GEOJSON, "href": request.build_absolute_uri()},
        _link(request, "collection", "ogc-collection", "application/json", name),
    ]
    if cursor:
        query = request.GET.copy()
        query["cursor"] = cursor
        address = request.build_absolute_uri(f"?{query.urlencode()}")
        links.append({"rel": "next", "type": GEOJSON, "href": address})
    return links


def _link(request: HttpRequest, rel: str, view: str, kind: str = "application/json", *names: str) -> dict:
    return {"rel": rel, "type": kind, "href": request.build_absolute_uri(reverse(view, args=names))}
