"""What every page needs to know about the installation."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Name of the commune and the base map, if one is configured."""
    return {
        "commune_name": settings.COMMUNE_NAME,
        "is_demo": settings.DEMO,
        "basemap": {"url": settings.BASEMAP_URL, "attribution": settings.BASEMAP_ATTRIBUTION},
    }
