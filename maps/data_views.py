"""Open data: the page, the files, the daily seals."""

from __future__ import annotations

import csv

from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from issues.life.broken_seals import told
from issues.models import DailyHead, Issue, IssueQuerySet
from issues.query.files import TooMany
from issues.query.filters import FILTERS, BadFilter, filtered, values_of
from issues.query.formats import FORMATS
from maps.error_views import answer
from maps.listing import choices, counted
from rankings.models import RankedList
from territories.geojson import Counterclockwise, feature, feature_collection
from territories.media_types import GEOJSON, MEDIA_TYPES
from territories.models import BoundarySet, Territory

DIALECTS = ("", "rfc4180")
SHORT = 14


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What can be downloaded, for the filter of this address."""
    try:
        count, is_more = counted(filtered(Issue.objects.public(), request.GET))
    except BadFilter as refusal:
        return _refused(request, refusal)
    context = {
        "count": count,
        "is_more": is_more,
        "is_filtered": any(values_of(request.GET, name) for name in FILTERS),
        "heads": told(DailyHead.objects.in_order().reverse()[:SHORT]),
        "lists": RankedList.objects.only("number", "track", "published_at", "digest")[:SHORT],
        "boundaries": BoundarySet.objects.in_force().first(),
        "formats": FORMATS.values(),
        **choices(request.GET),
    }
    return render(request, "maps/data/data.html", context)


@require_safe
def issues_file(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """The filtered public problems in one of FORMATS."""
    try:
        dialect = _dialect(request, kind)
        issues = filtered(Issue.objects.public(), request.GET)
        # Asked before the first byte leaves: a database that is away is a 503, not the head of a file.
        issues.exists()
        made = _made(issues, kind, dialect)
    except (BadFilter, TooMany) as refusal:
        return _refused(request, refusal)
    made["Content-Disposition"] = f'attachment; filename="problemas.{kind}"'
    return made


def _dialect(request: HttpRequest, kind: str) -> str:
    dialect = request.GET.get("dialect", "")
    if dialect not in DIALECTS:
        raise BadFilter(_("El único dialecto con nombre es rfc4180."))
    return dialect if kind == "csv" else ""


def _made(issues: IssueQuerySet, kind: str, dialect: str) -> HttpResponse | StreamingHttpResponse:
    made = FORMATS[kind]
    if not made.lines:
        return HttpResponse(made.whole(issues), content_type=made.media_type)
    lines = made.lines(issues, dialect=dialect) if dialect else made.lines(issues)
    return StreamingHttpResponse(lines, content_type=made.media_type)


@require_safe
def territories_file(request: HttpRequest) -> HttpResponse:
    """The neighbourhoods in force as one FeatureCollection."""
    members = {name: F(name) for name in ("code", "name", "slug", "population", "population_source")}
    found = Territory.objects.current().annotate(feature=feature(Counterclockwise("boundary"), members))
    made = HttpResponse(feature_collection(found.values_list("feature", flat=True)), GEOJSON)
    made["Content-Disposition"] = 'attachment; filename="barrios.geojson"'
    return made


@require_safe
def seals_file(request: HttpRequest) -> HttpResponse:
    """Every seal of the history by its number, as CSV for programs; what broke and was declared says so."""
    made = HttpResponse(content_type=MEDIA_TYPES["csv"])
    made["Content-Disposition"] = 'attachment; filename="sellos.csv"'
    writer = csv.writer(made, lineterminator="\r\n")
    columns = ("number", "day", "entries", "last_entry", "previous_digest", "digest")
    writer.writerow([*columns, "clock_corrected", "declared_broken"])
    for head in told(DailyHead.objects.in_order()):
        words = (int(head.is_clock_corrected), head.broken.public_text if head.broken else "")
        writer.writerow([*(getattr(head, name) for name in columns), *words])
    return made


def _refused(request: HttpRequest, refusal: ValueError | ValidationError) -> HttpResponse:
    return answer(request, 400, _("No entendimos el filtro"), str(refusal))
