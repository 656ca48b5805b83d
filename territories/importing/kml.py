"""KML read with a parser that knows no entities and follows no links. Imports no Django."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError  # nosec B405 # names only: defusedxml reads

import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import parse
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from territories.importing.intake import COPY_NAME
from territories.importing.refusal import FileRefused

MAX_DEPTH = 60


@dataclass
class Read:
    """Rows and geometries, longitude and latitude in degrees, EPSG:4326."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    geometries: list[BaseGeometry | None] = field(default_factory=list)
    has_z: bool = False


def layers(path: Path) -> list[tuple[str, str]]:
    """(name, kind) of each folder that holds places directly, in their order."""
    found: dict[str, str] = {}
    for folder, placemark in _placemarks(_root(path), ""):
        kind = _kind(placemark)
        found[folder] = "Polygon" if kind == "Polygon" else found.get(folder, kind)
    return list(found.items())


def read(path: Path, folder: str | None) -> Read:
    """The placemarks of one folder, or of the whole file; raises FileRefused for links and nonsense."""
    result = Read()
    for number, (home, placemark) in enumerate(_placemarks(_root(path), ""), start=1):
        if folder is None or home == folder:
            _add(result, placemark, number)
    return result


def only_links_inside(path: Path) -> bool:
    """Whether a file holds no place, only links, and each to a file next to it."""
    root = _parsed(path)
    targets = [(one.text or "").strip() for one in root.iter() if _local(one) == "href"]
    links = any(_local(one) == "NetworkLink" for one in root.iter())
    places = any(_local(one) == "Placemark" for one in root.iter())
    return links and not places and not any(":" in one or one.startswith(("/", "\\")) for one in targets)


def _root(path: Path) -> Element:
    root = _parsed(path)
    if any(_local(one) == "NetworkLink" for one in root.iter()):
        raise FileRefused("network_link", file=path.name)
    return root


def _parsed(path: Path) -> Element:
    try:
        root = parse(path, forbid_dtd=True).getroot()
    except DefusedXmlException as error:
        raise FileRefused("xml_entity", file=path.name) from error
    except (ParseError, RecursionError, ValueError, LookupError) as error:
        raise FileRefused("corrupt", file=path.name) from error
    return root


def _placemarks(element: Element, folder: str, depth: int = 0) -> Iterator[tuple[str, Element]]:
    if depth > MAX_DEPTH:
        raise FileRefused("corrupt", file=COPY_NAME)
    for child in element:
        name = _local(child)
        if name == "Placemark":
            yield folder, child
        elif name in ("Folder", "Document", "kml"):
            yield from _placemarks(child, _text(child, "name") if name == "Folder" else folder, depth + 1)


def _local(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element if _local(child) == name]


def _text(element: Element, name: str) -> str:
    found = _children(element, name)
    return (found[0].text or "").strip() if found else ""


def _kind(placemark: Element) -> str:
    names = {_local(one) for one in placemark.iter()}
    return next((kind for kind in ("Polygon", "LineString", "Point") if kind in names), "null")


def _add(result: Read, placemark: Element, number: int) -> None:
    row = {"name": _text(placemark, "name"), "description": _text(placemark, "description")}
    for data in placemark.iter():
        if _local(data) == "Data" and data.get("name"):
            row[data.get("name", "")] = _text(data, "value")
        elif _local(data) == "SimpleData" and data.get("name"):
            row[data.get("name", "")] = (data.text or "").strip()
    try:
        geometries = [one for child in placemark for one in _geometries(child, result)]
    except (ValueError, IndexError, shapely.errors.ShapelyError) as error:
        raise FileRefused("bad_geometry", row=number) from error
    row.pop("geometry", None)
    result.rows.append(row)
    result.geometries.append(_together(geometries))


def _together(geometries: list[BaseGeometry]) -> BaseGeometry | None:
    if len(geometries) > 1 and all(one.geom_type == "Polygon" for one in geometries):
        return shapely.multipolygons(geometries)
    if len(geometries) > 1:
        return shapely.geometrycollections(geometries)
    return geometries[0] if geometries else None


def _geometries(element: Element, result: Read, depth: int = 0) -> Iterator[BaseGeometry]:
    name = _local(element)
    if name == "MultiGeometry" and depth < MAX_DEPTH:
        for child in element:
            yield from _geometries(child, result, depth + 1)
    elif name == "Polygon":
        shells = _rings(element, "outerBoundaryIs", result)
        holes = _rings(element, "innerBoundaryIs", result)
        yield Polygon(shells[0] if shells else None, holes)
    elif name in ("LineString", "LinearRing"):
        yield LineString(_coordinates(element, result))
    elif name == "Point":
        yield Point(_coordinates(element, result)[0])


def _rings(polygon: Element, boundary: str, result: Read) -> list[list[tuple[float, float]]]:
    """All of them: some programs put several holes into one boundary. IndexError where one has none."""
    found = [_children(one, "LinearRing") for one in _children(polygon, boundary)]
    if not all(found):
        raise IndexError(boundary)
    return [_coordinates(ring, result) for rings in found for ring in rings]


def _coordinates(element: Element, result: Read) -> list[tuple[float, float]]:
    points = []
    for word in _text(element, "coordinates").split():
        numbers = [float(number) for number in word.split(",")]
        result.has_z = result.has_z or (len(numbers) > 2 and numbers[2] != 0)
        points.append((numbers[0], numbers[1]))
    return points
