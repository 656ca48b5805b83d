"""Read one recognised data set into a table of geometries and attributes. Imports no Django.

Only Shapefile, GeoPackage, FlatGeobuf and OSM reach GDAL; GeoJSON and KML are read here as text.
"""

from __future__ import annotations

import contextlib
import sqlite3
import struct
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
from pyogrio.errors import DataSourceError
from pyproj import CRS, Transformer

from territories.importing import crs as crs_text
from territories.importing import geojson, kml
from territories.importing.intake import Candidate, Format
from territories.importing.refusal import FileRefused

MAX_FEATURES = 300_000
MAX_COLUMNS = 1_000
Bounds = tuple[float, float, float, float]
# (tag, value): which of them one of is wanted.
Tagged = Iterable[tuple[str, str]]
_CUT_WHILE_READING = (Format.OSM, Format.GEOPACKAGE, Format.FLATGEOBUF)
_SHAPE_KINDS = {0: "null", 1: "Point", 3: "LineString", 5: "Polygon", 8: "MultiPoint", 31: "MultiPatch"}
# CircularString, CompoundCurve, CurvePolygon, MultiCurve, MultiSurface.
_CURVED = range(8, 13)
_SOLID = {15: "PolyhedralSurface", 16: "TIN", 17: "Triangle"}
_NO_CRS = ("undefined", "unknown", "engcrs", "local_cs")


@dataclass
class Layer:
    """One layer that could be chosen: where it is, what it is called and what it holds."""

    candidate: Candidate
    name: str
    kind: str

    @property
    def may_hold_polygons(self) -> bool:
        """Polygons, or a mixture that has to be looked at."""
        return any(word in self.kind for word in ("Polygon", "Surface", "Unknown", "Collection", "null"))


@dataclass
class Table:
    """What was read: a frame in the file's own system (x, y), and what is known about the file."""

    frame: geopandas.GeoDataFrame
    crs: CRS | None
    format: str
    layer: str
    encoding: str
    has_z: bool = False
    curves: bool = False
    notes: list[dict] = field(default_factory=list)

    def notes_as_problems(self) -> list[dict[str, Any]]:
        """What happened while reading, in the form of `checks.Problem.as_json()`."""
        notes = [dict(note) for note in self.notes]
        notes += [{"kind": "z_dropped"}] if self.has_z else []
        notes += [{"kind": "curves_linearised"}] if self.curves else []
        return [
            {
                "kind": note.pop("kind"),
                "level": "note",
                "details": note,
                "area_m2": None,
                "where": None,
                "shape": None,
            }
            for note in notes
        ]


def layers(candidates: list[Candidate]) -> list[Layer]:
    """Every layer of every data set."""
    kept = [one for one in candidates if len(candidates) == 1 or not _is_table_of_contents(one)]
    return [layer for candidate in kept for layer in _LAYERS[candidate.format](candidate)]


def _is_table_of_contents(candidate: Candidate) -> bool:
    """A KML that holds nothing but links to the others it came with, as the first file of a KMZ may."""
    return candidate.format is Format.KML and kml.only_links_inside(candidate.main)


def choose(found: list[Layer], wanted: str | None) -> Layer:
    """The layer asked for, or the only one with polygons; raises FileRefused when there is a choice."""
    if wanted:
        named = [layer for layer in found if layer.name.casefold() == wanted.casefold()]
        if not named:
            raise FileRefused("no_layer", layer=wanted, layers=[layer.name for layer in found])
        return named[0]
    polygons = [layer for layer in found if layer.may_hold_polygons]
    if len(polygons) > 1:
        raise FileRefused("several_layers", layers=[layer.name for layer in polygons])
    if not polygons and found:
        raise FileRefused("not_polygons", kinds=sorted({layer.kind for layer in found}))
    if not polygons:
        raise FileRefused("empty")
    return polygons[0]


def read(
    layer: Layer, *, encoding: str | None = None, within: Bounds | None = None, tagged: Tagged = ()
) -> Table:
    """Read a layer whole; raises FileRefused when it is not what it says.

    `within` (west, south, east, north in degrees): what lies elsewhere is left in the file where its format
    can see without loading it, so that a file may hold much more than is wanted. `tagged`: so is what an
    OpenStreetMap extract has in none of these tags.
    """
    if (within or tagged) and layer.candidate.format in _CUT_WHILE_READING:
        table = _read_gdal(layer, within=within, tagged=tagged)
    else:
        table = _READERS[layer.candidate.format](layer, encoding)
    if len(table.frame) > MAX_FEATURES:
        raise FileRefused("too_many", features=len(table.frame), limit=MAX_FEATURES)
    return table


