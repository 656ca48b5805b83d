"""Files that must never get in: each with the code of its refusal, in time, in little memory, unheard.

Whatever a file is, the answer is one sentence; nothing is stored, nobody is called, no server error.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pytest
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from territories.boundaries.loading import Options, examine, load
from territories.boundaries.metadata import Metadata
from territories.importing import texts
from territories.importing.refusal import FileRefused
from territories.models import BoundarySet, Territory
from tests.territories.importing import files

pytestmark = pytest.mark.django_db
MAX_SECONDS, MAX_MB = 3.0, 300
SECRET = "the secret of another file"


class Listener(threading.Thread):
    """A server on this machine that remembers whether anybody called."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.calls = 0

    def run(self) -> None:
        while True:
            try:
                connection, _address = self.server.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()


@pytest.fixture(scope="module")
def listener():
    listener = Listener()
    listener.start()
    yield listener
    listener.server.close()


def refused(path: Path, **options) -> FileRefused:
    """Load a file, and return why it was refused; nothing may have been stored."""
    started = time.monotonic()
    with pytest.raises(FileRefused) as caught:
        load(path, Options(**({"expect": 3} | options)), Metadata())
    caught.value.facts["seconds"] = time.monotonic() - started
    assert not BoundarySet.objects.exists()
    assert not Territory.objects.exists()
    sentence = texts.refusal(caught.value.code, caught.value.details)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert SECRET not in sentence
    return caught.value


def document(tmp_path: Path, **members) -> Path:
    return files.geojson(tmp_path / "barrios.geojson", **members)


def text(tmp_path: Path, content: str | bytes, name: str = "barrios.geojson") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def frame(tmp_path: Path, *shapes) -> Path:
    rows = {"code": range(1, len(shapes) + 1), "name": [f"Barrio {n}" for n in range(1, len(shapes) + 1)]}
    drawn = geopandas.GeoDataFrame(rows, geometry=list(shapes), crs=4326)
    return files.geojson(tmp_path / "barrios.geojson", drawn)


def loose(tmp_path: Path, **changed: Callable[[bytes], bytes] | None) -> Path:
    """A Shapefile with some parts changed (None: removed)."""
    path = files.shapefile(tmp_path / "s", encoding="UTF-8")
    for part, change in changed.items():
        target = path.with_suffix(f".{part}")
        if change is None:
            target.unlink()
        else:
            target.write_bytes(change(target.read_bytes()))
    return path


def archive(tmp_path: Path, *entries: tuple[str, bytes]) -> Path:
    path = tmp_path / "barrios.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def symlink(tmp_path: Path) -> Path:
    path = tmp_path / "barrios.zip"
    entry = zipfile.ZipInfo("barrios.geojson")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(entry, "/etc/passwd")
    return path


def bomb(tmp_path: Path) -> Path:
    """300 MB of spaces in 300 KB, with a header that admits it."""
    return archive(tmp_path, ("barrios.geojson", b" " * 300_000_000))


def lying_bomb(tmp_path: Path) -> Path:
    """The same with a header that claims 1,000 bytes."""
    path = archive(tmp_path, ("barrios.geojson", b" " * 150_000_000))
    content = bytearray(path.read_bytes())
    for place in (22, content.rfind(b"PK\x01\x02") + 24):
        content[place : place + 4] = struct.pack("<I", 1_000)
    path.write_bytes(content)
    return path


def many_entries(tmp_path: Path) -> Path:
    path = tmp_path / "barrios.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(70_000):
            made.writestr(f"{number}.geojson", b"")
    return path


def encrypted(tmp_path: Path) -> Path:
    path = archive(tmp_path, ("barrios.geojson", b"{}"))
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    return path


def nested(tmp_path: Path) -> Path:
    return archive(tmp_path, ("otro.zip", files.zipped_bytes({"barrios.geojson": b"{}"})))


def nested_in_disguise(tmp_path: Path) -> Path:
    return archive(tmp_path, ("barrios.geojson", files.zipped_bytes({"barrios.geojson": b"{}"})))


