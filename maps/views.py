"""The public pages: map and list, problems, neighbourhoods."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from issues.models import Issue
from issues.query.filters import BadFilter
from issues.query.keyset import BadPage
from maps.dossier import dossier
from maps.error_views import answer
from maps.listing import addresses, choices, listing, page_settings
from maps.neighbourhood import portrait, tallies
from territories.models import Territory


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Map and list in step; `part=list` answers with the list alone."""
    try:
        found = listing(request.user, request.GET)
        if request.GET.get("part") == "list":
            return render(request, "maps/home/_results.html", {"listing": found})
        context = {"listing": found, "page_settings": page_settings(request.GET), **choices(request.GET)}
        return render(request, "maps/home/home.html", context)
    except (BadFilter, BadPage) as refusal:
        return answer(request, 400, _("No entendimos el filtro"), str(refusal))


@require_safe
def problem(request: HttpRequest, reference: str) -> HttpResponse:
    """One problem with its whole story; what this person may not see does not exist."""
    whole = Issue.objects.visible_to(request.user).select_related(
        "category__group", "territory", "department", "duplicate_of"
    )
    issue = get_object_or_404(
        whole.defer("territory__boundary", "territory__outline"), reference=reference.upper()
    )
    context = dossier(issue, request.user) | {"page_settings": _spot(issue)}
    return render(request, "maps/problem/problem.html", context)


def _spot(issue: Issue) -> dict[str, object]:
    lng, lat = issue.location.coords
    index = None if issue.index is None else issue.index / 3
    mark = {"status": issue.status, "index": index, "urgent": issue.is_urgent and issue.is_open}
    return {"lng": lng, "lat": lat, "mark": mark, "reference": issue.reference, **addresses()}


@require_safe
def territories(request: HttpRequest) -> HttpResponse:
    """All neighbourhoods side by side."""
    return render(
        request, "maps/territory/territories.html", {"tallies": tallies(), "page_settings": addresses()}
    )


@require_safe
def territory(request: HttpRequest, slug: str) -> HttpResponse:
    """One neighbourhood: numbers, problems, gatherings, places, commitments."""
    found = get_object_or_404(Territory.objects.current().defer("boundary"), slug=slug)
    page = {"code": found.code, "bbox": found.outline.extent, "filters": {"territory": slug}}
    context = portrait(found, request.user) | {"page_settings": page | addresses()}
    return render(request, "maps/territory/territory.html", context)
