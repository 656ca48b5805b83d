"""Pages of walks: the tablet app and its service worker."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from walks.app import shell


@require_safe
@never_cache
def walk(request: HttpRequest) -> HttpResponse:
    """The app of the tablets; it asks by itself who is signed in."""
    return HttpResponse(shell.page())


@require_safe
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: its scope is /caminata/ because it lies there."""
    return HttpResponse(shell.worker(), content_type="text/javascript; charset=utf-8")