ARCHIVES = {
    "parent path": (lambda p: archive(p, ("../barrios.geojson", b"{}")), "zip_path"),
    "parent path with backslashes": (lambda p: archive(p, ("..\\..\\barrios.shp", b"{}")), "zip_path"),
    "absolute name": (lambda p: archive(p, ("/etc/cron.d/barrios.geojson", b"{}")), "zip_path"),
    "drive letter": (lambda p: archive(p, ("C:\\barrios.geojson", b"{}")), "zip_path"),
    "symbolic link": (symlink, "zip_symlink"),
    "bomb of 300 MB": (bomb, "zip_bomb"),
    "bomb that lies about its size": (lying_bomb, "zip_bad"),
    "70,000 entries": (many_entries, "zip_many"),
    "25 layers": (lambda p: archive(p, *((f"{n}.geojson", b"{}") for n in range(25))), "zip_many"),
    "nested archive": (nested, "zip_nested"),
    "nested archive under another name": (nested_in_disguise, "zip_nested"),
    "password": (encrypted, "zip_encrypted"),
    "nothing of use inside": (lambda p: archive(p, ("leeme.txt", b"hola")), "nothing_inside"),
    "cut in the middle": (lambda p: text(p, bomb(p).read_bytes()[:200_000], "b.zip"), "zip_bad"),
    "only a .dbf inside": (lambda p: archive(p, ("barrios.dbf", b"x")), "missing_part"),
    "VRT inside": (
        lambda p: archive(p, ("barrios.geojson", b"<OGRVRTDataSource></OGRVRTDataSource>")),
        "virtual",
    ),
}


def vrt(tmp_path: Path, port: int = 0) -> str:
    source = f"http://127.0.0.1:{port}/x.geojson" if port else "/etc/passwd"
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{source}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )


def kml(inside: str, head: str = "") -> str:
    return f'<?xml version="1.0"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'


ENTITIES = '<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {new} "{("&" + old + ";") * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)
READS_A_FILE = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LINKS = {
    "VRT": (lambda p, port: text(p, vrt(p, port), "barrios.vrt"), "virtual"),
    "VRT named .shp": (lambda p, port: loose(p, shp=lambda _: vrt(p, port).encode()), "virtual"),
    "VRT named .gpkg": (lambda p, port: text(p, vrt(p, port), "barrios.gpkg"), "virtual"),
    "an address instead of a file": (
        lambda p, port: text(p, f"/vsicurl/http://127.0.0.1:{port}/x"),
        "virtual",
    ),
    "WFS by XML": (
        lambda p, port: text(p, f"<OGRWFSDataSource><URL>http://127.0.0.1:{port}/</URL></OGRWFSDataSource>"),
        "virtual",
    ),
    "GeoJSON whose crs is a link": (
        lambda p, port: document(
            p, crs={"type": "link", "properties": {"href": f"http://127.0.0.1:{port}/crs", "type": "proj4"}}
        ),
        "crs_link",
    ),
    "GeoJSON whose crs names an address": (
        lambda p, port: document(
            p, crs={"type": "name", "properties": {"name": f"http://127.0.0.1:{port}/crs"}}
        ),
        "bad_crs",
    ),
    ".prj that is an address": (
        lambda p, port: loose(p, prj=lambda _: f"http://127.0.0.1:{port}/crs.wkt".encode()),
        "bad_crs",
    ),
    ".prj that names a grid file": (
        lambda p, port: loose(
            p, prj=lambda old: old.replace(b"GEOGCS[", b"GEOGCS[/*+nadgrids=@/etc/passwd*/")
        ),
        "bad_crs",
    ),
    "KML with an external entity": (
        lambda p, port: text(
            p, kml("&x;", f'<!DOCTYPE kml [<!ENTITY x SYSTEM "http://127.0.0.1:{port}/x">]>'), "b.kml"
        ),
        "xml_entity",
    ),
    "KML with an entity that reads a file": (
        lambda p, port: text(
            p, kml("&x;", '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "b.kml"
        ),
        "xml_entity",
    ),
    "KML entity bomb": (lambda p, port: text(p, kml("&j;", ENTITIES + "]>"), "b.kml"), "xml_entity"),
    "KML NetworkLink": (
        lambda p, port: text(
            p, kml(f"<NetworkLink><Link><href>http://127.0.0.1:{port}/</href></Link></NetworkLink>"), "b.kml"
        ),
        "network_link",
    ),
    "GML with a remote schema": (
        lambda p, port: text(
            p,
            f'<FeatureCollection xmlns:xsi="x" xsi:schemaLocation="a http://127.0.0.1:{port}/a.xsd"/>',
            "b.gml",
        ),
        "unknown_format",
    ),
    "GPX": (lambda p, port: text(p, '<gpx version="1.1"></gpx>', "b.gpx"), "unknown_format"),
}


def rows(count: int) -> Callable[[bytes], bytes]:
    """A .dbf whose header claims so many rows."""
    return lambda old: old[:4] + struct.pack("<I", count) + old[8:]


def deep(depth: int) -> str:
    return '{"type":"FeatureCollection","features":' + "[" * depth + "]" * depth + "}"


def coordinates(point: str) -> str:
    ring = f"[[{point}],[-70.78,-33.52],[-70.78,-33.50],[{point}]]"
    return (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"a"},'
        f'"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}'
    )


