"""Downloads of the boundaries in force."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from territories.boundaries.exports import KINDS, export
from territories.models import BoundarySet


@require_safe
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """The set in force as a file; `kind` is a key of exports.KINDS, else 404."""
    if kind not in KINDS:
        raise Http404
    boundary_set = get_object_or_404(BoundarySet.objects.in_force())
    return as_file(boundary_set, kind)


def as_file(boundary_set: BoundarySet, kind: str) -> HttpResponse:
    """A set as an attachment."""
    response = HttpResponse(export(boundary_set, kind), KINDS[kind].media_type)
    response["Content-Disposition"] = f'attachment; filename="limites.{kind}"'
    return response
