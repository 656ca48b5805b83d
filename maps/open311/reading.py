"""Which requests are asked for, and how each is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from issues import workflow
from issues.models import CLOSING_LABELS, EntryKind, HistoryEntry, Issue, IssueQuerySet, Photo, line_as_shown
from issues.workflow import ClosingKind, Status
from maps.open311.formats import Refused, moment
from territories.geo import BadCoordinates, parse_bbox, parse_number, parse_point

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

WINDOW = dt.timedelta(days=90)
MOST = 1000
FURTHEST_METRES = 50_000.0
STATUSES = {"open": workflow.OPEN, "closed": frozenset(Status) - workflow.OPEN}


@dataclass(frozen=True)
class Slice:
    """One page of at most 1,000 rows."""

    start: int
    stop: int


def asked_for(params: Mapping[str, str]) -> list[PublishedIssue]:
    """The public issues a query asks for, newest first. Raises Refused with what to change."""
    ids = _list(params, "service_request_id")
    public = Issue.objects.public()
    found = public.filter(reference__in=ids) if ids else _matching(public, params)
    part = _slice(params)
    return list(published(found).order_by("-reported_at", "-pk")[part.start : part.stop])


class Words(TypedDict):
    """What of a line everybody may read."""

    shown_text: str


ShownLine: TypeAlias = "WithAnnotations[HistoryEntry, Words]"


class Parts(TypedDict):
    """What everyone may see of a problem's pictures and history."""

    public_photos: list[Photo]
    public_lines: list[ShownLine]


PublishedIssue: TypeAlias = "WithAnnotations[Issue, Parts]"


def published(issues: IssueQuerySet) -> QuerySet[PublishedIssue]:
    """Issues with everything their rows need, in a fixed number of queries."""
    photos = Prefetch("photos", Photo.objects.public(), to_attr="public_photos")
    lines = HistoryEntry.objects.filter(kind__in=[EntryKind.STATUS, EntryKind.NOTE]).order_by("id")
    lines = lines.annotate(shown_text=line_as_shown())
    history = Prefetch("history", lines, to_attr="public_lines")
    return issues.select_related("category", "department", "territory").defer(
        "territory__boundary", "territory__outline"
    ).prefetch_related(photos, history)  # fmt: skip


def row(issue: PublishedIssue, request: HttpRequest, *, extended: bool) -> dict[str, Any]:
    """One issue as a service request; nothing about who reported it."""
    plain = {
        "service_request_id": issue.reference,
        "status": "open" if issue.is_open else "closed",
        "status_notes": _status_notes(issue),
        "service_name": issue.category.name,
        "service_code": issue.category.code,
        "description": _description(issue),
        "agency_responsible": issue.department.name if issue.department else None,
        "service_notice": None,
        "requested_datetime": moment(timezone.localtime(issue.reported_at)),
        "updated_datetime": moment(timezone.localtime(_updated(issue))),
        "expected_datetime": moment(_expected(issue)),
        "address": issue.address or None,
        "address_id": None,
        "zipcode": None,
        "lat": round(issue.location.y, 6),
        "long": round(issue.location.x, 6),
        "media_url": _media_url(issue, request),
    }
    return plain | _extended(issue) if extended else plain


def is_extended(params: Mapping[str, str]) -> bool:
    """Whether the extension fields are wanted."""
    return params.get("extensions", "").lower() == "true"


def _matching(issues: IssueQuerySet, params: Mapping[str, str]) -> IssueQuerySet:
    start, end = _window(params)
    issues = issues.filter(reported_at__gte=start, reported_at__lte=end)
    codes, statuses = _list(params, "service_code"), _list(params, "status")
    if codes:
        issues = issues.filter(category__code__in=codes)
    if statuses:
        issues = issues.filter(status__in=_statuses(statuses))
    if detailed := _list(params, "detailed_status"):
        issues = issues.filter(status__in=detailed)
    return _near(_changed(issues, params), params)


def _changed(issues: IssueQuerySet, params: Mapping[str, str]) -> IssueQuerySet:
    after, before = _moment(params, "updated_after"), _moment(params, "updated_before")
    return issues.filter(
        Q(updated_at__gte=after) if after else Q(), Q(updated_at__lte=before) if before else Q()
    )