BROKEN = {
    "0 bytes": (lambda p: text(p, b""), "empty_file"),
    "HTML as .geojson": (lambda p: text(p, "<!DOCTYPE html><html><body>404</body></html>"), "html"),
    "noise": (lambda p: text(p, bytes(range(256)) * 40, "b.shp.txt"), "unknown_format"),
    "cut GeoJSON": (lambda p: text(p, document(p).read_bytes()[:-40]), "bad_json"),
    "200,000 brackets deep": (lambda p: text(p, deep(200_000)), "bad_json"),
    "a number of 10,000 digits": (lambda p: text(p, coordinates("1" * 10_000 + ",-33.5")), "bad_json"),
    "NaN": (lambda p: text(p, coordinates("NaN,-33.5")), "not_finite"),
    "1e999": (lambda p: text(p, coordinates("1e999,-33.5")), "not_finite"),
    "text for coordinates": (lambda p: text(p, coordinates('"x","y"')), "bad_geometry"),
    "a ring of two points": (
        lambda p: text(p, coordinates("-70.8,-33.5").replace(",[-70.78,-33.52],[-70.78,-33.50]", "")),
        "bad_geometry",
    ),
    "truncated .shp": (lambda p: loose(p, shp=lambda old: old[:-60]), "truncated"),
    ".shp of 50 bytes": (lambda p: loose(p, shp=lambda old: old[:50]), "truncated"),
    "truncated .dbf": (lambda p: loose(p, dbf=lambda old: old[:-120]), "truncated"),
    ".dbf that claims 2 G rows": (lambda p: loose(p, dbf=rows(2_000_000_000)), "truncated"),
    ".dbf that claims fewer rows": (lambda p: loose(p, dbf=rows(2)), "rows_differ"),
    ".shx that points past the end": (
        lambda p: loose(p, shx=lambda old: old[:100] + struct.pack(">ii", 2**30, 64) + old[108:]),
        "truncated",
    ),
    ".shp that claims 2^31 points": (
        lambda p: loose(p, shp=lambda old: old[:148] + struct.pack("<ii", 1, 2**31 - 1) + old[156:]),
        "corrupt",
    ),
    "no .shx": (lambda p: loose(p, shx=None), "missing_part"),
    "no .dbf": (lambda p: loose(p, dbf=None), "missing_part"),
    "no .shp": (lambda p: (loose(p, shp=None)).with_suffix(".dbf"), "missing_part"),
    "false GeoPackage": (lambda p: text(p, b"SQLite format 3\x00" + b"\x00" * 4_000, "b.gpkg"), "corrupt"),
    "false FlatGeobuf": (lambda p: text(p, b"fgb\x03fgb\x01" + b"\xff" * 4_000, "b.fgb"), "corrupt"),
    "cut KML": (lambda p: text(p, kml("<Placemark><name>a")[:-30], "b.kml"), "corrupt"),
    "KML with words for numbers": (
        lambda p: text(
            p,
            kml(
                "<Placemark><name>a</name><Polygon><outerBoundaryIs><LinearRing><coordinates>a,b c,d"
                "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
            ),
            "b.kml",
        ),
        "bad_geometry",
    ),
}


