"""Middleware for what every answer says about itself, and for whose word about the caller counts."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from maps.outside.sharing import SHARED

Answer = Callable[[HttpRequest], HttpResponse]
# What a proxy says of the caller; from anybody else it is a claim.
FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)
# Our pages ask where a walk is, fill the projector's screen and use passkeys; everything else is off.
PERMISSIONS = ", ".join(
    [
        *(f"{name}=(self)" for name in ("geolocation", "fullscreen")),
        *(f"publickey-credentials-{name}=(self)" for name in ("create", "get")),
        *(
            f"{name}=()"
            for name in (
                "accelerometer",
                "autoplay",
                "browsing-topics",
                "camera",
                "display-capture",
                "gyroscope",
                "hid",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "serial",
                "usb",
                "xr-spatial-tracking",
            )
        ),
    ]
)


def believe_only_the_proxy(get_response: Answer) -> Answer:
    """Forget what a request says about its caller unless the configured proxy sent it."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not is_from_proxy(request.META.get("REMOTE_ADDR", "")):
            for name in FORWARDED:
                request.META.pop(name, None)
        return get_response(request)

    return respond


def is_from_proxy(address: str) -> bool:
    """Whether a network address is that of the proxy in front (BEHIND_PROXY, PROXY_NETWORKS)."""
    if not settings.BEHIND_PROXY:
        return False
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return not address  # A socket of this machine has no address.
    return any(caller in ipaddress.ip_network(network) for network in settings.PROXY_NETWORKS)


def careful_answers(get_response: Answer) -> Answer:
    """Say what the page may use, who may embed the answer, and that nobody keeps what a person was told."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        is_personal = _is_personal(request, response)
        if is_personal:
            response["Cache-Control"] = "private, no-store"
        is_shared = not is_personal and _is_for_other_sites(request, response)
        response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_shared else "same-origin"
        return response

    return respond


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a session is behind the answer, or begins with it; its cookie alone tells, without a query."""
    name = settings.SESSION_COOKIE_NAME
    if request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
        return False
    return name in request.COOKIES or name in response.cookies


def _is_for_other_sites(request: HttpRequest, response: HttpResponse) -> bool:
    """Public data, and public pictures that data of ours links to."""
    is_open_photo = request.path.startswith("/fotos/") and "public" in response.get("Cache-Control", "")
    return bool(SHARED.match(request.path)) or is_open_photo