def system_of(table: Table, wanted: str | None) -> CRS:
    """The system asked for, else the file's own; raises FileRefused when there is neither."""
    if wanted:
        return crs_text.from_name(wanted)
    if table.crs is None:
        raise FileRefused("no_crs")
    return table.crs


def _shapefile_layers(candidate: Candidate) -> list[Layer]:
    with candidate.main.open("rb") as stream:
        head = stream.read(100)
    if len(head) < 100:
        raise FileRefused("truncated", file=f"{candidate.name}.shp")
    (kind,) = struct.unpack_from("<i", head, 32)
    known = _SHAPE_KINDS.get(kind if kind == 31 else kind % 10)
    if known is None:
        raise FileRefused("corrupt", file=f"{candidate.name}.shp")
    return [Layer(candidate, candidate.name, known)]


def _gdal_layers(candidate: Candidate) -> list[Layer]:
    with _refusing(candidate.name):
        listed = pyogrio.list_layers(candidate.main)
    if candidate.format is Format.FLATGEOBUF and len(listed) == 0:
        raise FileRefused("corrupt", file=candidate.name)
    return [Layer(candidate, str(name), str(kind)) for name, kind in listed if kind is not None]


def _one_layer(candidate: Candidate) -> list[Layer]:
    return [Layer(candidate, candidate.name, "Unknown")]


def _kml_layers(candidate: Candidate) -> list[Layer]:
    found = kml.layers(candidate.main)
    return [Layer(candidate, name or candidate.name, kind) for name, kind in found]


def _read_shapefile(layer: Layer, encoding: str | None) -> Table:
    parts = layer.candidate.parts
    _refuse_lying_headers(layer.candidate)
    _give_own_names(parts[".dbf"])
    used, notes = _table_encoding(parts, encoding)
    table = _read_gdal(layer, used)
    table.crs = crs_text.from_prj(parts[".prj"]) if _says_something(parts.get(".prj")) else None
    table.encoding, table.notes = used, notes
    deleted = _deleted_rows(parts[".dbf"])
    kinds = [kind for row, kind in enumerate(_kinds_of_records(parts)) if row not in deleted]
    # A record the library gives up on comes out as «no drawing».
    if sum(kind != 0 for kind in kinds) != table.frame.geometry.notna().sum():
        raise FileRefused("corrupt", file=f"{layer.candidate.name}.shp")
    table.has_z = any(10 < kind < 30 for kind in kinds)
    return table


