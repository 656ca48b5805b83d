"""Every file a municipality may have: the same three neighbourhoods come out, with what was noticed."""

from __future__ import annotations

import json

import geopandas
import pytest
from pyproj import CRS
from shapely import force_3d, from_wkb, hausdorff_distance
from shapely.geometry import MultiPolygon, box

from territories.boundaries.loading import Options, load
from territories.boundaries.metadata import Metadata
from territories.importing.refusal import FileRefused
from territories.models import Territory
from tests.territories.importing import files

pytestmark = pytest.mark.django_db
FEET_WKT = (
    'PROJCS["Local_Feet",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",100000.0],PARAMETER["False_Northing",50000.0],PARAMETER["Central_Meridian",-70.7],'
    'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",-33.4],UNIT["Foot_US",0.3048006096012192]]'
)


def read(path, **options) -> list[Territory]:
    """Load a file of three neighbourhoods and return them in the order of their codes."""
    made = load(path, Options(expect=3, **options), Metadata())
    assert made.boundary_set is not None
    return list(made.boundary_set.territories.all())


def kinds(path, **options) -> set[str]:
    report = load(path, Options(expect=3, **options), Metadata(), dry_run=True).report
    return {one["kind"] for one in report["problems"]}


def assert_town(found: list[Territory]) -> None:
    """The three squares, to a centimetre."""
    assert [(one.code, one.name) for one in found] == list(files.TOWN.items())
    for one in found:
        assert hausdorff_distance(from_wkb(bytes(one.boundary.wkb)), files.square(one.code)) < 1e-7


@pytest.mark.parametrize("epsg", [32719, 4326, 4674, 5361, 3857, 24879])
def test_a_shapefile_in_any_system_with_a_definition(tmp_path, epsg):
    assert_town(read(files.shapefile(tmp_path / "s", files.town().to_crs(epsg), encoding="UTF-8")))


def test_a_system_in_feet_given_only_as_text(tmp_path):
    assert_town(read(files.shapefile(tmp_path / "s", files.town().to_crs(CRS.from_wkt(FEET_WKT)))))


@pytest.mark.parametrize(
    ("driver", "ending"), [("GPKG", "gpkg"), ("FlatGeobuf", "fgb"), ("GeoJSON", "geojson"), ("KML", "kml")]
)
def test_one_file_of_each_format(tmp_path, driver, ending):
    path = tmp_path / f"barrios.{ending}"
    files.town().to_file(path, driver=driver)
    assert_town(read(path))


def test_kmz_with_its_document_inside(tmp_path):
    files.town().to_file(tmp_path / "doc.kml", driver="KML")
    content = {"doc.kml": (tmp_path / "doc.kml").read_bytes(), "images/icon.png": b"\x89PNG"}
    assert_town(read(files.zipped(tmp_path / "barrios.kmz", content)))


def contents(*targets: str) -> bytes:
    """A KML that only links to others."""
    links = "".join(f"<NetworkLink><Link><href>{one}</href></Link></NetworkLink>" for one in targets)
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{links}</Document></kml>'.encode()


def test_kmz_whose_document_only_links_to_a_file_inside(tmp_path):
    files.town().to_file(tmp_path / "barrios.kml", driver="KML")
    content = {
        "doc.kml": contents("layers/barrios.kml"),
        "layers/barrios.kml": (tmp_path / "barrios.kml").read_bytes(),
    }
    assert_town(read(files.zipped(tmp_path / "barrios.kmz", content)))


@pytest.mark.parametrize("target", ["http://127.0.0.1:9/a.kml", "//127.0.0.1/a.kml", "file:///etc/passwd"])
def test_kmz_whose_document_links_elsewhere_is_refused(tmp_path, target):
    files.town().to_file(tmp_path / "barrios.kml", driver="KML")
    content = {"doc.kml": contents(target), "barrios.kml": (tmp_path / "barrios.kml").read_bytes()}
    with pytest.raises(FileRefused, match="network_link"):
        read(files.zipped(tmp_path / "barrios.kmz", content))


