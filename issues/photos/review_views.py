"""The review of photos before they are public."""

from __future__ import annotations

import json
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from core.together.once import last_at
from core.together.seen import Fact, watched
from issues.models import Photo, PhotoReview
from issues.photos import intake as photos
from issues.photos.intake import PhotoRefused

SHOWN = 24
VERDICTS = {"approve": PhotoReview.APPROVED, "refuse": PhotoReview.REFUSED}


@login_required
@never_cache
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """Photos that wait for review, oldest first."""
    _require_reviewer(request)
    waiting = Photo.objects.reviewable_by(request.user).pending()
    shown = waiting.select_related("issue__category", "issue__territory").defer(
        "issue__territory__boundary", "issue__territory__outline"
    )
    return render(
        request, "issues/photos/photo_queue.html", {"photos": shown[:SHOWN], "waiting": waiting.count()}
    )


def _stands(request: HttpRequest, photo_id: uuid.UUID) -> list[Fact]:
    """What a decision on a photo depends on: what was decided before, and what is blurred."""
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        return []
    who, blurs = last_at(request.path), photo.blurs or []
    return [
        Fact(_("revisión"), photo.review, photo.get_review_display(), who),
        Fact(_("partes difuminadas"), blurs, str(len(blurs)), who),
    ]


@watched(_stands)
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def decide(request: SignedInRequest, photo_id: uuid.UUID) -> HttpResponse:
    """One photo: mark what must be blurred, then approve or refuse it."""
    allowed = Photo.objects.reviewable_by(request.user).select_related("issue__category")
    photo = get_object_or_404(allowed, pk=photo_id)
    if request.method == "POST":
        return _decided(request, photo)
    return render(request, "issues/photos/photo_review.html", {"photo": photo})


def _require_reviewer(request: SignedInRequest) -> None:
    if not (request.user.is_facilitator or request.user.sees_everything):
        raise PermissionDenied


def _decided(request: SignedInRequest, photo: Photo) -> HttpResponse:
    verdict = VERDICTS.get(request.POST.get("verdict", ""))
    rectangles = _rectangles(request.POST.get("blurs", ""))
    if verdict is None or rectangles is None:
        return _again(request, photo, _("Elige si la foto se aprueba o se rechaza."))
    try:
        if rectangles != photo.blurs:
            photo = photos.blur(photo, rectangles, actor=request.user, office=request.user.office)
    except PhotoRefused as refusal:
        return _again(request, photo, str(refusal))
    photos.review(photo, verdict, actor=request.user, office=request.user.office)
    messages.success(request, _("Listo: la foto quedó %(state)s.") % {"state": photo.get_review_display()})
    return redirect("photo-review")


def _again(request: SignedInRequest, photo: Photo, sentence: str) -> HttpResponse:
    return render(request, "issues/photos/photo_review.html", {"photo": photo, "error": sentence}, status=400)


def _rectangles(text: str) -> list | None:
    """Rectangles [x, y, width, height] from JSON; None when it is none."""
    try:
        found = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) and len(found) <= 40 else None
