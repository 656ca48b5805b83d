"""`/gestion/hoy/`: the own shortlist as a route on the map and as a printed job sheet."""

from __future__ import annotations

from itertools import pairwise

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from handovers.access import for_desk
from handovers.acts.bulk_runs import BulkRefused
from handovers.desk.bulk_views import chosen
from handovers.models import HandoverItem
from handovers.query import shortlist
from issues.models import PhotoKind
from issues.query.filters import BadFilter


@require_safe
@never_cache
@for_desk
def today(request: SignedInRequest) -> HttpResponse:
    """The shortlist in its order, as a route on the map and a sheet for paper."""
    items = [entry.item for entry in shortlist.entries_of(request.user)]
    points = [(shortlist.point_of(item.issue), item.issue.reference) for item in items]
    legs = pairwise(points)
    words = {
        "rows": [_row(number, item) for number, item in enumerate(items, 1)],
        "kilometres": sum(shortlist.metres(a[0], b[0]) for a, b in legs) / 1000,
        "way": [{"lng": lng, "lat": lat, "reference": reference} for (lng, lat), reference in points],
    }
    return render(request, "handovers/desk/shortlist.html", words)


@require_POST
@for_desk
def change(request: SignedInRequest, reference: str) -> HttpResponse:
    """Put a problem on the shortlist or take it off, or move it by one."""
    item = get_object_or_404(HandoverItem.objects.editable_by(request.user), issue__reference=reference)
    move = {"up": -1, "down": 1}.get(request.POST.get("move", ""))
    if move:
        shortlist.reorder(request.user, item, move)
        return redirect("today")
    shortlist.toggle(request.user, item)
    if request.POST.get("from") == "today":
        return redirect("today")
    return redirect("desk-item", reference)


@require_POST
@for_desk
def add(request: SignedInRequest) -> HttpResponse:
    """Put the marked problems on the shortlist, at its end."""
    try:
        added = shortlist.add(request.user, chosen(request))
        messages.success(request, _("%(count)s problemas más en tu lista de hoy.") % {"count": added})
    except (BulkRefused, BadFilter, shortlist.ShortlistFull) as refusal:
        messages.error(request, str(refusal))
    return redirect("today")


@require_POST
@for_desk
def order_way(request: SignedInRequest) -> HttpResponse:
    """Order the shortlist as a route."""
    shortlist.order_by_way(request.user)
    return redirect("today")


def _row(number: int, item: HandoverItem) -> dict[str, object]:
    photos = [photo for photo in item.issue.photos.all() if photo.kind == PhotoKind.BEFORE]
    return {"number": number, "item": item, "photos": photos[:1]}