def test_a_refused_file_goes_by_its_own_name(tmp_path):
    path = tmp_path / "Límites 2026.geojson"
    path.write_text("{")
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert refused.value.details["file"] == "Límites 2026.geojson"


def test_a_geojson_that_names_its_system(tmp_path):
    frame = files.town().to_crs(32719)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32719"}}
    assert_town(read(files.geojson(tmp_path / "a.geojson", frame, crs=crs)))


def test_the_content_decides_not_the_ending(tmp_path):
    path = files.geojson(tmp_path / "barrios.json")
    assert_town(read(path.rename(tmp_path / "barrios.txt")))


@pytest.fixture
def parts(tmp_path) -> dict[str, bytes]:
    """The parts of a loose Shapefile."""
    return files.parts(files.shapefile(tmp_path / "s", encoding="UTF-8"))


ARCHIVES = {
    "flat": "{}",
    "a folder inside": "barrios 2026/{}",
    "backslashes": "barrios\\{}",
    "accents": "Límites Ñuñoa/{}",
}


@pytest.mark.parametrize("pattern", ARCHIVES.values(), ids=ARCHIVES.keys())
def test_a_zipped_shapefile(tmp_path, parts, pattern):
    content = {pattern.format(name): data for name, data in parts.items()}
    assert_town(read(files.zipped(tmp_path / "b.zip", content)))


def test_mac_extras_are_passed_over(tmp_path, parts):
    extras = {f"__MACOSX/._{name}": b"\x00\x05\x16\x07" for name in parts} | {
        ".DS_Store": b"x",
        "leeme.txt": b"x",
    }
    assert_town(read(files.zipped(tmp_path / "b.zip", parts | extras)))


def test_upper_case_endings(tmp_path, parts):
    content = {f"BARRIOS.{name.rsplit('.', 1)[1].upper()}": data for name, data in parts.items()}
    assert_town(read(files.zipped(tmp_path / "b.zip", content)))


def test_upper_case_endings_of_loose_files(tmp_path, parts):
    for name, data in parts.items():
        (tmp_path / name.upper()).write_bytes(data)
    assert_town(read(tmp_path / "BARRIOS.SHP"))


def test_any_part_of_a_loose_shapefile_names_the_whole(tmp_path, parts):
    for name, data in parts.items():
        (tmp_path / name).write_bytes(data)
    assert_town(read(tmp_path / "barrios.dbf"))


def test_several_layers_need_a_choice_and_take_it(tmp_path, parts):
    old = {name.replace("barrios", "viejos"): data for name, data in parts.items()}
    path = files.zipped(tmp_path / "b.zip", parts | old)
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert (refused.value.code, refused.value.details["layers"]) == ("several_layers", ["barrios", "viejos"])
    assert_town(read(path, layer="Barrios"))


def test_the_only_layer_with_polygons_is_taken_and_said(tmp_path):
    path = tmp_path / "b.gpkg"
    files.town().to_file(path, layer="limites", driver="GPKG")
    points = files.town().set_geometry(files.town().geometry.representative_point())
    points.to_file(path, layer="sedes", driver="GPKG")
    assert_town(read(path))
    assert "layer_chosen" in kinds(path)


def test_two_layers_of_a_geopackage_need_a_choice(tmp_path):
    path = tmp_path / "b.gpkg"
    for layer in ("2019", "2026"):
        files.town().to_file(path, layer=layer, driver="GPKG")
    with pytest.raises(FileRefused, match="several_layers"):
        read(path)
    assert_town(read(path, layer="2026"))


NUNOA = {1: "Ñuñoa", 2: "Pehuén", 3: "Los Héroes"}


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1"])
@pytest.mark.parametrize("cpg", [True, False])
def test_accents_read_right_with_and_without_a_cpg(tmp_path, encoding, cpg):
    path = files.shapefile(tmp_path / "s", files.town(NUNOA), encoding=encoding)
    if not cpg:
        path.with_suffix(".cpg").unlink()
    assert [one.name for one in read(path)] == list(NUNOA.values())
    assert ("encoding_guessed" in kinds(path)) is not cpg


