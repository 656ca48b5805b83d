"""Draws boundary files for tests, good ones and hostile ones. EPSG:4326 unless said otherwise."""

from __future__ import annotations

import io
import json
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