def moved(lng: float, lat: float) -> Callable[[int], Polygon]:
    def shape(code: int) -> Polygon:
        return box(lng + 0.02 * code, lat, lng + 0.02 * code + 0.02, lat + 0.02)

    return shape


def swapped(code: int) -> Polygon:
    return Polygon([(y, x) for x, y in files.square(code).exterior.coords])


def bow_tie(code: int) -> Polygon:
    west, south, east, north = files.square(code).bounds
    return Polygon([(west, south), (east, north), (east, south), (west, north)])


def of(shape: Callable[[int], Polygon]) -> Callable[[Path], Path]:
    return lambda p: files.geojson(p / "barrios.geojson", files.town(shape=shape))


def in_metres(tmp_path: Path) -> Path:
    moved_frame = files.town().to_crs(32719).set_crs(4326, allow_override=True)
    return files.geojson(tmp_path / "b.geojson", moved_frame)


NORTE, CENTRO, SUR = THREE = tuple(files.square(code) for code in files.TOWN)
WRONG = {
    "no .prj and none given": (lambda p: loose(p, prj=None), "no_crs"),
    "metres called degrees": (in_metres, "not_degrees"),
    "another Maipú, in Buenos Aires": (of(moved(-57.89, -36.87)), "wrong_place"),
    "another Maipú, in Mendoza": (of(moved(-68.80, -33.00)), "wrong_place"),
    "one neighbourhood elsewhere": (
        lambda p: frame(p, NORTE, CENTRO, box(-60, -20, -59, -19)),
        "wrong_place",
    ),
    "the wrong zone": (
        lambda p: files.shapefile(p / "s", files.town().to_crs(32719).set_crs(32718, allow_override=True)),
        "wrong_place",
    ),
    "axes swapped": (of(swapped), "swapped_axes"),
    "lines": (
        lambda p: frame(p, *(LineString(one.exterior) for one in (NORTE, CENTRO, SUR))),
        "not_polygons",
    ),
    "points": (lambda p: frame(p, *(one.centroid for one in (NORTE, CENTRO, SUR))), "not_polygons"),
    "points in a Shapefile": (
        lambda p: files.shapefile(p / "s", files.town(shape=lambda code: Point(files.square(code).centroid))),
        "not_polygons",
    ),
    "one line among polygons": (lambda p: frame(p, NORTE, CENTRO, LineString(SUR.exterior)), "not_polygons"),
    "no features": (lambda p: text(p, '{"type":"FeatureCollection","features":[]}'), "empty"),
    "every geometry null": (lambda p: frame(p, None, None, None), "null_geometries"),
    "every geometry empty": (lambda p: frame(p, Polygon(), MultiPolygon(), Polygon()), "null_geometries"),
    "too few": (lambda p: frame(p, NORTE, CENTRO), "wrong_count"),
    "too many": (lambda p: frame(p, NORTE, CENTRO, SUR, moved(-70.76, -33.52)(1)), "wrong_count"),
    "a bow-tie": (of(bow_tie), "irreparable"),
    "one on top of another": (lambda p: frame(p, NORTE, CENTRO, NORTE), "covers_other"),
    "one name twice": (lambda p: files.geojson(p / "b.geojson", files.town(TWICE)), "double_names"),
    "one number twice": (
        lambda p: files.geojson(p / "b.geojson", files.town(code=[1, 1, 2])),
        "double_codes",
    ),
    "a name missing": (
        lambda p: files.geojson(p / "b.geojson", files.town(name=["a", None, "b"])),
        "nameless",
    ),
    "no column of names": (
        lambda p: files.geojson(p / "b.geojson", files.town()[["code", "geometry"]]),
        "no_name_field",
    ),
}
TWICE = {1: "Los Héroes", 2: "Barrio LOS HEROES", 3: "Sur"}
EVERY = ARCHIVES | BROKEN | WRONG


