"""`/informar/`: first where, then what; afterwards a private page with its state."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.mailed_links import bearer_page
from core.postgis import identity
from core.typing import Context
from issues.glance.danger import sounds_like_danger
from issues.life.registration import IssueRefused
from issues.models import Issue
from issues.photos.darkroom import PhotoRefused
from issues.query.filters import BadFilter
from maps.listing import addresses
from maps.open311.posting import KEEP_REPORTER
from maps.telling import intake, spots
from maps.telling.forms import TellingForm
from maps.telling.intake import MOST_PHOTOS, TellingRefused
from maps.telling.spots import Spot
from territories.geo import BadCoordinates

MOST_AN_HOUR = 12
REFUSALS = (TellingRefused, IssueRefused, PhotoRefused)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """Where it is while no place is chosen; then the form. Raises Http404 where the door is shut."""
    if not settings.RESIDENT_REPORTS:
        raise Http404
    try:
        spot = spots.spot_of(request.POST if request.method == "POST" else request.GET)
    except (BadCoordinates, IssueRefused) as refusal:
        return _where(request, str(refusal), 400)
    if spot is None and request.method == "POST":
        return _where(request, _("Elige primero dónde es."), 400)
    if spot is None:
        return _where(request)
    return _sent(request, spot) if request.method == "POST" else _what(request, spot, TellingForm())


@bearer_page
@require_http_methods(["GET", "HEAD", "POST"])
def told(request: HttpRequest, id: uuid.UUID, token: str) -> HttpResponseBase:
    """What will be public, how it stands, for five minutes the way back; raises Http404 for a wrong link."""
    if not intake.opens(id, token):
        raise Http404
    with identity.holding(str(id)):
        return _taken_back(request, id) if request.method == "POST" else _state(request, id)


def _where(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    text = request.GET.get("where", "")
    try:
        found = spots.named(text) if text else []
    except BadFilter as refusal:
        found, error, status = [], str(refusal), 400
    context: Context = {"text": text, "found": found, "error": error, "page_settings": addresses()}
    return _page(request, "where", context, status)


def _what(
    request: HttpRequest, spot: Spot, form: TellingForm, error: str = "", status: int = 200
) -> HttpResponse:
    lng, lat = spot.location.coords
    context: Context = {
        "spot": spot,
        "form": form,
        "error": error,
        "number": intake.kept_number(request.POST.get("number", "")),
        "known": spots.known_near(spot, AnonymousUser()),
        "most_photos": MOST_PHOTOS,
        "keep_days": KEEP_REPORTER.days,
        "point": {"lng": lng, "lat": lat},
        "page_settings": addresses() | {"lng": lng, "lat": lat},
    }
    return _page(request, "what", context, status)


def _page(request: HttpRequest, name: str, context: Context, status: int) -> HttpResponse:
    context |= {"emergency_numbers": settings.EMERGENCY_NUMBERS}
    return render(request, f"maps/telling/{name}.html", context, status=status)


def _sent(request: HttpRequest, spot: Spot) -> HttpResponse:
    form = TellingForm(request.POST)
    if not form.is_valid():
        return _what(request, spot, form, status=400)
    try:
        return _taken(request, spot, form)
    except REFUSALS as refusal:
        return _what(request, spot, form, str(refusal), getattr(refusal, "status", 400))


def _taken(request: HttpRequest, spot: Spot, form: TellingForm) -> HttpResponse:
    if request.POST.get("website"):
        raise TellingRefused(_("Deja vacío el campo que no se ve y envía de nuevo."))
    number = intake.number_of(request.POST.get("number", ""))
    if limits.spend(request, "tell", seconds=3600) > MOST_AN_HOUR:
        raise TellingRefused(_("Desde aquí llegaron muchos avisos: prueba en una hora."), 429)
    photos = request.FILES.getlist("photos")
    issue = intake.take(number, form.cleaned_data, (spot.location, spot.address), photos, intake.resident())
    return redirect("told", id=issue.pk, token=intake.token_of(issue.pk))


def _state(request: HttpRequest, number: uuid.UUID, error: str = "", status: int = 200) -> HttpResponse:
    reports = Issue.objects.filter(origin__in=intake.TOLD_HERE).select_related(
        "category", "territory", "duplicate_of"
    )
    issue = get_object_or_404(reports.defer("territory__boundary", "territory__outline"), pk=number)
    context = {
        "issue": issue,
        "photos": issue.photos.count(),
        "error": error,
        "can_be_taken_back": intake.can_be_taken_back(issue),
        "until": issue.reported_at + intake.TAKE_BACK,
        "address": request.build_absolute_uri(),
        "is_dangerous": issue.is_open and sounds_like_danger(issue.title, issue.description),
        "emergency_numbers": settings.EMERGENCY_NUMBERS,
    }
    return render(request, "maps/telling/told.html", context, status=status)


def _taken_back(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    try:
        intake.take_back(number)
    except TellingRefused as refusal:
        return _state(request, number, str(refusal), 409)
    return redirect(request.path)
