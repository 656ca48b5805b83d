"""Odd files a municipality may have: each is read right or refused in one sentence, never anything else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import geopandas
import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from pyproj import CRS
from shapely.geometry import Polygon, mapping

from territories.boundaries.loading import Options, load
from territories.boundaries.metadata import Metadata
from territories.importing.refusal import FileRefused
from territories.models import BoundarySet, Territory
from tests.territories.importing import files, odd
from tests.territories.importing.odd import Maker

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'crs' was not provided"),
]
ADD = "/admin/territories/boundaryset/add/"
SHIPPED = Path(settings.BASE_DIR) / "shapefiles" / "barrios_maipu.shp"
NAMES = [(1, "Norte"), (2, "Centro"), (3, "Sur")]


def of(content: object, name: str = "barrios.geojson") -> Maker:
    """A file of text, bytes or a document."""
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    return lambda p: odd.text(p, text, name)


def kml(inside: str) -> Maker:
    return of(odd.kml(inside), "barrios.kml")


def esri(epsg: int) -> Maker:
    """The town in a system whose .prj is in the words of ESRI."""
    return lambda p: odd.with_prj(p, CRS.from_epsg(epsg).to_wkt("WKT1_ESRI"), epsg)


def wkt2(epsg: int) -> Maker:
    return lambda p: odd.with_prj(p, CRS.from_epsg(epsg).to_wkt("WKT2_2019", pretty=True), epsg)


FEET = (
    'PROJCS["Local en pies",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,'
    '298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Transverse_Mercator"],PARAMETER["Central_Meridian",-69],PARAMETER["Scale_Factor",0.9996],'
    'PARAMETER["Latitude_Of_Origin",0],PARAMETER["False_Easting",1640416.6667],'
    'PARAMETER["False_Northing",32808333.3333],UNIT["Foot_US",0.3048006096012192]]'
)
COLUMNS = [("NOMBRE", "C", 20, 0), ("CODIGO", "N", 19, 11)]
ROWS = [[name.encode(), f"{code}.00000000000".encode()] for code, name in NAMES]
SCHEMA = (
    '<Schema name="s" id="s"><SimpleField name="CODIGO" type="int"/></Schema><Folder><name>Comuna</name>'
    "<Folder><name>Poniente</name>{}</Folder></Folder>"
)


def schema_data(code: int) -> str:
    return (
        f'<ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="CODIGO">{code}</SimpleData></SchemaData>'
        '<Data name="nota"><value>x</value></Data></ExtendedData>'
    )


IN_FOLDERS = SCHEMA.format(
    "".join(odd.placemark(name, files.square(code), schema_data(code)) for code, name in NAMES)
)
READ: dict[str, Maker] = {
    # GeoPackage
    "GeoPackage with a second column of drawings": lambda p: odd.after(
        odd.gpkg(p), "ALTER TABLE barrios ADD COLUMN centro POINT", "UPDATE barrios SET centro = geom"
    ),
    "GeoPackage without its spatial index": lambda p: odd.after(
        odd.gpkg(p), "DROP TABLE rtree_barrios_geom", "DELETE FROM gpkg_extensions"
    ),
    "GeoPackage whose spatial index is rubbish": lambda p: odd.after(
        odd.gpkg(p), "UPDATE rtree_barrios_geom_node SET data = zeroblob(40)"
    ),
    "GeoPackage with a table without drawings": lambda p: odd.after(
        odd.gpkg(p),
        "CREATE TABLE notas (id INTEGER PRIMARY KEY, nota TEXT)",
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('notas','attributes','n')",
    ),
    "GeoPackage whose layer is called by a quote": lambda p: _renamed_layer(p),
    "GeoPackage that is called .zip": lambda p: odd.gpkg(p).rename(p / "barrios.zip"),
    "GeoPackage of many surfaces": lambda p: odd.after(
        odd.gpkg(p), "UPDATE gpkg_geometry_columns SET geometry_type_name = 'MULTISURFACE'"
    ),
    # Shapefile
    "ESRI's words for SIRGAS-Chile in UTM": esri(5361),
    "ESRI's words for SIRGAS-Chile in degrees": esri(5360),
    "ESRI's words for WGS 84 in UTM": esri(32719),
    "ESRI's words for PSAD56": esri(24879),
    "WKT of 2019": wkt2(32719),
    "WKT of 2019 in degrees": wkt2(4326),
    "feet": lambda p: odd.with_prj(p, FEET, FEET),
    "a deleted row": odd.deleted_row,
    "rows without a drawing among others": lambda p: odd.shp(
        p, files.town(files.TOWN | {4: "Sin dibujo"}, shape=lambda c: files.square(c) if c < 4 else None)
    ),
    "numbers with eleven decimals": lambda p: odd.with_table(p, COLUMNS, ROWS),
    "numbers with decimals, as text": lambda p: odd.with_table(
        p, [COLUMNS[0], ("CODIGO", "C", 6, 0)], [[row[0], row[1][:3]] for row in ROWS]
    ),
    "two columns of one name": lambda p: odd.with_table(
        p, [*COLUMNS, ("NOMBRE", "C", 8, 0)], [[*row, b"x"] for row in ROWS]
    ),
    "a column with an accent": lambda p: odd.with_table(
        p, [("NOMBRE", "C", 20, 0), ("CÓDIGO", "N", 4, 0)], [[row[0], row[1][:1]] for row in ROWS]
    ),
    "no end mark in the table": lambda p: odd.changed(odd.shp(p), "dbf", lambda old: old.rstrip(b"\x1a")),
    "bytes after the last drawing": lambda p: odd.changed(odd.shp(p), "shp", lambda old: old + b"\x00" * 64),
    # GeoJSON
    "byte order mark": of(b"\xef\xbb\xbf" + odd.geojson_bytes()),
    "UTF-16": of(json.dumps(odd.document()).encode("utf-16")),
    "lines of Windows": of(json.dumps(odd.document(), indent=1).replace("\n", "\r\n")),
    "the crs of 2008": of(
        odd.document(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}})
    ),
    "NaN and Infinity among the attributes": of(
        odd.features(*odd.town_rows(superficie=float("nan"), otro=float("inf")))
    ),
    "NUL and half letters in the names of columns": of(
        odd.features(*odd.town_rows(**{"a\x00b": 1, "c\ud800": 2, "d\u202e": 3}))
    ),
    "attributes that are objects": of(odd.features(*odd.town_rows(otros={"a": [1]}, lista=[1, 2]))),
    "no properties in one of them": of(odd.features(*odd.town_rows(), (None, None))),
    "numbers as text with decimals": of(
        odd.features(*((shape, row | {"code": f"{row['code']}.0"}) for shape, row in odd.town_rows()))
    ),
    "numbers below one": lambda p: files.geojson(p / "b.geojson", files.town(code=[0, -1, -2])),
    "a needle without width": lambda p: files.geojson(p / "b.geojson", files.town(shape=odd.spike)),
    "a ring that touches itself": lambda p: files.geojson(p / "b.geojson", files.town(shape=odd.bow)),
    # KML and KMZ
    "folders in folders and attributes by schema": kml(IN_FOLDERS),
    "two holes in one boundary": of(odd.holes_in_one_boundary(), "barrios.kml"),
    "KML in UTF-16": of(
        odd.kml("".join(odd.placemarks())).replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"),
        "barrios.kml",
    ),
    "KML with a byte order mark and a comment first": of(
        "\ufeff" + odd.kml("".join(odd.placemarks())).replace("?>", "?><!-- hecho a mano -->"), "barrios.kml"
    ),
    "KMZ with its document in a folder": lambda p: odd.zipped(
        p, {"files/doc.kml": odd.kml("".join(odd.placemarks())).encode()}, "barrios.kmz"
    ),
    # Archives
    "64-bit entries": odd.zip64_entries,
    "64-bit table of contents": odd.zip64_directory,
    "names in the letters of DOS": odd.old_names,
    "folders with the strokes of Windows": lambda p: odd.zipped(
        p, {f"Barrios 2026\\{name}": content for name, content in files.parts(odd.shp(p)).items()}
    ),
    # FlatGeobuf
    "FlatGeobuf without an index": lambda p: _flatgeobuf(p, SPATIAL_INDEX="NO"),
}


def _renamed_layer(folder: Path) -> Path:
    path = folder / "barrios.gpkg"
    files.town().to_file(path, layer='bar\'rios "x"; --', driver="GPKG")
    return path


def _flatgeobuf(folder: Path, frame: geopandas.GeoDataFrame | None = None, **how: str) -> Path:
    path = folder / "barrios.fgb"
    (files.town() if frame is None else frame).to_file(path, driver="FlatGeobuf", **how)
    return path


WITHOUT_CRS = files.town().set_crs(None, allow_override=True)


def _crossed(code: int) -> Polygon:
    """Over the antimeridian."""
    return Polygon([(179 + code, -33), (-179 - code, -33), (-179, -32), (179, -32)])


REFUSED: dict[str, tuple[Maker, str]] = {
    # GeoPackage
    "GeoPackage with a view of its table": (lambda p: odd.after(odd.gpkg(p), *odd.VIEW), "several_layers"),
    "GeoPackage without any drawing": (
        lambda p: odd.after(
            odd.gpkg(p),
            "DELETE FROM gpkg_geometry_columns",
            "UPDATE gpkg_contents SET data_type = 'attributes'",
        ),
        "empty",
    ),
    "GeoPackage without a system": (
        lambda p: odd.after(
            odd.gpkg(p),
            "UPDATE gpkg_geometry_columns SET srs_id = -1",
            "UPDATE gpkg_contents SET srs_id = -1",
        ),
        "no_crs",
    ),
    "GeoPackage whose system is an address": (
        lambda p: odd.after(
            odd.gpkg(p),
            "UPDATE gpkg_spatial_ref_sys SET definition = 'http://127.0.0.1/crs', organization = 'X', "
            "organization_coordsys_id = 7 WHERE srs_id = 4326",
        ),
        "no_crs",
    ),
    "TIN": (lambda p: odd.with_geometry(p, odd.patches(16), "GEOMETRY"), "not_polygons"),
    "PolyhedralSurface": (lambda p: odd.with_geometry(p, odd.patches(15), "GEOMETRY"), "not_polygons"),
    "PolyhedralSurface in a layer of them": (
        lambda p: odd.with_geometry(p, odd.patches(15), "POLYHEDRALSURFACE"),
        "corrupt",
    ),
    "a drawing of a kind nobody knows": (
        lambda p: odd.with_geometry(p, b"\x01\xff\x00\x00\x00" + b"\x00" * 40, "GEOMETRY"),
        "corrupt",
    ),
    "another SQLite": (
        lambda p: odd.after(
            odd.text(p, b"", "barrios.gpkg"), "CREATE TABLE a (b)", "INSERT INTO a VALUES (1)"
        ),
        "corrupt",
    ),
    # Shapefile
    "an empty .prj": (lambda p: odd.with_prj(p, ""), "no_crs"),
    ".prj of a local system": (lambda p: odd.with_prj(p, 'LOCAL_CS["obra",UNIT["metre",1]]'), "bad_crs"),
    ".prj that is geocentric": (
        lambda p: odd.with_prj(p, CRS.from_epsg(4978).to_wkt("WKT1_GDAL")),
        "bad_crs",
    ),
    ".prj of noise": (lambda p: odd.with_prj(p, "PROJCS[" * 3_000), "bad_crs"),
    # GeoJSON
    "TopoJSON": (of({"type": "Topology", "objects": {}, "arcs": []}), "unknown_format"),
    "lines of GeoJSON": (
        of("\n".join(json.dumps(one) for one in odd.document()["features"])),
        "bad_json",
    ),
    "a list": (of(b"[1, 2, 3]"), "unknown_format"),
    "features that are no list": (of({"type": "FeatureCollection", "features": {}}), "unknown_format"),
    "features of nothing": (of({"type": "FeatureCollection", "features": [None, 1]}), "bad_geometry"),
    "a collection of collections": (
        lambda p: files.geojson(p / "b.geojson", files.town(shape=odd.in_a_collection)),
        "not_polygons",
    ),
    "over the antimeridian": (
        lambda p: files.geojson(p / "b.geojson", files.town(shape=_crossed)),
        "wrong_place",
    ),
    "infinite coordinates": (
        of(
            odd.features(
                ({"type": "Polygon", "coordinates": [[[float("inf"), 1], [2, 3], [4, 5], [6, 7]]]}, {})
            )
        ),
        "not_finite",
    ),
    "coordinates that are true": (
        of(odd.features(({"type": "Polygon", "coordinates": [[[True, False]] * 4]}, {"name": "a"}))),
        "wrong_count",
    ),
    "a collection that names itself twice": (
        of('{"type":"FeatureCollection","features":[],"features":[]}'),
        "empty",
    ),
    "UTF-16 that ends in half a letter": (
        of(json.dumps(odd.document()).encode("utf-16")[:-1]),
        "bad_encoding",
    ),
    "a million properties": (of(odd.many_columns(3, 333_000)), "too_many_columns"),
    "10 MB of one name": (
        of(odd.features(*odd.town_rows(name="x" * 10_000_000))),
        "double_names",
    ),
    # KML
    "KML with a network link next to its places": (
        kml("".join(odd.placemarks()) + "<NetworkLink><Link><href>otro.kml</href></Link></NetworkLink>"),
        "network_link",
    ),
    "KML of 100,000 folders in each other": (kml("<Folder>" * 100_000 + "</Folder>" * 100_000), "corrupt"),
    "KML without a ring": (kml("<Placemark><name>a</name><Polygon/></Placemark>"), "null_geometries"),
    "KML with a boundary without a ring": (
        kml("<Placemark><name>a</name><Polygon><outerBoundaryIs/></Polygon></Placemark>"),
        "bad_geometry",
    ),
    "KML with a point without coordinates": (
        kml("<Placemark><name>a</name><Point><coordinates> </coordinates></Point></Placemark>"),
        "not_polygons",
    ),
    "two KML in one KMZ": (
        lambda p: odd.zipped(
            p, {f"{n}.kml": odd.kml("".join(odd.placemarks())).encode() for n in "ab"}, "barrios.kmz"
        ),
        "several_layers",
    ),
    # Archives
    "wrong sum": (odd.wrong_crc, "zip_bad"),
    "gzip": (of(odd.GZIP, "barrios.geojson.gz"), "packed"),
    "tar.gz": (odd.tarball, "packed"),
    "7z": (of(odd.SEVEN_ZIP, "barrios.7z"), "packed"),
    "7z that is called .zip": (of(odd.SEVEN_ZIP, "barrios.zip"), "packed"),
    "rar": (of(odd.RAR, "barrios.rar"), "packed"),
    "an empty archive": (lambda p: odd.zipped(p, {}), "nothing_inside"),
    # FlatGeobuf
    "FlatGeobuf without a system": (lambda p: _flatgeobuf(p, WITHOUT_CRS), "no_crs"),
    "cut FlatGeobuf": (
        lambda p: odd.text(p, _flatgeobuf(p).read_bytes()[:-200], "barrios.fgb"),
        "corrupt",
    ),
    # What is in it
    "two of one name but for the dash": (
        odd.of_names("El Abrazo–Sur", "Barrio el abrazo sur", "c"),
        "double_names",
    ),
    "two neighbourhoods where one is expected thrice": (odd.of_names("a", "b"), "wrong_count"),
    "four": (odd.of_names("a", "b", "c", "d"), "wrong_count"),
    "names of spaces": (odd.of_names("a", " \u00a0 ", "c"), "nameless"),
    "one inside another": (
        lambda p: files.geojson(
            p / "b.geojson",
            files.town(shape=lambda code: files.square(1).buffer(-0.004 * (code - 1))),
        ),
        "covers_other",
    ),
    "a drawing of no area": (
        of(
            odd.features(
                *odd.town_rows()[:2],
                (mapping(Polygon([(-70.75, -33.51)] * 4)), {"code": 3, "name": "Sur"}),
            )
        ),
        "irreparable",
    ),
}


@pytest.mark.parametrize("make", READ.values(), ids=READ.keys())
def test_it_is_read_right(tmp_path, make):
    made = load(make(tmp_path), Options(expect=3), Metadata()).boundary_set
    assert made is not None
    assert list(made.territories.order_by("code").values_list("code", "name")) == NAMES
    for territory in made.territories.all():
        assert territory.boundary.centroid.distance(files_centre(territory.code)) < 0.006


def files_centre(code: int) -> Point:
    middle = files.square(code).centroid
    return Point(middle.x, middle.y, srid=4326)


def test_two_holes_in_one_boundary_are_both_left_out(tmp_path):
    made = load(READ["two holes in one boundary"](tmp_path), Options(expect=3), Metadata()).boundary_set
    assert made.territories.get(code=1).boundary[0].num_interior_rings == 2


@pytest.mark.parametrize(("make", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_in_one_sentence(tmp_path, make, code):
    refusal = as_json(make(tmp_path))["refused"]
    assert refusal["code"] == code
    assert refusal["text"].endswith((".", "»"))
    assert "\n" not in refusal["text"]
    assert not BoundarySet.objects.exists()
    assert not Territory.objects.exists()


def as_json(path: Path | str, *options: str) -> dict:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("load_territories", str(path), "--json", "--expect", "3", *options, stdout=out)
    assert ended.value.code == 1
    return json.loads(out.getvalue())


# Each way in reads the same file in the same child: a few of each kind show that.
SOME = dict(list(REFUSED.items())[::7])


@pytest.mark.parametrize("make", [make for make, _code in SOME.values()], ids=SOME.keys())
def test_it_is_the_same_in_the_administration_and_on_a_terminal(client, administrator, tmp_path, make):
    client.force_login(administrator)
    path = make(tmp_path)
    parts = files.parts(path) if path.suffix == ".shp" else {path.name: path.read_bytes()}
    rows = [SimpleUploadedFile(name, content) for name, content in parts.items()]
    answer = client.post(ADD, {"name": "a", "source": "b", "expect": "3", "files": rows})
    assert answer.status_code == 200
    assert len(answer.context["form"].errors["files"]) == 1
    with pytest.raises(CommandError, match=r"^No se cargó nada\. [^\n]+[.»]$"):
        call_command("load_territories", str(path), "--expect", "3", stdout=StringIO())
    assert not BoundarySet.objects.exists()


def sparse(folder: Path) -> Path:
    path = folder / "barrios.geojson"
    with path.open("wb") as made:
        made.truncate(2**40)
    return path


def sparse_part(folder: Path) -> Path:
    path = odd.shp(folder)
    with path.with_suffix(".dbf").open("r+b") as table:
        table.truncate(2**40)
    return path


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "barrios.geojson")
    return folder / "barrios.geojson"


def loop(folder: Path) -> Path:
    (folder / "a.geojson").symlink_to(folder / "b.geojson")
    (folder / "b.geojson").symlink_to(folder / "a.geojson")
    return folder / "a.geojson"


def badly_named(folder: Path) -> Path:
    path = os.fsdecode(os.fsencode(folder) + b"/barr\xffios\n.geojson")
    Path(path).write_text("{}")
    return Path(path)


PATHS: dict[str, tuple[Callable[[Path], Path | str], str]] = {
    "database": (lambda p: "PG:dbname=mapa", "no_file"),
    "inside an archive": (lambda p: f"/vsizip/{odd.zipped(p, {'a.geojson': b'{}'})}/a.geojson", "no_file"),
    "remote": (lambda p: "/vsicurl/http://127.0.0.1/a.geojson", "no_file"),
    "service": (lambda p: "WFS:http://127.0.0.1/", "no_file"),
    "drawing as the path": (lambda p: '{"type":"Polygon","coordinates":[]}', "no_file"),
    "folder": (lambda p: p, "no_file"),
    "root": (lambda p: "/", "no_file"),
    "nothing": (lambda p: "", "no_file"),
    "device": (lambda p: "/dev/zero", "no_file"),
    "pipe": (pipe, "no_file"),
    "links that go round": (loop, "no_file"),
    "a name of 5,000 letters": (lambda p: p / ("x" * 5_000 + ".geojson"), "no_file"),
    "memory of this process": (lambda p: "/proc/self/mem", "unreadable"),
    "a file of a terabyte": (sparse, "too_big"),
    "a table of a terabyte": (sparse_part, "too_big"),
    "a name that is no text": (badly_named, "unknown_format"),
}


@pytest.mark.parametrize(("make", "code"), PATHS.values(), ids=PATHS.keys())
def test_a_path_that_is_no_file_of_ours_is_refused_at_once(tmp_path, make, code):
    path = make(tmp_path)
    refusal = as_json(path)["refused"]
    assert refusal["code"] == code
    assert "\n" not in refusal["text"]
    refusal["text"].encode()
    with pytest.raises(CommandError, match="No se cargó nada"):
        call_command("load_territories", str(path), stdout=StringIO())


@pytest.mark.parametrize(("make", "code"), PATHS.values(), ids=PATHS.keys())
def test_nor_are_places_read_from_it(tmp_path, make, code):
    path = make(tmp_path)
    for options in ([], ["--kind", "school"]):
        with pytest.raises(CommandError) as refused:
            call_command("load_places", str(path), *options, stdout=StringIO())
        str(refused.value).encode()


@pytest.mark.parametrize(
    "sidecar",
    [
        b"\xff\xfe",
        b'{"name": "a\\u0000b"}',
        b'{"name": "a\\ud800b"}',
        b'{"name": true}',
        b'{"approximate": "no"}',
        b'{"source": 5}',
        b'{"drawn_on": 20260101}',
        b'{"licence": ["x"]}',
        b"[" * 100_000,
    ],
)
def test_a_sidecar_that_cannot_be_kept_is_refused(tmp_path, sidecar):
    path = files.geojson(tmp_path / "barrios.geojson")
    path.with_suffix(".json").write_bytes(sidecar)
    assert as_json(path)["refused"]["text"].endswith(".")
    assert not BoundarySet.objects.exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--tolerance", "nan"],
        ["--tolerance", "inf"],
        ["--tolerance", "-1"],
        ["--expect", "-1"],
        ["--picture", "/there/is/no/such/folder/a.svg"],
        ["--picture", "/"],
    ],
)
def test_an_option_that_cannot_be_followed_is_refused_before_anything_is_stored(tmp_path, options):
    path = files.geojson(tmp_path / "barrios.geojson")
    assert as_json(path, *options)["refused"]["code"] == "bad_option"
    assert not BoundarySet.objects.exists()


def test_a_file_whose_name_is_no_text_is_stored_under_one_that_is(tmp_path):
    path = badly_named(tmp_path)
    path.write_bytes(odd.geojson_bytes())
    made = load(path, Options(expect=3), Metadata()).boundary_set
    assert made.file_name == "barr?ios .geojson"


@pytest.mark.parametrize("found", [20, 22])
def test_twenty_or_twenty_two_are_not_twenty_one(tmp_path, found):
    frame = geopandas.read_file(SHIPPED)
    rows = [*frame.to_dict("records"), frame.iloc[0].to_dict() | {"code": 22, "name": "Barrio Nuevo"}]
    frame = geopandas.GeoDataFrame(rows[:found], crs=frame.crs)
    path = tmp_path / "barrios.gpkg"
    frame.to_file(path)
    with pytest.raises(FileRefused) as refused:
        load(path, Options(expect=21), Metadata())
    assert refused.value.code == "wrong_count"
    assert refused.value.details["found"] == found
