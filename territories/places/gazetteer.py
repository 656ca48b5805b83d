"""Files of places (GeoJSON, WGS 84): read, checked as a whole, then stored by kind and name."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext as _

from core.letters import fold
from territories.geo import in_extent
from territories.importing.intake import is_file, is_folder
from territories.importing.refusal import shown
from territories.models import Place, PlaceKind

MAX_BYTES = 30_000_000
MAX_RANK = 9
SHAPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


class PlacesRefused(ValueError):
    """A file of places that cannot be trusted; the text is one sentence for the person."""


@dataclass(frozen=True)
class Loaded:
    """What storing places did."""

    stored: int
    removed: int


def read_places(path: Path) -> list[Place]:
    """Unsaved places of one GeoJSON file, EPSG:4326, x = longitude.

    Raises PlacesRefused, naming the feature, unless every one is right: a known kind, a name, a
    valid shape inside the commune's rectangle.
    """
    collection = _collection(path)
    features = collection.get("features")
    if not isinstance(features, list) or not features:
        raise PlacesRefused(_("%(file)s no tiene ningún lugar.") % {"file": shown(path.name)})
    source = collection.get("source")
    return [_place(feature, n, shown(path.name), source) for n, feature in enumerate(features, 1)]


def place_files(path: Path) -> list[Path]:
    """The GeoJSON files of a folder by name, or the one file itself; raises PlacesRefused if none."""
    files = sorted(path.glob("*.geojson")) if is_folder(path) else [path]
    if not files:
        raise PlacesRefused(_("La carpeta %(path)s no tiene archivos .geojson.") % {"path": shown(str(path))})
    return files


@transaction.atomic
def store_places(places: list[Place], *, replace: bool = False) -> Loaded:
    """Store places by (kind, name), rewriting those present.

    `replace` also removes the other places of the same kinds. Raises PlacesRefused when two places
    of one kind share a name.
    """
    _refuse_repeated(places)
    Place.objects.bulk_create(
        places,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["kind", "name"],
        update_fields=["search_name", "location", "rank", "source", "certainty"],
    )
    return Loaded(stored=len(places), removed=_remove_others(places) if replace else 0)


def _remove_others(places: list[Place]) -> int:
    removed = 0
    for kind in {place.kind for place in places}:
        names = [place.name for place in places if place.kind == kind]
        removed += Place.objects.filter(kind=kind).exclude(name__in=names).delete()[0]
    return removed


def _collection(path: Path) -> dict[str, object]:
    if not is_file(path):
        raise PlacesRefused(_("No se puede leer %(path)s.") % {"path": shown(str(path))})
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PlacesRefused(
                _("%(file)s pesa más de 30 MB: no parece el correcto.") % {"file": shown(path.name)}
            )
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PlacesRefused(_("No se puede leer %(path)s.") % {"path": shown(str(path))}) from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, PlacesRefused):
            raise
        raise PlacesRefused(_("%(file)s no es un GeoJSON en UTF-8.") % {"file": shown(path.name)}) from error
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise PlacesRefused(
            _("%(file)s no es una FeatureCollection de GeoJSON.") % {"file": shown(path.name)}
        )
    return data


def _place(feature: object, number: int, file: str, source: object) -> Place:
    where = {"file": file, "n": number}
    if not isinstance(feature, dict) or not isinstance(properties := feature.get("properties"), dict):
        raise PlacesRefused(_("%(file)s, lugar %(n)s: le faltan las propiedades.") % where)
    kind, rank = properties.get("kind"), properties.get("rank", 1)
    if kind not in PlaceKind.values:
        known = {"known": ", ".join(PlaceKind.values)}
        raise PlacesRefused(_("%(file)s, lugar %(n)s: «kind» debe ser una de: %(known)s.") % (where | known))
    if type(rank) is not int or not 0 <= rank <= MAX_RANK:
        raise PlacesRefused(_("%(file)s, lugar %(n)s: «rank» va de 0 a 9.") % where)
    name = _text(properties.get("name"), 160, "name", where)
    return Place(
        kind=kind,
        name=name,
        search_name=fold(name)[:160],
        location=_location(feature.get("geometry"), where),
        rank=rank,
        source=_text(properties.get("source", source), 200, "source", where),
        certainty=_text(properties.get("certainty", "") or "-", 40, "certainty", where).strip("-"),
    )


def _text(value: object, most: int, column: str, where: dict[str, object]) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not text or len(text) > most or not text.isprintable():
        words = where | {"column": column, "most": most}
        raise PlacesRefused(
            _("%(file)s, lugar %(n)s: «%(column)s» debe ser un texto de 1 a %(most)s letras.") % words
        )
    return text


def _location(geometry: object, where: dict[str, object]) -> GEOSGeometry:
    if not isinstance(geometry, dict) or geometry.get("type") not in SHAPES:
        raise PlacesRefused(_("%(file)s, lugar %(n)s: falta la forma (punto, línea o polígono).") % where)
    try:
        inside = all(_in_commune(position) for position in _positions(geometry.get("coordinates")))
        location = GEOSGeometry(json.dumps(geometry), srid=4326) if inside else None
    except (GEOSException, ValueError, TypeError, RecursionError) as error:
        raise PlacesRefused(_("%(file)s, lugar %(n)s: las coordenadas no se entienden.") % where) from error
    if location is None:
        raise PlacesRefused(_("%(file)s, lugar %(n)s: queda fuera de la comuna.") % where)
    if location.empty or location.hasz or not location.valid:
        raise PlacesRefused(_("%(file)s, lugar %(n)s: la forma no es válida.") % where)
    return location


def _positions(coordinates: object) -> Iterator[list[object]]:
    """Every [x, y] below a GeoJSON coordinates array; ValueError when it is no such array."""
    if not isinstance(coordinates, list) or not coordinates:
        raise ValueError("not an array of positions")
    if isinstance(coordinates[0], list):
        for part in coordinates:
            yield from _positions(part)
    else:
        yield coordinates


def _in_commune(position: list[object]) -> bool:
    numbers = [part for part in position if _is_number(part)]
    if len(position) != 2 or len(numbers) != 2:
        raise ValueError("not a position")
    lng, lat = numbers
    return math.isfinite(lng) and math.isfinite(lat) and in_extent(lat=lat, lng=lng)


def _is_number(value: object) -> TypeGuard[float]:
    return type(value) in (int, float)


def _refuse_repeated(places: list[Place]) -> None:
    counted = Counter((place.kind, place.name) for place in places)
    (_kind, name), times = counted.most_common(1)[0]
    if times > 1:
        raise PlacesRefused(_("«%(name)s» está dos veces entre los lugares.") % {"name": name})
