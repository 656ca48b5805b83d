"""`/oficina/nuevo/`: one page for counter and telephone; where, what is known there, what, and a receipt."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from core.duties import Act, require
from core.typing import Context
from issues.life.registration import IssueRefused
from issues.models import Issue
from issues.photos.darkroom import PhotoRefused
from issues.query.filters import BadFilter
from maps.listing import addresses
from maps.open311.posting import KEEP_REPORTER
from maps.telling import counter, intake, spots
from maps.telling.counter import CounterForm
from maps.telling.intake import MOST_PHOTOS, TellingRefused
from maps.telling.spots import Spot
from territories.geo import BadCoordinates

REFUSALS = (TellingRefused, IssueRefused, PhotoRefused)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: SignedInRequest) -> HttpResponse:
    """Where it is; once a place is chosen, what is known there and the form. PermissionDenied for others."""
    require(request.user.post, Act.REGISTER)
    sent = request.method == "POST"
    try:
        spot = spots.spot_of(request.POST if sent else request.GET)
    except (BadCoordinates, IssueRefused) as refusal:
        return _page(request, None, CounterForm(), str(refusal), 400)
    if not sent:
        return _page(request, spot, CounterForm(initial=_channel(request.GET)))
    if spot is None:
        return _page(request, None, CounterForm(), _("Elige primero dónde es."), 400)
    return _sent(request, spot)


@login_required
@never_cache
@require_safe
def receipt(request: SignedInRequest, reference: str) -> HttpResponse:
    """The receipt as PDF; raises PermissionDenied, and Http404 for a problem that nobody may take home."""
    require(request.user.post, Act.REGISTER)
    seen = Issue.objects.visible_to(request.user).select_related("category", "territory")
    issue = get_object_or_404(seen.defer("territory__boundary", "territory__outline"), reference=reference)
    try:
        data = counter.receipt_of(issue, request.user)
    except Issue.DoesNotExist:
        raise Http404 from None
    name = f'inline; filename="{issue.reference}.pdf"'
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": name})


def _channel(told: QueryDict) -> dict[str, object]:
    return {"origin": told["origin"]} if told.get("origin") in counter.CHANNELS else {}


def _sent(request: SignedInRequest, spot: Spot) -> HttpResponse:
    form = CounterForm(request.POST)
    if not form.is_valid():
        return _page(request, spot, form, status=400)
    try:
        number = intake.number_of(request.POST.get("number", ""))
        photos = request.FILES.getlist("photos")
        place = (spot.location, spot.address)
        issue = counter.register(number, form.cleaned_data, place, photos, actor=request.user)
    except REFUSALS as refusal:
        return _page(request, spot, form, str(refusal), getattr(refusal, "status", 400))
    return redirect(f"{reverse('counter')}?done={issue.reference}&origin={issue.origin}")


def _page(
    request: SignedInRequest, spot: Spot | None, form: CounterForm, error: str = "", status: int = 200
) -> HttpResponse:
    context: Context = {
        "form": form,
        "spot": spot,
        "most_photos": MOST_PHOTOS,
        "keep_days": KEEP_REPORTER.days,
    }
    context["channel"] = form["origin"].value()
    try:
        context |= _at(request, spot) if spot else _before(request)
    except BadFilter as refusal:
        error, status = str(refusal), 400
    return render(request, "maps/telling/counter.html", context | {"error": error}, status=status)


def _before(request: SignedInRequest) -> Context:
    """Streets of that name, and what was just registered."""
    text = request.GET.get("where", "")
    done = Issue.objects.visible_to(request.user).filter(
        created_by=request.user, reference=request.GET.get("done", "")
    )
    found = spots.named(text) if text else []
    return {"page_settings": addresses(), "text": text, "found": found, "done": done.first()}


def _at(request: SignedInRequest, spot: Spot) -> Context:
    lng, lat = spot.location.coords
    return {
        "number": intake.kept_number(request.POST.get("number", "")),
        "known": spots.known_near(spot, request.user),
        "point": {"lng": lng, "lat": lat},
        "page_settings": addresses() | {"lng": lng, "lat": lat},
    }
