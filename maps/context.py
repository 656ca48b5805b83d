"""Facts about the installation that every page needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import is_valid_path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from handovers.models import Notification
from issues import statuses
from territories.basemap import source
from territories.models import BoundarySet

PUBLIC_PAGES = (
    ("/", _("Mapa")),
    ("/barrios/", _("Barrios")),
    ("/listas/", _("Listas")),
    ("/reuniones/", _("Reuniones")),
    ("/como-priorizamos/", _("¿Cómo priorizamos?")),
    ("/indicadores/", _("Indicadores")),
    ("/datos/", _("Datos")),
)
FOOTER_PAGES = (
    ("/datos/", _("Datos abiertos")),
    ("/feeds/", _("Suscribirse")),
    ("/privacidad/", _("Datos personales")),
    ("/cargos/", _("Cargos")),
    ("/api/v1/docs/", _("Interfaz para programas")),
)
WALK = ("/caminata/", _("Caminata"))
VERIFY = ("/verificar/", _("Verificar"))
COUNTER = ("/oficina/nuevo/", _("Registrar"))
DESK, CABINET, ADMIN = ("/gestion/", _("Gestión")), ("/alcaldia/", _("Alcaldía")), ("/admin/", _("Admin"))
INBOX = ("/gestion/bandeja/", _("Bandeja"))
TOLD = ("/avisos/", _("Avisos"))
LEVELS, HIDINGS = ("/gestion/puntajes/", _("Puntajes")), ("/gestion/ocultos/", _("Ocultos"))
PERSONS, WHY = ("/oficina/personas/", _("Personas")), ("/oficina/por-que/", _("¿Por qué?"))
STAFF_PAGES = {
    Role.FACILITATOR: (WALK, COUNTER, VERIFY),
    Role.MANAGER: (DESK, TOLD),
    Role.CABINET: (CABINET, DESK, INBOX, TOLD),
    Role.CONTROL: (LEVELS, HIDINGS),
    Role.ADMINISTRATOR: (CABINET, DESK, INBOX, TOLD, WALK, PERSONS, WHY, ADMIN),
}


@dataclass(frozen=True)
class NavigationItem:
    """One link of a menu."""

    path: str
    label: str
    is_current: bool


def site(request: HttpRequest) -> dict[str, object]:
    """Name of the commune, menus, labels of caution and the settings of every map."""
    return {
        "commune_name": settings.COMMUNE_NAME,
        "is_demo": settings.DEMO,
        "residents_report": settings.RESIDENT_REPORTS,
        "map_settings": map_settings(),
        "navigation": _menu(PUBLIC_PAGES, request.path),
        "footer_navigation": _menu(FOOTER_PAGES, request.path),
        "staff_navigation": SimpleLazyObject(lambda: _staff_menu(request)),
        "has_approximate_boundaries": SimpleLazyObject(has_approximate_boundaries),
    }


def map_settings() -> dict[str, object]:
    """What create-map.js needs (addresses, west, south, east, north, base map) and the table of statuses."""
    return {
        "orientation_url": reverse("api:map-orientation"),
        "extent": list(settings.COMMUNE_EXTENT),
        "basemap": source.for_maps(),
        "statuses": statuses.for_scripts(),
        "labels": {
            "zoom_in": gettext("Acercar"),
            "zoom_out": gettext("Alejar"),
            "spot": gettext("{count} problemas en este lugar"),
            "spot_part": gettext("{shown} de los {count} problemas en este lugar"),
        },
    }


def has_approximate_boundaries() -> bool:
    """Whether the boundaries in force are a stand-in for the municipality's own."""
    return BoundarySet.objects.in_force().filter(is_approximate=True).exists()


def _staff_menu(request: HttpRequest) -> list[NavigationItem]:
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated:
        return []
    pages = STAFF_PAGES.get(user.role, ())
    return _menu([_counted(page, user) if page == TOLD else page for page in pages], request.path)


def _counted(page: tuple, user: User) -> tuple:
    """The page of what one was told, with how much of it is unread."""
    unread = Notification.objects.unread().filter(person=user).count()
    return (page[0], f"{page[1]} ({unread})") if unread else page


def _menu(pages: Iterable[tuple], current: str) -> list[NavigationItem]:
    return [NavigationItem(path, label, _is_current(path, current)) for path, label in pages if _exists(path)]


def _is_current(path: str, current: str) -> bool:
    return current == path or (path != "/" and current.startswith(path))


@cache
def _exists(path: str) -> bool:
    return bool(is_valid_path(path))
