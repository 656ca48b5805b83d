"""The icon for those who ask for it by its old name: readers of feeds, PDF viewers, link previews."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

ICON = (settings.BASE_DIR / "static" / "icons" / "favicon.svg").read_bytes()


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    """The same drawing that the pages link."""
    return HttpResponse(ICON, content_type="image/svg+xml")
