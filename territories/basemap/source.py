"""The base map under every map: none, raster tiles, or one PMTiles archive (docs/decisions/base-map.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage, Warning
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

MAGIC = b"PMTiles\x03"
# Draws the tiles of vector archives; one file that needs no other.
LIBRARY = "protomaps-leaflet/dist/protomaps-leaflet.js"


@dataclass(frozen=True)
class Archive:
    """The file that the site serves itself."""

    path: Path
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """What its address says: another file has another address."""
        return self.sha256[:16]


def is_archive() -> bool:
    """Whether the base map is one PMTiles archive, here or elsewhere."""
    return bool(settings.BASEMAP_FILE) or urlsplit(settings.BASEMAP_URL).path.lower().endswith(".pmtiles")


def own_archive() -> Archive | None:
    """The archive of BASEMAP_FILE; None when there is none, or not the one that was named."""
    if not settings.BASEMAP_FILE:
        return None
    path = Path(settings.BASEMAP_FILE)
    try:
        found = path.stat()
        archive = _read(path, found.st_size, found.st_mtime_ns)
    except OSError:
        return None
    named = settings.BASEMAP_SHA256
    return archive if archive and named in ("", archive.sha256) else None


def for_maps() -> dict[str, object]:
    """What static/js/map/base/create-map.js and the tablets need to know of it."""
    basemap: dict[str, object] = {"kind": "", "url": "", "attribution": settings.BASEMAP_ATTRIBUTION}
    if not is_archive():
        return basemap | {"kind": "tiles" if settings.BASEMAP_URL else "", "url": settings.BASEMAP_URL}
    basemap |= {"kind": "archive", "library": staticfiles_storage.url(LIBRARY)}
    if not settings.BASEMAP_FILE:
        return basemap | {"url": settings.BASEMAP_URL, "sha256": settings.BASEMAP_SHA256, "bytes": None}
    return basemap | _own(own_archive())


def _own(archive: Archive | None) -> dict[str, object]:
    if archive is None:
        return {"url": "", "sha256": "", "bytes": None}
    url = reverse("basemap-file", args=[archive.name])
    return {"url": url, "sha256": archive.sha256, "bytes": archive.size}


@lru_cache(maxsize=4)
def _read(path: Path, size: int, _changed_ns: int) -> Archive | None:
    """Hashed once for each state of the file."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return None
        file.seek(0)
        return Archive(path, size, hashlib.file_digest(file, "sha256").hexdigest())


def check_file(app_configs: object, **kwargs: object) -> Iterable[CheckMessage]:
    """Say at the start what the maps would otherwise only show."""
    if settings.BASEMAP_FILE and own_archive() is None:
        yield Warning(
            str(
                _("BASEMAP_FILE no es un archivo PMTiles 3 que se pueda leer, o no es el de BASEMAP_SHA256.")
            ),
            hint=str(_("Los mapas muestran la capa de orientación.")),
            id="mapa.W001",
        )