def test_a_cpg_that_is_wrong_is_noticed(tmp_path):
    path = files.shapefile(tmp_path / "s", files.town(NUNOA), encoding="ISO-8859-1")
    path.with_suffix(".cpg").write_text("UTF-8")
    assert [one.name for one in read(path)] == list(NUNOA.values())
    assert "encoding_wrong" in kinds(path)


def test_heights_are_dropped_with_a_note(tmp_path):
    frame = files.town()
    frame.geometry = force_3d(frame.geometry, 480.0)
    for path in (files.shapefile(tmp_path / "s", frame), files.geojson(tmp_path / "a.geojson", frame)):
        assert_town(read(path))
        assert "z_dropped" in kinds(path)


def test_several_parts_of_one_neighbourhood_stay_together(tmp_path):
    def two_halves(code):
        west, south, east, north = files.square(code).bounds
        return MultiPolygon([box(west, south, west + 0.005, north), box(east - 0.005, south, east, north)])

    found = read(files.geojson(tmp_path / "a.geojson", files.town(shape=two_halves)))
    assert [one.boundary.num_geom for one in found] == [2, 2, 2]


def test_curves_become_short_straight_lines_with_a_note(tmp_path):
    path = tmp_path / "curves.gpkg"
    files.town().to_file(path, layer="barrios", driver="GPKG")
    files.curve(path, "barrios", 1)
    found = read(path)
    assert found[0].boundary.num_points > 20
    assert "curves_linearised" in kinds(path)


COLUMNS = [
    ({"nombre": ["Norte", "Centro", "Sur"], "numero": [1, 2, 3]}, {}),
    ({"NOM_BARRIO": ["Norte", "Centro", "Sur"], "COD_BARRIO": ["01", "02", "03"]}, {}),
    (
        {"texto": ["Norte", "Centro", "Sur"], "valor": [1, 2, 3]},
        {"name_field": "texto", "code_field": "valor"},
    ),
    ({"id": [1.0, 2.0, 3.0], "sector": ["Norte", "Centro", "Sur"]}, {}),
]


@pytest.mark.parametrize(("columns", "options"), COLUMNS)
def test_the_columns_of_name_and_number_are_guessed_and_can_be_told(tmp_path, columns, options):
    frame = geopandas.GeoDataFrame(columns, geometry=[files.square(code) for code in files.TOWN], crs=4326)
    assert_town(read(files.geojson(tmp_path / "a.geojson", frame), **options))


def test_known_names_decide_between_columns_of_text(town, tmp_path):
    columns = {"sector": ["a", "b", "c"], "glosa": ["BARRIO NORTE", "Barrio Centro", "súr"]}
    frame = geopandas.GeoDataFrame(columns, geometry=[files.square(code) for code in files.TOWN], crs=4326)
    found = read(files.geojson(tmp_path / "a.geojson", frame))
    assert [(one.code, one.name) for one in found] == [(1, "BARRIO NORTE"), (2, "Barrio Centro"), (3, "súr")]


def test_population_is_read_with_its_year_as_the_source(tmp_path):
    path = files.geojson(tmp_path / "a.geojson", files.town(pob2024=[100, 200, 300]))
    found = read(path)
    assert [(one.population, one.population_source) for one in found][:2] == [
        (100, "según el archivo, 2024"),
        (200, "según el archivo, 2024"),
    ]


def test_attributes_stay_text(tmp_path):
    names = {1: "<script>alert(1)</script>", 2: "'; DROP TABLE territories_territory; --", 3: "Nul\x00o"}
    document = json.loads(files.town().to_json(drop_id=True))
    for feature, name in zip(document["features"], names.values(), strict=True):
        feature["properties"]["name"] = name
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(document))
    made = load(path, Options(expect=3), Metadata())
    assert [one.name for one in made.boundary_set.territories.all()] == [names[1], names[2], "Nul o"]
    assert "<script" not in made.picture
