"""The review of photos before they are public."""

from __future__ import annotations

import json
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import SignedInRequest
from core.together.once import last_at
from core.together.seen import Fact, watched
from issues.models import FaceAnswer, Photo, PhotoReview
from issues.photos import faces
from issues.photos import intake as photos
from issues.photos.darkroom import PhotoRefused

SHOWN = 24
# What the page tells while somebody draws; {n} is a number.
WORDS = {
    "covered_none": gettext_lazy("Sin zonas tapadas."),
    "covered_one": gettext_lazy("1 zona tapada."),
    "covered_many": gettext_lazy("{n} zonas tapadas."),
    "left_one": gettext_lazy("Falta responder por 1 cara."),
    "left_many": gettext_lazy("Falta responder por {n} caras."),
}
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
    answers = list(photo.faces.exclude(answer="").values_list("pk", "answer"))
    return [
        Fact(_("caras"), answers, str(len(answers)), who),
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
    faces.look(photo)
    if request.method == "POST":
        return _decided(request, photo)
    return render(request, "issues/photos/photo_review.html", _page(photo))


def _require_reviewer(request: SignedInRequest) -> None:
    if not (request.user.is_facilitator or request.user.sees_everything):
        raise PermissionDenied


def _decided(request: SignedInRequest, photo: Photo) -> HttpResponse:
    verdict = VERDICTS.get(request.POST.get("verdict", ""))
    rectangles = _rectangles(request.POST.get("blurs", ""))
    if verdict is None or rectangles is None:
        return _again(request, photo, _("Elige si la foto se aprueba o se rechaza."))
    try:
        _settle(request, photo, rectangles, verdict)
    except PhotoRefused as refusal:
        return _again(request, photo, str(refusal))
    messages.success(request, _("Listo: la foto quedó %(state)s.") % {"state": photo.get_review_display()})
    return redirect("photo-review")


@transaction.atomic
def _settle(request: SignedInRequest, photo: Photo, drawn: list, verdict: PhotoReview) -> None:
    """Faces, what is covered, and the verdict, or nothing of it. Raises PhotoRefused."""
    actor, office = request.user, request.user.office
    Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
    covered = faces.answer(photo, _answers(request), request.user)
    rectangles = drawn + [one for one in covered if one not in drawn]
    if rectangles != photo.blurs:
        photos.blur(photo, rectangles, actor=actor, office=office)
    photos.review(photo, verdict, actor=actor, office=office)


def _answers(request: HttpRequest) -> dict[int, str]:
    """What the form says of each proposal, by its number."""
    given = (
        (name.removeprefix("face-"), str(said)) for name, said in request.POST.items() if "face-" in name
    )
    return {int(number): said for number, said in given if number.isdecimal() and len(number) < 19}


def _page(photo: Photo, given: dict[int, str] | None = None) -> dict[str, object]:
    """What the page of a photo shows; `given` are answers that were not kept."""
    proposed = list(photo.faces.all())
    for face in proposed:
        face.answer = (given or {}).get(face.pk, face.answer)
    drawn = [one for one in photo.blurs if one not in [face.rectangle for face in proposed]]
    return {
        "photo": photo,
        "faces": proposed,
        "drawn": drawn,
        "choices": FaceAnswer.choices,
        "words": {name: str(text) for name, text in WORDS.items()},
    }


def _again(request: SignedInRequest, photo: Photo, sentence: str) -> HttpResponse:
    """The page as it was sent: what was drawn and answered is kept on it."""
    stored = Photo.objects.select_related("issue__category").get(pk=photo.pk)
    context = _page(stored, _answers(request)) | {"error": sentence}
    drawn = _rectangles(request.POST.get("blurs", ""))
    if drawn and all(_is_rectangle(one) for one in drawn):
        context["drawn"] = drawn
    return render(request, "issues/photos/photo_review.html", context, status=400)


def _is_rectangle(one: object) -> bool:
    return isinstance(one, list) and len(one) == 4 and all(type(number) is int for number in one)


def _rectangles(text: str) -> list | None:
    """Rectangles [x, y, width, height] from JSON; None when it is none."""
    try:
        found = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) and len(found) <= 40 else None
