"""Public data may be read by the pages of any other site: CORS for reading, never with cookies."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# The interfaces for programs and the files, without the tablets' outbox.
SHARED = re.compile(
    r"/api/v1/(?!sync/)|/(ogc|tiles|open311/v2)/|/(feeds|datos)/.+|/listas/[^/]+/lista\.|/reuniones\.ics$"
)
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}


def shared_with_other_sites(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable:
    """Middleware: any origin may read what is public; a browser then sends no session with the question."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not SHARED.match(request.path):
            return get_response(request)
        asks_first = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        response = HttpResponse(status=204, headers=PREFLIGHT) if asks_first else get_response(request)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return respond
