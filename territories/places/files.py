"""Places from any file a municipality has, also OpenStreetMap extracts; examined in a child process."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext as _

from core.letters import fold
from territories.importing import process, texts
from territories.importing.intake import refuse_unfit
from territories.importing.refusal import FileRefused
from territories.models import Place, PlaceKind
from territories.places.gazetteer import PlacesRefused

MAX_NAME = 160
# A region is read through once for each of its layers to find one commune.
TIMES_LONGER = 10


def read_any(
    path: Path,
    *,
    source: str,
    kind: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
) -> list[Place]:
    """Unsaved places of a file, EPSG:4326; `kind` says what all of them are, where the file does not.

    Raises PlacesRefused with one sentence.
    """
    options = {"kind": kind, "layer": layer, "crs": crs, "encoding": encoding}
    try:
        answer = _examine(path, options)
    except FileRefused as refused:
        raise PlacesRefused(texts.refusal(refused.code, refused.details)) from refused
    return [_place(row, source) for row in answer["places"]]


def _examine(path: Path, options: dict) -> dict:
    refuse_unfit(path)
    request = options | {"task": "places", "path": str(path.resolve()), "extent": settings.COMMUNE_EXTENT}
    seconds = TIMES_LONGER * settings.BOUNDARY_SECONDS
    return process.examine(request, seconds=seconds, memory_mb=settings.BOUNDARY_MEMORY_MB)


def _place(row: dict, source: str) -> Place:
    name = row["name"]
    if name.startswith("(") or not name:
        name = _("%(kind)s sin nombre") % {"kind": PlaceKind(row["kind"]).label.capitalize()} + f" {name}"
    name = name.strip()[:MAX_NAME]
    return Place(
        kind=row["kind"],
        name=name,
        search_name=fold(name)[:MAX_NAME],
        location=GEOSGeometry(row["location"], srid=4326),
        rank=min(row["rank"], 9),
        source=source[:200],
    )
