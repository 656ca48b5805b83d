"""GeoJSON read as text: a `crs` that is a link is never followed. Imports no Django."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from territories.importing.refusal import FileRefused


@dataclass
class Read:
    """Rows and geometries of a file in its own system (x, y); `crs` is the name it gives, if any."""

    encoding: str
    crs: str | None
    rows: list[dict[str, Any]] = field(default_factory=list)
    geometries: list[BaseGeometry | None] = field(default_factory=list)
    has_z: bool = False


def read(path: Path, encoding: str | None = None) -> Read:
    """Read a FeatureCollection, a Feature or a bare geometry; raises FileRefused for anything else."""
    text, used = _decode(path.read_bytes(), encoding)
    try:
        document = json.loads(text, parse_constant=float)
    except (ValueError, RecursionError) as error:
        raise FileRefused("bad_json", file=path.name) from error
    if not isinstance(document, dict):
        raise FileRefused("unknown_format", file=path.name)
    result = Read(used, _crs_name(document.get("crs")))
    for number, feature in enumerate(_features(document, path.name), start=1):
        _add(result, feature, number)
    return result


def _decode(content: bytes, wanted: str | None) -> tuple[str, str]:
    encoding = wanted or ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else None)
    if encoding:
        try:
            return content.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError) as error:
            raise FileRefused("bad_encoding", encoding=encoding) from error
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "CP1252"


def _crs_name(crs: Any) -> str | None:
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    if not isinstance(properties, dict) or crs.get("type") != "name":
        raise FileRefused("crs_link")
    return str(properties.get("name", ""))[:200]


def _features(document: dict, name: str) -> list:
    kind = document.get("type")
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return document["features"]
    if kind == "Feature":
        return [document]
    if kind in ("Polygon", "MultiPolygon", "GeometryCollection", "Point", "LineString", "MultiLineString"):
        return [{"type": "Feature", "properties": {}, "geometry": document}]
    raise FileRefused("unknown_format", file=name)


def _add(result: Read, feature: Any, number: int) -> None:
    if not isinstance(feature, dict):
        raise FileRefused("bad_geometry", row=number)
    properties, raw = feature.get("properties"), feature.get("geometry")
    geometry = _geometry(raw, number)
    if geometry is not None and geometry.has_z:
        result.has_z = True
        geometry = shapely.force_2d(geometry)
    result.rows.append(_flat(properties))
    result.geometries.append(geometry)


def _geometry(raw: Any, number: int) -> BaseGeometry | None:
    if raw is None:
        return None
    try:
        geometry = shape(raw)
    except MemoryError:
        raise
    except Exception as error:
        # The library raises whatever the nonsense in the file leads to.
        code = "bad_geometry" if _is_finite(raw) else "not_finite"
        raise FileRefused(code, row=number) from error
    return None if geometry.is_empty else geometry


def _is_finite(raw: Any) -> bool:
    try:
        json.dumps(raw, allow_nan=False)
    except ValueError:
        return False
    return True


def _flat(properties: Any) -> dict[str, Any]:
    if not isinstance(properties, dict):
        return {}
    # A column of that name would hide the drawing itself.
    return {
        ("geometry_" if key == "geometry" else key): value
        for key, value in properties.items()
        if not isinstance(value, dict | list)
    }
