"""Who may append: an enrolled tablet by its cookie, or a person by the web session.

A CSRF token would be stale after a day without network. Instead a request that writes must carry
a header no form can send, and an Origin that is ours when the browser sends one.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from walks.models import Device
from walks.sync.devices import COOKIE, device_of, note_session

HEADER = "X-Mapa-Sync"


class TabletAuthentication(BaseAuthentication):
    """`request.auth` is the tablet or None; `request.user` the signed-in person or anonymous."""

    def authenticate(self, request: Request) -> tuple[User | AnonymousUser, Device | None] | None:
        """Read cookie and session; None for a stranger."""
        person = getattr(request._request, "user", None) or AnonymousUser()
        device = device_of(request.COOKIES.get(COOKIE))
        if device is None and not person.is_authenticated:
            return None
        refuse_foreign_pages(request)
        if device is not None and person.is_authenticated:
            note_session(device, request._request.session.session_key)
        return person, device

    def authenticate_header(self, request: Request) -> str:
        """Makes the answer to a stranger a 401, so that a tablet can say «sign in»."""
        return 'Session realm="mapa"'


class TabletScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document names the tablet's cookie."""

    target_class = TabletAuthentication
    name = "tablet"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """A key in a cookie."""
        return {"type": "apiKey", "in": "cookie", "name": COOKIE}


class MayAppend(BasePermission):
    """An enrolled tablet, or a signed-in member of the staff."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether a tablet or a member of the staff sent it."""
        return request.auth is not None or bool(request.user and request.user.is_authenticated)


def refuse_foreign_pages(request: Request) -> None:
    """Raise PermissionDenied when another site's page is behind a request that writes."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.get_host()
    if foreign or HEADER not in request.headers:
        raise PermissionDenied(_("Esta dirección solo atiende a la aplicación de la caminata."))
