"""Error answers, designed like pages: in the asked format, with one sentence that says what to do."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.callers import REFUSED
from core.together.contention import is_contention
from issues.photos.intake import has_no_room
from maps.open311 import formats

MACHINE_PREFIXES = ("/api/", "/ogc/", "/open311/", "/tiles/", "/healthz", "/readyz")
# A browser that opens one of these asks for HTML too; a program does not.
FILE = re.compile(r"\.(json|geojson|csv|xlsx|gpkg|atom|ics|pdf|zip|kml|jpg)$")
# Where nothing is ever sent to, so that no form can have expired.
READ_ONLY = re.compile(
    r"/(ogc|tiles|feeds|datos)/|/listas/[^/]+/lista\.|/(healthz|readyz|reuniones\.ics|favicon\.ico)$"
)
# Has its own shape of errors, in the format of the address.
OPEN311 = "/open311/v2/"
RETRY_SECONDS = 10


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, with the sentence of the refusal when there is one."""
    reason = str(exception) if isinstance(exception, ValueError) else ""
    return answer(
        request,
        400,
        _("No entendimos la solicitud"),
        reason or _("Revisa la dirección y vuelve a intentarlo."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return answer(request, 403, _("No tienes permiso"), _("Tu cuenta no tiene permiso para ver esta página."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return answer(
        request,
        404,
        _("No encontramos esta página"),
        _("No existe o ya no es pública. Revisa la dirección o búscala en el mapa."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 when others were in the way or the database did not answer, 507 when the disk is full."""
    error = sys.exc_info()[1]
    if is_contention(error):
        return busy(request)
    if has_no_room(error):
        return no_room(request)
    if isinstance(error, (OperationalError, InterfaceError)):
        return unavailable(request)
    return answer(
        request,
        500,
        _("Algo falló de nuestro lado"),
        _("Lo que ya guardaste sigue guardado. Vuelve a intentarlo en un momento."),
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: asks to come back shortly."""
    sentence = _("La base de datos no responde. Lo que ya guardaste sigue guardado.")
    return _come_back(request, _("Volvemos en un momento"), sentence)


def busy(request: HttpRequest) -> HttpResponse:
    """503: it was tried several times while others changed the same; nothing of it is kept."""
    sentence = _("Varias personas guardaron lo mismo a la vez. Lo tuyo no se guardó: envíalo de nuevo.")
    return _come_back(request, _("Prueba otra vez"), sentence)


def _come_back(request: HttpRequest, heading: str, sentence: str) -> HttpResponse:
    response = answer(request, 503, heading, sentence)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def no_room(request: HttpRequest) -> HttpResponse:
    """507: nothing of what was sent is kept."""
    return answer(
        request,
        507,
        _("No queda espacio para guardar"),
        _("El disco del municipio está lleno y lo que enviaste no se guardó. Avisa y vuelve a intentarlo."),
    )


def turned_away(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Middleware: the answer to what has no place in the server (503), or whose caller has many (429)."""
    refusals = {429: too_many, 503: too_busy}

    def respond(request: HttpRequest) -> HttpResponse:
        return refusals.get(request.META.get(REFUSED, 0), get_response)(request)

    return respond


def too_busy(request: HttpRequest) -> HttpResponse:
    """503: so many wait that nobody else should."""
    sentence = _("Mucha gente está mirando a la vez. Vuelve a intentarlo en unos segundos.")
    return _later(answer(request, 503, _("Volvemos en un momento"), sentence))


def too_many(request: HttpRequest) -> HttpResponse:
    """429: this caller has as many requests under way as one may have."""
    sentence = _("Desde tu conexión se pide mucho a la vez. Espera a que llegue lo pedido y sigue.")
    return _later(answer(request, 429, _("Espera un momento"), sentence))


def _later(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    # A flood must not fill the log, nor count as our own faults.
    vars(response).update(_has_been_logged=True)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when the form was opened in another session; 405 where there is no form."""
    if READ_ONLY.match(request.path):
        return _only_reading(request)
    return answer(
        request,
        403,
        _("Esta página venció"),
        _("Estuvo abierta mucho tiempo. Recárgala y vuelve a enviar: lo escrito no se envió."),
    )


def _only_reading(request: HttpRequest) -> HttpResponse:
    page = answer(request, 405, _("Aquí solo se lee"), _("Esta dirección se pide con GET: nada cambió."))
    page["Allow"] = "GET, HEAD"
    return page


def designed_refusals(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Middleware: an empty 405 becomes a page; a form's address is often reached again by its bookmark."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        page = answer(
            request,
            405,
            _("Aquí solo llegan formularios"),
            _("Vuelve a la página anterior y aprieta el botón otra vez: nada cambió."),
        )
        page["Allow"] = response.get("Allow", "")
        return page

    return respond


def answer(request: HttpRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    """One sentence as JSON for programs and as a page for people."""
    if request.path.startswith(OPEN311):
        form = "json" if request.path.endswith(".json") else "xml"
        return formats.refusal(form, formats.Refused(status, sentence))
    if wants_json(request):
        return JsonResponse({"detail": sentence}, status=status)
    context = {"status": status, "heading": heading, "sentence": sentence}
    if status >= 429:
        # No request: menus and session would ask the database, which may have failed or is to be spared.
        return HttpResponse(render_to_string("error.html", context), status=status)
    return render(request, "error.html", context, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asked."""
    accepted = request.headers.get("Accept", "")
    if request.path.startswith(MACHINE_PREFIXES) or "application/json" in accepted:
        return True
    return bool(FILE.search(request.path)) and "text/html" not in accepted
