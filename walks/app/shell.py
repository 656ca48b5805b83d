"""The walk app as one shell: the same for every user, precached whole or not at all.

The service worker carries the list of its files with their SHA-256; a file that does not match
(a Wi-Fi portal, a cut answer, a half-done update) keeps the old app.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from core.typing import present
from issues import statuses
from territories.basemap import source
from walks.app.texts import LEVELS, TEXTS
from walks.models import TRACK_DAYS

APP_VERSION = 1
ENTRY = "js/pages/walk/walk.js"
STYLES = (
    "css/base/tokens.css",
    "css/base/base.css",
    "css/base/components.css",
    "leaflet/dist/leaflet.css",
    "css/base/map.css",
    "css/base/covering.css",
    "css/walk/walk.css",
)
# Imported only where the base map is an archive.
ARCHIVE_ENTRIES = ("js/map/base/archive.js", "js/ui/walk/base.js")
OTHER_FILES = ("icons/categories.svg", "icons/mark.svg", "icons/favicon.svg", "icons/walk.webmanifest")
IMPORT = re.compile(r"""^\s*(?:import|export)\b[^"';]*?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)
# Milliseconds; see TIMES in static/js/data/walk/sync.js.
DEFAULT_TIMES: dict[str, int] = {}


def page() -> str:
    """The HTML of the app; no name, no token, so that it may be kept on the tablet."""
    with translation.override(settings.LANGUAGE_CODE):
        words = {"settings": page_settings(), "styles": STYLES, "levels": LEVELS, "track_days": TRACK_DAYS}
        return render_to_string("walks/app/walk.html", words)


def page_settings() -> dict[str, object]:
    """Addresses, sentences and measures for static/js/pages/walk/walk.js."""
    return {
        "version": APP_VERSION,
        "urls": {
            "sync": reverse("api:sync"),
            "photos": reverse("api:sync") + "photos/",
            "reconcile": reverse("api:sync-reconcile"),
            "session": reverse("api:sync-session"),
            "device": reverse("api:sync-device"),
            "reference": reverse("api:sync-reference"),
            "orientation": reverse("api:map-orientation"),
            "login": f"{reverse('account_login')}?next={reverse('walk')}",
            "worker": reverse("walk-worker"),
            "scope": reverse("walk"),
            "icons": staticfiles_storage.url("icons/categories.svg"),
        },
        "extent": list(settings.COMMUNE_EXTENT),
        "basemap": source.for_maps(),
        "statuses": statuses.for_scripts(),
        "times": getattr(settings, "WALK_TIMES", DEFAULT_TIMES),
        "texts": {name: str(text) for name, text in TEXTS.items()},
    }


def worker() -> str:
    """The service worker with its list of files."""
    files = manifest()
    version = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
    script = read("js/pages/walk/worker.js").decode()
    shell = {"version": version, "page": reverse("walk"), "files": files}
    return f"self.SHELL = {json.dumps(shell)};\n{script}"


def manifest() -> list[dict[str, str]]:
    """Every file of the shell: its address and the SHA-256 of its bytes."""
    html = {"url": reverse("walk"), "sha256": hashlib.sha256(page().encode()).hexdigest()}
    return [
        html,
        *({"url": _asked_for(name), "sha256": _served_sha256(name)} for name in files()),
    ]


def files() -> list[str]:
    """Names of the static files of the app: its modules with all they import, styles, icons."""
    if not source.is_archive():
        return [*_modules(ENTRY), *STYLES, *OTHER_FILES]
    return [*_modules(ENTRY, *ARCHIVE_ENTRIES), source.LIBRARY, *STYLES, *OTHER_FILES]


def _modules(*entries: str) -> list[str]:
    found: list[str] = []
    waiting = [*entries]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting += [_resolved(name, target) for target in IMPORT.findall(read(name).decode())]
    return sorted(found)


def _resolved(name: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), target))


def read(name: str) -> bytes:
    """A static file as it lies in the source tree."""
    return Path(present(finders.find(name))).read_bytes()


def _asked_for(name: str) -> str:
    """The address as a browser asks for it: it leaves the «@» of a library as it is, which Django escapes."""
    return staticfiles_storage.url(name).replace("%40", "@")


def _served_sha256(name: str) -> str:
    """Of what a browser receives: the hashed copy where there is one."""
    if settings.DEBUG or settings.TESTING:
        return hashlib.sha256(read(name)).hexdigest()
    assert isinstance(staticfiles_storage, ManifestFilesMixin)
    return _collected_sha256(staticfiles_storage.stored_name(name))


@lru_cache(maxsize=200)
def _collected_sha256(stored: str) -> str:
    with staticfiles_storage.open(stored) as file:
        return hashlib.sha256(file.read()).hexdigest()