def _give_own_names(dbf: Path) -> None:
    """Number the columns of one name in our copy of a table: otherwise the last would hide the others."""
    content = bytearray(dbf.read_bytes())
    seen: set[bytes] = set()
    for place in _columns_of(content):
        name = bytes(content[place : place + 11]).split(b"\x00")[0]
        if name in seen:
            name = name[:7] + str(place // 32).encode()
            content[place : place + 11] = name.ljust(11, b"\x00")
        seen.add(name)
    dbf.write_bytes(content)


def _columns_of(table: bytes | bytearray) -> Iterator[int]:
    """Where each column is described in the head of a table."""
    (header,) = struct.unpack_from("<H", table, 8)
    for place in range(32, min(header, len(table)) - 32, 32):
        if table[place] == ord("\r"):
            return
        yield place


def _deleted_rows(dbf: Path) -> set[int]:
    """Rows left in the table with the mark that they are gone; the library passes over them."""
    content = dbf.read_bytes()
    claimed, header, length = struct.unpack_from("<IHH", content, 4)
    return {row for row in range(claimed) if content[header + row * length] == ord("*")}


def _kinds_of_records(parts: dict[str, Path]) -> list[int]:
    shapes, index = parts[".shp"].read_bytes(), parts[".shx"].read_bytes()[100:]
    offsets = [offset * 2 for offset, _length in struct.iter_unpack(">ii", index[: len(index) // 8 * 8])]
    return [struct.unpack_from("<i", shapes, offset + 8)[0] for offset in offsets]


def _refuse_lying_headers(candidate: Candidate) -> None:
    shp, shx, dbf = (candidate.parts[ending] for ending in (".shp", ".shx", ".dbf"))
    for part in (shp, shx):
        with part.open("rb") as stream:
            head = stream.read(100)
        if len(head) < 100 or struct.unpack_from(">i", head, 24)[0] * 2 > part.stat().st_size:
            raise FileRefused("truncated", file=f"{candidate.name}{part.suffix}")
    records = (shx.stat().st_size - 100) // 8
    with dbf.open("rb") as stream:
        head = stream.read(32)
    if len(head) < 32:
        raise FileRefused("truncated", file=f"{candidate.name}.dbf")
    claimed, header, length = struct.unpack_from("<IHH", head, 4)
    if header + claimed * length > dbf.stat().st_size or claimed > MAX_FEATURES * 100:
        raise FileRefused("truncated", file=f"{candidate.name}.dbf")
    if claimed != records:
        raise FileRefused("rows_differ", shapes=records, rows=claimed)
    _refuse_index_past_the_end(candidate, shx, shp.stat().st_size)


def _refuse_index_past_the_end(candidate: Candidate, shx: Path, size: int) -> None:
    index = shx.read_bytes()[100:]
    for offset, length in struct.iter_unpack(">ii", index[: len(index) // 8 * 8]):
        if offset < 50 or length < 2 or offset * 2 + 8 + length * 2 > size:
            raise FileRefused("truncated", file=f"{candidate.name}.shp")


def _table_encoding(parts: dict[str, Path], wanted: str | None) -> tuple[str, list[dict]]:
    given = wanted or (_cpg(parts[".cpg"]) if ".cpg" in parts else None)
    rows = _text_of_table(parts[".dbf"])
    guessed = _guess(rows)
    if given is None:
        return guessed, [{"kind": "encoding_guessed", "encoding": guessed}]
    try:
        rows.decode(given)
    except (UnicodeDecodeError, LookupError):
        if wanted:
            raise FileRefused("bad_encoding", encoding=wanted) from None
        return guessed, [{"kind": "encoding_wrong", "told": given, "encoding": guessed}]
    return given, []


def _text_of_table(dbf: Path) -> bytes:
    """The names of the columns and all the rows."""
    content = dbf.read_bytes()
    (header,) = struct.unpack_from("<H", content, 8)
    names = (content[place : place + 11].split(b"\x00")[0] for place in _columns_of(content))
    return b" ".join([*names, content[header:]])


def _guess(rows: bytes) -> str:
    try:
        rows.decode("utf-8")
    except UnicodeDecodeError:
        return "CP1252"
    return "UTF-8"


def _says_something(part: Path | None) -> bool:
    return part is not None and bool(part.read_bytes()[:1000].strip(b"\x00\xef\xbb\xbf \r\n\t"))


def _cpg(path: Path) -> str | None:
    text = path.read_bytes()[:64].decode("ascii", errors="ignore").strip().upper()
    if text.isdigit() and len(text) <= 5:
        return {"88591": "ISO-8859-1", "65001": "UTF-8"}.get(text, f"CP{text}")
    return text.replace("ANSI ", "CP").replace("OEM ", "CP") or None


def _read_gdal(
    layer: Layer, encoding: str | None = None, within: Bounds | None = None, tagged: Tagged = ()
) -> Table:
    shapefile = layer.candidate.format is Format.SHAPEFILE
    name = None if shapefile else layer.name
    with _refusing(layer.candidate.name):
        info = pyogrio.read_info(layer.candidate.main, layer=name, encoding=encoding)
        if not (within or tagged) and info["features"] > MAX_FEATURES:
            raise FileRefused("too_many", features=info["features"], limit=MAX_FEATURES)
        _refuse_many_columns(len(info["fields"]))
        frame = pyogrio.read_dataframe(
            layer.candidate.main,
            layer=name,
            encoding=encoding,
            force_2d=True,
            use_arrow=False,
            bbox=_in_own_system(within, info["crs"]),
            where=_tagged_as(tagged, [str(one) for one in info["fields"]]),
            max_features=MAX_FEATURES + 1,
        )
    kind = str(info["geometry_type"])
    system = None if shapefile else _system(info["crs"])
    table = Table(
        geopandas.GeoDataFrame(frame.drop(columns="geometry"), geometry=frame.geometry.values),
        system, layer.candidate.format.value, layer.name, str(info["encoding"] or "UTF-8"),
    )  # fmt: skip
    table.has_z = any(mark in kind for mark in ("Z", " M", "2.5D", "3D"))
    table.curves = any(word in kind for word in ("Curve", "Surface", "Circular", "Compound"))
    return table


def _in_own_system(within: Bounds | None, crs_name: str | None) -> Bounds | None:
    system = _system(crs_name) if within else None
    if within is None or system is None or system.is_geographic:
        return within if system else None
    return Transformer.from_crs(CRS.from_epsg(4326), system, always_xy=True).transform_bounds(*within)


def _tagged_as(tagged: Tagged, columns: list[str]) -> str | None:
    """The condition that GDAL looks at row by row; a tag without a column is in `other_tags`."""
    values: dict[str, list[str]] = defaultdict(list)
    for tag, value in tagged:
        values[tag].append(value)
    conditions = [
        f'"{tag}" IN ({", ".join(f"{chr(39)}{one}{chr(39)}" for one in some)})'
        for tag, some in values.items()
        if tag in columns
    ]
    if "other_tags" in columns:
        others = ((tag, one) for tag, some in values.items() if tag not in columns for one in some)
        conditions += [f'"other_tags" LIKE \'%"{tag}"=>"{one}"%\'' for tag, one in others]
    return " OR ".join(conditions) or None


def _system(crs_name: str | None) -> CRS | None:
    if not crs_name or any(word in crs_name.casefold()[:200] for word in _NO_CRS):
        return None
    return crs_text.from_name(crs_name)


def _read_gpkg(layer: Layer, encoding: str | None) -> Table:
    kinds = _kinds_of_shapes(layer)
    if solid := sorted(name for kind, name in _SOLID.items() if kind in kinds):
        raise FileRefused("not_polygons", kinds=solid)
    table = _read_gdal(layer)
    table.curves = table.curves or bool(kinds & set(_CURVED))
    return table


def _read_plain(layer: Layer, encoding: str | None) -> Table:
    return _read_gdal(layer)


def _kinds_of_shapes(layer: Layer) -> set[int]:
    """A layer of mixed shapes does not say in its header that some are curves; each shape does."""
    with contextlib.closing(sqlite3.connect(f"file:{layer.candidate.main}?mode=ro", uri=True)) as base:
        query = "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?"
        (column,) = base.execute(query, [layer.name]).fetchone()
        quoted = [name.replace('"', '""') for name in (column, layer.name)]
        blobs = base.execute('SELECT "{}" FROM "{}"'.format(*quoted))  # noqa: S608  # nosec B608 # quoted
        return {_kind_of(blob) for (blob,) in blobs if isinstance(blob, bytes) and len(blob) > 12}


def _kind_of(blob: bytes) -> int:
    """The geometry type of a GeoPackage shape: after a header of 8 bytes and a box of known size."""
    box_bytes = (0, 32, 48, 48, 64, 0, 0, 0)[blob[3] >> 1 & 7]
    order = "<" if blob[8 + box_bytes] else ">"
    return struct.unpack_from(f"{order}I", blob, 9 + box_bytes)[0] % 1000


def _read_geojson(layer: Layer, encoding: str | None) -> Table:
    read = geojson.read(layer.candidate.main, encoding)
    system = crs_text.from_name(read.crs) if read.crs else CRS.from_epsg(4326)
    frame = _frame(read.rows, read.geometries)
    return Table(frame, system, Format.GEOJSON.value, layer.name, read.encoding, read.has_z)


def _refuse_many_columns(count: int) -> None:
    if count > MAX_COLUMNS:
        raise FileRefused("too_many_columns", columns=count, limit=MAX_COLUMNS)


def _frame(rows: list[dict], geometries: list) -> geopandas.GeoDataFrame:
    """A table of rows that may each have different columns."""
    _refuse_many_columns(len({key for row in rows for key in row}))
    return geopandas.GeoDataFrame(rows, geometry=geometries)


def _read_kml(layer: Layer, encoding: str | None) -> Table:
    read = kml.read(layer.candidate.main, layer.name if layer.name != layer.candidate.name else None)
    frame = _frame(read.rows, read.geometries)
    return Table(frame, CRS.from_epsg(4326), Format.KML.value, layer.name, "UTF-8", read.has_z)


class _refusing:
    """Converts GDAL's errors about a broken file into a refusal, and keeps its warnings off the page."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.quiet = warnings.catch_warnings()

    def __enter__(self) -> None:
        self.quiet.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        self.quiet.__exit__(None, None, None)
        if isinstance(error, (DataSourceError, UnicodeDecodeError, RuntimeError, ValueError)):
            raise FileRefused("corrupt", file=self.name) from error


_LAYERS = {
    Format.SHAPEFILE: _shapefile_layers,
    Format.GEOPACKAGE: _gdal_layers,
    Format.FLATGEOBUF: _gdal_layers,
    Format.OSM: _gdal_layers,
    Format.GEOJSON: _one_layer,
    Format.KML: _kml_layers,
}
_READERS = {
    Format.SHAPEFILE: _read_shapefile,
    Format.GEOPACKAGE: _read_gpkg,
    Format.FLATGEOBUF: _read_plain,
    Format.OSM: _read_plain,
    Format.GEOJSON: _read_geojson,
    Format.KML: _read_kml,
}
