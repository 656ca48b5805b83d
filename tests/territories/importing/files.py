"""Draws boundary files for tests, good ones and hostile ones. EPSG:4326 unless said otherwise."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile
from pathlib import Path

import geopandas
from shapely.geometry import box

from tests.town import NORTH, SIDE, WEST

TOWN = {1: "Norte", 2: "Centro", 3: "Sur"}


def square(code: int, south: float = NORTH - SIDE, north: float = NORTH):
    """The square of the code-th neighbourhood from the west."""
    west = round(WEST + SIDE * (code - 1), 6)
    return box(west, south, round(west + SIDE, 6), north)


def town(names: dict[int, str] = TOWN, shape=square, **columns) -> geopandas.GeoDataFrame:
    """The imaginary town as a frame with columns code and name, and any others given as lists."""
    rows = {"code": list(names), "name": list(names.values())} | columns
    return geopandas.GeoDataFrame(rows, geometry=[shape(code) for code in names], crs="EPSG:4326")


def geojson(path: Path, frame: geopandas.GeoDataFrame | None = None, **members) -> Path:
    """Write a GeoJSON file; `members` are added to the collection."""
    frame = town() if frame is None else frame
    document = json.loads(frame.to_json(drop_id=True)) | members
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def shapefile(
    folder: Path, frame: geopandas.GeoDataFrame | None = None, name: str = "barrios", **how
) -> Path:
    """Write a loose Shapefile; returns its .shp."""
    folder.mkdir(exist_ok=True)
    (town() if frame is None else frame).to_file(folder / f"{name}.shp", **how)
    return folder / f"{name}.shp"


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """Write an archive with these entries."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def parts(shp: Path) -> dict[str, bytes]:
    """The parts of a loose Shapefile by file name."""
    return {one.name: one.read_bytes() for one in sorted(shp.parent.glob(f"{shp.stem}.*"))}


def zipped_bytes(files: dict[str, bytes]) -> bytes:
    """An archive as bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def curve(path: Path, layer: str, code: int) -> None:
    """Replace one square in a GeoPackage by a circle written as a CURVEPOLYGON of arcs."""
    west, south, east, north = square(code).bounds
    middle, height = (west + east) / 2, (south + north) / 2
    points = [(west, height), (middle, north), (east, height), (middle, south), (west, height)]
    arcs = struct.pack("<BII", 1, 8, len(points)) + b"".join(struct.pack("<dd", *point) for point in points)
    wkb = struct.pack("<BII", 1, 10, 1) + arcs
    blob = b"GP" + struct.pack("<BBi", 0, 1, 4326) + wkb
    with sqlite3.connect(path) as base:
        base.execute(f'DELETE FROM gpkg_extensions WHERE table_name = "{layer}"')
        triggers = base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute(f'UPDATE "{layer}" SET geom = ? WHERE code = ?', (blob, code))
        base.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'GEOMETRY'")
