"""The addresses of all apps, put together."""

from django.contrib import admin
from django.urls import include, path

from config import api, health, icon

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("favicon.ico", icon.favicon, name="favicon"),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include((api.urlpatterns, "api"))),
    path("open311/v2/", include("maps.open311.urls")),
    path("", include("territories.urls")),
    path("", include("issues.urls")),
    path("", include("walks.urls")),
    path("", include("gatherings.urls")),
    path("", include("rankings.urls")),
    path("", include("handovers.urls")),
    path("", include("maps.urls")),
]
handler400 = "maps.error_views.bad_request"
handler403 = "maps.error_views.forbidden"
handler404 = "maps.error_views.not_found"
handler500 = "maps.error_views.server_error"