def _near(issues: IssueQuerySet, params: Mapping[str, str]) -> IssueQuerySet:
    try:
        if params.get("bbox"):
            issues = issues.in_bbox(parse_bbox(params["bbox"]))
        if params.get("lat") or params.get("long"):
            point = parse_point(lat=params.get("lat"), lng=params.get("long"))
            issues = issues.within_metres(point, _radius(params))
    except BadCoordinates as error:
        raise Refused(400, str(error)) from error
    return issues


def _radius(params: Mapping[str, str]) -> float:
    metres = parse_number(params.get("radius") or "100")
    if metres < 0:
        raise Refused(400, _("radius va en metros, desde 0."))
    return min(metres, FURTHEST_METRES)


def _window(params: Mapping[str, str]) -> tuple[dt.datetime, dt.datetime]:
    """From and to: 90 days at most; one end given, the other is 90 days away; none, the last 90 days."""
    start, end = _moment(params, "start_date"), _moment(params, "end_date")
    if start is None:
        end = end or timezone.now()
        return end - WINDOW, end
    end = end or start + WINDOW
    if end < start:
        raise Refused(400, _("end_date no puede ser anterior a start_date."))
    if end - start > WINDOW:
        raise Refused(400, _("Entre start_date y end_date caben 90 días a lo más: pide menos."))
    return start, end


def _moment(params: Mapping[str, str], name: str) -> dt.datetime | None:
    # A + in a query that was not escaped arrives as a space.
    text = params.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        day = parse_date(text)
        found = dt.datetime.combine(day, dt.time.min) if day else parse_datetime(text)
        if found and 1900 <= found.year <= 2200:
            return found if timezone.is_aware(found) else timezone.make_aware(found)
    except (ValueError, OverflowError):
        pass
    raise Refused(400, _("%(name)s no es una fecha ISO 8601.") % {"name": name})


def _statuses(names: list[str]) -> set[Status]:
    if not set(names) <= set(STATUSES):
        raise Refused(400, _("status puede ser open o closed."))
    return {status for name in names for status in STATUSES[name]}


def _slice(params: Mapping[str, str]) -> Slice:
    page, size = _count(params, "page", 1, 100_000), _count(params, "page_size", MOST, 999_999)
    size = min(size, MOST)
    return Slice((page - 1) * size, page * size)


def _count(params: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = params.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= most):
        raise Refused(400, _("%(name)s va de 1 a %(most)s.") % {"name": name, "most": most})
    return int(text)


def _list(params: Mapping[str, str], name: str) -> list[str]:
    text = params.get(name, "")
    if len(text) > 20_000:
        raise Refused(400, _("%(name)s no se puede leer.") % {"name": name})
    return [part.strip() for part in text.split(",") if part.strip()]


def _description(issue: Issue) -> str:
    """The report, once: one that came by this interface has its first line for a title."""
    if issue.description.startswith(issue.title):
        return issue.description[:4000]
    return f"{issue.title}\n{issue.description}".strip()[:4000]


def _status_notes(issue: PublishedIssue) -> str:
    label = str(issue.get_status_display())
    if issue.closing_kind:
        label += f": {CLOSING_LABELS[ClosingKind(issue.closing_kind)]}"
    texts = [line.shown_text for line in issue.public_lines if line.shown_text]
    return f"{label}. {texts[-1]}" if texts else label


def _updated(issue: Issue) -> dt.datetime:
    return issue.updated_at if issue.is_open else issue.status_since


def _expected(issue: Issue) -> dt.datetime | None:
    if issue.committed_date is None:
        return None
    return timezone.make_aware(dt.datetime.combine(issue.committed_date, dt.time.min))


def _media_url(issue: PublishedIssue, request: HttpRequest) -> str | None:
    if not issue.public_photos:
        return None
    return request.build_absolute_uri(reverse("photo", args=[issue.public_photos[0].pk]))


def _extended(issue: PublishedIssue) -> dict[str, Any]:
    return {
        "extended_attributes": {
            "title": issue.title,
            "detailed_status": issue.status,
            "neighbourhood": issue.territory.name if issue.territory else None,
        },
        "notes": [
            {
                "datetime": moment(timezone.localtime(line.at)),
                "type": line.to_value or line.kind,
                "description": line.shown_text or None,
            }
            for line in issue.public_lines
        ],
        "attributes": [],
    }
