"""The JSON interface under /api/v1/: each app declares its part, this joins them."""

from __future__ import annotations

from django.core.exceptions import ValidationError as ModelValidationError
from django.http import Http404
from django.urls import include, path
from django.utils.translation import gettext as _
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import exception_handler as default_handler

import gatherings.api_views
import handovers.api_views
import issues.api_views
import maps.api_views
import rankings.api_views
import territories.api_views
import walks.sync.api_views
from config.api_root import root
from issues.query.filters import BadFilter
from issues.query.keyset import BadPage
from territories.geo import BadCoordinates

APPS = (
    territories.api_views,
    issues.api_views,
    walks.sync.api_views,
    gatherings.api_views,
    rankings.api_views,
    handovers.api_views,
    maps.api_views,
)

router = SimpleRouter()
for app in APPS:
    for prefix, viewset, basename in app.ROUTES:
        router.register(prefix, viewset, basename=basename)

urlpatterns = [
    path("", root, name="root"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    *(pattern for app in APPS for pattern in app.urlpatterns),
    path("", include(router.urls)),
]


def exception_handler(error: Exception, context: dict) -> Response | None:
    """Turn refusals of the domain into a 400 with one sentence, and say «not there» in ours."""
    if isinstance(error, Http404):
        error = NotFound(_("No existe o ya no es pública. Revisa la dirección o búscala en el mapa."))
    if isinstance(error, BadCoordinates | BadFilter | BadPage):
        error = ValidationError({"detail": str(error)})
    if isinstance(error, ModelValidationError):
        error = ValidationError({"detail": " ".join(error.messages)})
    return default_handler(error, context)
