"""Error answers, designed like pages: in the asked format, with one sentence that says what to do."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _answer(request, 400, _("No entendimos la solicitud. Revisa la dirección y vuelve a intentarlo."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _answer(request, 403, _("Tu cuenta no tiene permiso para ver esta página."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _answer(request, 404, _("Esta página no existe o ya no es pública."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _answer(request, 500, _("Algo falló de nuestro lado. Lo que ya guardaste sigue guardado."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the form was opened in another session."""
    return _answer(request, 403, _("La página estuvo abierta mucho tiempo. Recárgala y vuelve a enviar."))


def _answer(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    if request.path.startswith(("/api/", "/ogc/")) or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"detail": sentence}, status=status)
    return render(request, "error.html", {"status": status, "sentence": sentence}, status=status)
