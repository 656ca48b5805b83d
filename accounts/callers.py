"""Who calls, as far as an address and cookies tell without the database: asked before any work is done."""

from __future__ import annotations

import ipaddress
from itertools import islice

from django.http import HttpRequest
from django.http.cookie import parse_cookie

# Where the server writes with which status it turns a request away, in what WSGI calls its environment.
REFUSED = "mapa.refused"
KNOWN_PREFIX = "mapa_known_"
KNOWN_SECONDS = 400 * 24 * 3600
# So many people share one browser; looking at more would be work for a stranger.
MOST_CLAIMS = 8


def network(address: str) -> str:
    """An IPv4 address as it is, or the /64 that one IPv6 connection has; anything else unchanged."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def known_browser(cookies: str) -> str:
    """The mark of a browser in which a person of staff once signed in, from a Cookie header; else nothing.

    Nobody can forge one: it carries our signature.
    """
    return next(iter(known_marks(cookies).values()), "")


def known_marks(cookies: str) -> dict[str, str]:
    """The marks of everybody who once signed in in this browser, by the cookie's name, which tells whose."""
    asked = HttpRequest()
    asked.COOKIES = parse_cookie(cookies)
    claims = islice((name for name in asked.COOKIES if name.startswith(KNOWN_PREFIX)), MOST_CLAIMS)
    # Django's own reading: what it mixes into a cookie's signature is its affair.
    marks = {name: asked.get_signed_cookie(name, default="", max_age=KNOWN_SECONDS) for name in claims}
    return {name: mark for name, mark in marks.items() if mark}
