"""Photos: fetching is the permission check."""

from __future__ import annotations

import uuid

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.typing import present
from issues.life.hiding import PUBLIC_SECONDS
from issues.models import Issue, Photo
from issues.photos.intake import public_name, thumb_name


@require_safe
def photo(request: HttpRequest, photo_id: uuid.UUID, version: str) -> FileResponse:
    """The picture as people may see it, whole or small; 404 for what this person may not see."""
    found = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_id)
    answer = _file(public_name(found) if version == "public" else thumb_name(found))
    is_public = Photo.objects.public().filter(pk=found.pk).exists()
    # A photo can be blurred or withdrawn at any time. Of a hidden problem nobody keeps one.
    answer["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}" if is_public else "private, no-store"
    return answer


@require_safe
def original_photo(request: HttpRequest, photo_id: uuid.UUID) -> FileResponse:
    """The kept picture without blurs, for those who may change its issue."""
    editable = Issue.objects.editable_by(request.user)
    found = get_object_or_404(Photo, pk=photo_id, issue__in=editable)
    answer = _file(present(found.file.name))
    answer["Cache-Control"] = "private, no-store"
    return answer


def _file(name: str) -> FileResponse:
    try:
        return FileResponse(default_storage.open(name), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
