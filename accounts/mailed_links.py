"""Pages whose address is the permission: links of a mail, printed codes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache


def bearer_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Keep the address of a page from caches, search engines and whatever the page links to.

    Not `no-referrer`: with it a browser posts the page's own form as of `Origin: null`, which is refused.
    """

    @wraps(view)
    def respond(request: HttpRequest, *args: object, **words: object) -> HttpResponseBase:
        response = view(request, *args, **words)
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(respond)
