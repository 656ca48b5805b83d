"""What is kept of persons, told to everyone."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from maps.persons import policy
from maps.persons.treatments import REGISTER
from territories.media_types import MEDIA_TYPES

KINDS = {"csv": policy.as_csv, "json": policy.as_json}


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The twelve items, the register among them."""
    words = {
        "items": policy.ITEMS,
        "register": REGISTER,
        "version": policy.VERSION,
        "since": policy.SINCE,
        "controller": settings.DATA_CONTROLLER,
        "officer": settings.DATA_OFFICER,
        "contact": settings.DATA_CONTACT,
    }
    return render(request, "maps/persons/privacy.html", words)


@require_safe
def register_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The register of treatments as a file; 404 for a kind that there is not."""
    if kind not in KINDS:
        raise Http404
    made = HttpResponse(KINDS[kind](), content_type=MEDIA_TYPES[kind])
    made["Content-Disposition"] = f'attachment; filename="datos-personales.{kind}"'
    return made