@pytest.mark.parametrize(("make", "code"), EVERY.values(), ids=EVERY.keys())
def test_it_is_refused_with_its_own_sentence(tmp_path, make, code):
    assert refused(make(tmp_path)).code == code


@pytest.mark.parametrize(("make", "code"), LINKS.values(), ids=LINKS.keys())
def test_a_link_is_refused_and_nobody_is_called(tmp_path, listener, make, code):
    assert refused(make(tmp_path, listener.port)).code == code
    assert listener.calls == 0


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"crs": "EPSG:999999"}, "bad_crs"),
        ({"crs": "/etc/passwd"}, "bad_crs"),
        ({"crs": "http://127.0.0.1/crs"}, "bad_crs"),
        ({"crs": "+proj=utm +zone=19"}, "bad_crs"),
        ({"layer": "otra"}, "no_layer"),
        ({"name_field": "otra"}, "unknown_field"),
        ({"code_field": "otra"}, "unknown_field"),
        ({"encoding": "klingon"}, "bad_encoding"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused(tmp_path, options, code):
    assert refused(document(tmp_path), **options).code == code


def test_every_refusal_has_a_sentence():
    tested = {code for _make, code in (EVERY | LINKS).values()}
    assert tested <= set(texts.REFUSALS)


COSTLY = {
    "bomb": bomb,
    "70,000 entries": many_entries,
    "200,000 brackets deep": lambda p: text(p, deep(200_000)),
    "2 G rows": lambda p: loose(p, dbf=rows(2_000_000_000)),
}


@pytest.mark.parametrize("make", COSTLY.values(), ids=COSTLY.keys())
def test_hostile_files_cost_little_time_and_memory(tmp_path, make):
    facts = refused(make(tmp_path)).facts
    assert facts["cpu_seconds"] < MAX_SECONDS
    assert facts["peak_mb"] < MAX_MB


def test_half_a_million_vertices_load_within_the_limits(tmp_path):
    turn = np.linspace(0, 2 * np.pi, 500_001)[:-1]
    jagged = Polygon(np.c_[-70.79 + 0.0095 * np.cos(turn), -33.51 + 0.0095 * np.sin(turn)])
    path = tmp_path / "barrios.gpkg"
    files.town(shape=lambda code: jagged if code == 1 else files.square(code)).to_file(path)
    facts = examine(path, Options(expect=3))["facts"]
    assert facts["peak_mb"] < MAX_MB
    assert facts["cpu_seconds"] < MAX_SECONDS


def test_a_file_that_takes_too_long_is_stopped(tmp_path, settings):
    settings.BOUNDARY_SECONDS = 0.3
    started = time.monotonic()
    assert refused(document(tmp_path)).code == "too_slow"
    assert time.monotonic() - started < MAX_SECONDS


def test_a_file_that_needs_too_much_memory_is_stopped(tmp_path, settings):
    settings.BOUNDARY_MEMORY_MB = 700
    ring = [[-70.8 + n * 1e-8, -33.5 - n * 1e-8] for n in range(2_000_000)]
    path = text(tmp_path, json.dumps({"type": "Polygon", "coordinates": [ring]}))
    assert refused(path).code in ("too_much_memory", "died")


def test_the_child_reads_no_other_file_and_calls_nobody(tmp_path, listener):
    facts = refused(frame(tmp_path, NORTE, CENTRO)).facts
    assert {"memory", "cpu", "file_size", "no_network", "no_other_files"} <= set(facts["limits"])
