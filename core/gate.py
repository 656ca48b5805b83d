"""The gate: no view reads an address, a form or JSON before its letters were looked at."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from typing import IO, Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from core import letters
from core.text import TextRefused, entered, entered_deep

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# What a sender may call its letters.
CHARSETS = ("utf-8", "ascii")


class Gate:
    """Middleware: tidies or refuses (400) every text of query and form; odd addresses are not there (404)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Which view answers is not known yet; the letters are named before the token of the form is read.

        Later it would be too late: a form with files can be read only once.
        """
        request.encoding = "utf-8"
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple, kwargs: Mapping[str, object]
    ) -> None:
        """Look at the letters before the view does; raises Http404 for the path, TextRefused for the rest."""
        if any(letters.unfit(str(value)) for value in kwargs.values()):
            raise Http404
        if not _is_known((request.content_params or {}).get("charset", "utf-8")):
            raise TextRefused(_("Envía el texto en UTF-8: esa codificación no se lee."))
        request.GET = _entered(request.GET)  # type: ignore[assignment]  # the stubs know only sealed ones
        # What the REST framework answers reads its body through its own parsers.
        if request.content_type in FORMS and not hasattr(view, "cls"):
            request.POST = _entered(request.POST)  # type: ignore[assignment]  # as above


class JSONParser(parsers.JSONParser):
    """JSON whose texts were looked at; too deep a nesting is no JSON either."""

    def parse(
        self, stream: IO, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> object:
        """The parsed body. Raises ParseError with a sentence."""
        try:
            return entered_deep(super().parse(stream, media_type, parser_context))
        except TextRefused as refused:
            raise ParseError(str(refused)) from refused
        except RecursionError as error:
            raise ParseError(_("No se pudo leer: el contenido no es JSON válido.")) from error


def read_query(text: str) -> QueryDict:
    """An address that came inside a field, its letters looked at as those of the field were."""
    return _entered(QueryDict(text.lstrip("?")))


def _is_known(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in CHARSETS
    except (LookupError, ValueError):
        return False


def _entered(query: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True, encoding=query.encoding)
    for name, values in query.lists():
        kept.setlist(entered(name), [entered(value) for value in values])
    return kept
