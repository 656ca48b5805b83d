"""Makers of odd boundary files: each takes a folder and returns the path to load. Town of three."""

from __future__ import annotations

import gzip
import json
import sqlite3
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import shapely
from shapely.geometry import GeometryCollection, Polygon, mapping

from tests.territories.importing import files

Maker = Callable[[Path], Path]
WEST, SOUTH, EAST, NORTH = -70.80, -33.52, -70.74, -33.50


def text(folder: Path, content: str | bytes, name: str = "barrios.geojson") -> Path:
    """Any content under a name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def document(**members: object) -> dict:
    """The town as a GeoJSON document."""
    return json.loads(files.town().to_json(drop_id=True)) | members


def features(*rows: tuple[object, dict | None]) -> str:
    """A collection of (geometry, properties) as text."""
    features = [{"type": "Feature", "geometry": shape, "properties": row} for shape, row in rows]
    return json.dumps({"type": "FeatureCollection", "features": features})


def town_rows(**more: object) -> list[tuple[object, dict]]:
    """The three squares with their properties."""
    return [
        (mapping(files.square(code)), {"code": code, "name": name} | more)
        for code, name in files.TOWN.items()
    ]


def of_names(*names: str) -> Maker:
    """The town with other names."""
    return lambda p: files.geojson(p / "b.geojson", files.town(dict(enumerate(names, start=1))))


# --- GeoPackage -------------------------------------------------------------------------------------


def gpkg(folder: Path, frame: geopandas.GeoDataFrame | None = None, **how: object) -> Path:
    """The town as a GeoPackage with the layer «barrios»."""
    path = folder / "barrios.gpkg"
    (files.town() if frame is None else frame).to_file(path, layer="barrios", driver="GPKG", **how)
    return path


def after(path: Path, *statements: str) -> Path:
    """The same GeoPackage after some SQL, its triggers gone."""
    with sqlite3.connect(path) as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        for one in statements:
            base.execute(one)
    base.close()
    return path


VIEW = (
    "CREATE VIEW vista AS SELECT fid, code, name, geom FROM barrios",
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
    "VALUES ('vista', 'features', 'vista', 4326)",
    "INSERT INTO gpkg_geometry_columns VALUES ('vista', 'geom', 'POLYGON', 4326, 0, 0)",
)


def with_geometry(folder: Path, wkb: bytes, kind: str) -> Path:
    """A GeoPackage whose first drawing is some well-known binary that GEOS may not know."""
    blob = b"GP" + struct.pack("<BBi", 0, 1, 4326) + wkb
    path = after(
        gpkg(folder),
        f"UPDATE gpkg_geometry_columns SET geometry_type_name = '{kind}'",
        "DELETE FROM gpkg_extensions",
    )
    with sqlite3.connect(path) as base:
        base.execute("UPDATE barrios SET geom = ? WHERE code = 1", (blob,))
    base.close()
    return path


def patches(kind: int) -> bytes:
    """A PolyhedralSurface (15) or TIN (16) of one triangle, as bytes."""
    patch = 3 if kind == 15 else 17
    ring = [(WEST, SOUTH), (WEST, NORTH), (-70.78, NORTH), (WEST, SOUTH)]
    points = b"".join(struct.pack("<dd", *one) for one in ring)
    one = struct.pack("<BII", 1, patch, 1) + struct.pack("<I", len(ring)) + points
    return struct.pack("<BII", 1, kind, 1) + one


# --- Shapefile --------------------------------------------------------------------------------------


def shp(folder: Path, frame: geopandas.GeoDataFrame | None = None, **how: object) -> Path:
    """The town as a loose Shapefile."""
    return files.shapefile(folder / "s", frame, **({"encoding": "UTF-8"} | how))


def with_prj(folder: Path, prj: str, epsg: int | str = 4326) -> Path:
    """The town in a system, with a .prj written by hand."""
    path = shp(folder, files.town().to_crs(epsg))
    path.with_suffix(".prj").write_text(prj, encoding="utf-8")
    return path


def changed(path: Path, part: str, change: Callable[[bytearray], bytes | bytearray]) -> Path:
    """A Shapefile with the bytes of one part changed."""
    target = path.with_suffix(f".{part}")
    target.write_bytes(bytes(change(bytearray(target.read_bytes()))))
    return path


def deleted_row(folder: Path) -> Path:
    """Four rows, one of which the table says is deleted, as editors leave it."""
    names = files.TOWN | {4: "Borrado"}
    path = shp(folder, files.town(names, shape=lambda code: files.square(min(code, 3))))

    def delete_last(table: bytearray) -> bytearray:
        header, length = struct.unpack_from("<HH", table, 8)
        table[header + 3 * length] = ord("*")
        return table

    return changed(path, "dbf", delete_last)


def dbf(columns: list[tuple[str, str, int, int]], rows: list[list[bytes]]) -> bytes:
    """A dBASE table of (name, kind, length, decimals) and the cells as bytes."""
    length = 1 + sum(one[2] for one in columns)
    head = struct.pack("<BBBBIHH20x", 3, 126, 11, 23, len(rows), 33 + 32 * len(columns), length)
    fields = b"".join(
        name.encode("cp1252").ljust(11, b"\x00")[:11] + kind.encode() + b"\x00" * 4 + bytes([size, point])
        + b"\x00" * 14
        for name, kind, size, point in columns
    )  # fmt: skip
    body = b"".join(
        b" " + b"".join(cell.ljust(one[2])[: one[2]] for cell, one in zip(row, columns, strict=True))
        for row in rows
    )
    return head + fields + b"\r" + body + b"\x1a"


def with_table(folder: Path, columns: list[tuple[str, str, int, int]], rows: list[list[bytes]]) -> Path:
    """The three drawings with a table written by hand."""
    path = shp(folder)
    path.with_suffix(".cpg").unlink()
    return changed(path, "dbf", lambda _old: dbf(columns, rows))


# --- KML --------------------------------------------------------------------------------------------


def ring(shape: Polygon) -> str:
    """KML coordinates of the outside of a shape."""
    return " ".join(f"{x},{y},0" for x, y in shape.exterior.coords)


def placemark(name: str, shape: Polygon, inside: str = "", geometry: str = "") -> str:
    """One placemark; `inside` goes before the drawing."""
    drawing = geometry or (
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
        f"{ring(shape)}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    )
    return f"<Placemark><name>{name}</name>{inside}{drawing}</Placemark>"


def placemarks() -> list[str]:
    """The three neighbourhoods."""
    return [placemark(name, files.square(code)) for code, name in files.TOWN.items()]


def kml(inside: str) -> str:
    """A whole KML document."""
    return f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'


def holes_in_one_boundary() -> str:
    """Two holes in one innerBoundaryIs, as older versions of a well-known globe wrote them."""
    west, south, _east, _north = files.square(1).bounds
    step = 0.002
    boxes = [
        shapely.box(west + n * step, south + step, west + (n + 0.5) * step, south + 2 * step) for n in (1, 3)
    ]
    holes = "".join(f"<LinearRing><coordinates>{ring(one)}</coordinates></LinearRing>" for one in boxes)
    geometry = (
        f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{ring(files.square(1))}</coordinates></LinearRing>"
        f"</outerBoundaryIs><innerBoundaryIs>{holes}</innerBoundaryIs></Polygon>"
    )
    return kml(placemark("Norte", files.square(1), geometry=geometry) + "".join(placemarks()[1:]))


# --- Archives ---------------------------------------------------------------------------------------


def zipped(folder: Path, entries: dict[str, bytes], name: str = "barrios.zip", **how: object) -> Path:
    """An archive of these entries."""
    path = folder / name
    with zipfile.ZipFile(path, "w", **({"compression": zipfile.ZIP_DEFLATED} | how)) as made:
        for entry, content in entries.items():
            made.writestr(entry, content)
    return path


def geojson_bytes() -> bytes:
    """The town as GeoJSON."""
    return json.dumps(document()).encode()


def wrong_crc(folder: Path) -> Path:
    """An archive whose content is not what its sum says."""
    path = zipped(folder, {"barrios.geojson": geojson_bytes()}, compression=zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    place = content.find(b"Norte")
    content[place : place + 5] = b"Oeste"
    path.write_bytes(content)
    return path


def zip64_entries(folder: Path) -> Path:
    """Entries written with 64-bit sizes, as programs do that do not know the size before."""
    path = folder / "barrios.zip"
    with zipfile.ZipFile(path, "w") as made, made.open("barrios.geojson", "w", force_zip64=True) as entry:
        entry.write(geojson_bytes())
    return path


def zip64_directory(folder: Path) -> Path:
    """An archive whose table of contents is only in its 64-bit record."""
    content = zipped(folder, {"barrios.geojson": geojson_bytes()}).read_bytes()
    place = content.rfind(b"PK\x05\x06")
    entries, size, offset = struct.unpack_from("<HII", content, place + 10)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, size, offset)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, place, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return text(folder, content[:place] + record + locator + end, "barrios.zip")


def old_names(folder: Path) -> Path:
    """A zipped Shapefile whose entries are called Ñuñoa in the letters of DOS, without saying so."""
    parts = files.parts(shp(folder))
    path = zipped(folder, {name.replace("barrios", "NNNNN"): content for name, content in parts.items()})
    return text(folder, path.read_bytes().replace(b"NNNNN", "Ñuñoa".encode("cp850")), "barrios.zip")


def tarball(folder: Path) -> Path:
    """A .tar.gz."""
    path = folder / "barrios.tar.gz"
    with tarfile.open(path, "w:gz") as made:
        made.add(files.geojson(folder / "barrios.geojson"), "barrios.geojson")
    return path


def many_columns(rows: int, columns: int) -> str:
    """A collection with a million properties in all, every one of another name."""
    town = town_rows()
    names = [(shape, row | {f"p{n}_{k}": k for k in range(columns)}) for n, (shape, row) in enumerate(town)]
    return features(*names[:rows])


def spike(code: int) -> Polygon:
    """A square with a needle of no width."""
    west, south, east, north = files.square(code).bounds
    if code != 1:
        return files.square(code)
    needle = [(west, north), (west + 0.01, north), (west + 0.01, north + 0.005), (west + 0.01, north)]
    return Polygon([(west, south), *needle, (east, north), (east, south)])


def bow(code: int) -> Polygon:
    """A square whose corner touches the opposite side."""
    west, south, east, north = files.square(code).bounds
    if code != 1:
        return files.square(code)
    middle = (west + east) / 2
    return Polygon([(west, south), (west, north), (middle, south), (east, north), (east, south)])


def in_a_collection(code: int) -> GeometryCollection:
    """A drawing two collections deep."""
    return GeometryCollection([GeometryCollection([files.square(code)])])


GZIP = gzip.compress(b"{}")
SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c\x00\x04" + b"\x00" * 100
RAR = b"Rar!\x1a\x07\x01\x00" + b"\x00" * 100
