"""Who calls, as far as an address and cookies tell without the database: asked before any work is done."""

from __future__ import annotations

import ipaddress
from itertools import islice

from django.core import signing
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
    claims = ((name, value) for name, value in parse_cookie(cookies).items() if name.startswith(KNOWN_PREFIX))
    marks = (_unsigned(name, value) for name, value in islice(claims, MOST_CLAIMS))
    return next(filter(None, marks), "")


def _unsigned(name: str, value: str) -> str:
    try:
        return signing.get_cookie_signer(salt=name).unsign(value, max_age=KNOWN_SECONDS)
    except signing.BadSignature:
        return ""
