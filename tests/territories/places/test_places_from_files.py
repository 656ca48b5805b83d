"""Places come from an OpenStreetMap extract or from whatever file the municipality has."""

from __future__ import annotations

from io import StringIO

import geopandas
import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from shapely.geometry import Point as Spot
from shapely.geometry import box

from territories.models import Place
from tests.territories.importing.osm import Extract

pytestmark = pytest.mark.django_db
WEST, EAST, SOUTH, NORTH, MIDDLE = -70.78, -70.76, -33.52, -33.50, -33.51


@pytest.fixture
def extract(tmp_path):
    """Two streets that cross, one in two pieces; a school as an area, a clinic as a point, a park, a stop."""
    made = Extract()
    made.way([(WEST, MIDDLE), (-70.77, MIDDLE)], highway="primary", name="Av. Los Pajaritos")
    made.way([(-70.77, MIDDLE), (EAST, MIDDLE)], highway="primary", name="Av. Los Pajaritos")
    made.way([(-70.77, SOUTH), (-70.77, MIDDLE), (-70.77, NORTH)], highway="residential", name="Pasaje Ñandú")
    made.way([(WEST, SOUTH), (EAST, SOUTH)], highway="residential")
    school = [(-70.771, -33.511), (-70.7705, -33.511), (-70.7705, -33.5105), (-70.771, -33.511)]
    made.way(school, amenity="school", name="Escuela Uno")
    park = [(-70.765, -33.505), (-70.764, -33.505), (-70.764, -33.504), (-70.765, -33.505)]
    made.way(park, leisure="park")
    made.node(-70.7695, -33.5102, amenity="clinic", name="CESFAM")
    made.node(-70.7600, -33.5102, highway="bus_stop", name="Paradero")
    made.node(-70.7610, -33.5102, highway="bus_stop", name="Paradero")
    made.node(-70.7620, -33.5102, amenity="bench", name="Banco")
    made.node(-58.0, -34.0, amenity="school", name="Escuela de otro país")
    return made.write(tmp_path / "maipu.osm.pbf")


def load(path, *options: str) -> str:
    out = StringIO()
    call_command("load_places", str(path), *options, stdout=out)
    return out.getvalue()


def test_an_openstreetmap_extract_is_understood_by_its_tags(extract):
    load(extract, "--source", "OpenStreetMap, ODbL")
    assert list(Place.objects.order_by("kind", "name").values_list("kind", "name")) == [
        ("bus_stop", "Paradero"),
        ("bus_stop", "Paradero (2)"),
        ("clinic", "CESFAM"),
        ("crossing", "Av. Los Pajaritos con Pasaje Ñandú"),
        ("school", "Escuela Uno"),
        ("square", "Plaza o parque sin nombre (1)"),
        ("street", "Av. Los Pajaritos"),
        ("street", "Pasaje Ñandú"),
    ]
    assert set(Place.objects.values_list("source", flat=True)) == {"OpenStreetMap, ODbL"}


def test_the_pieces_of_a_street_become_one_line(extract):
    load(extract)
    assert Place.objects.get(name="Av. Los Pajaritos").location.geom_type == "LineString"


def test_a_crossing_lies_where_its_streets_meet(extract):
    load(extract)
    place = Place.objects.get(kind="crossing").location
    assert (round(place.x, 5), round(place.y, 5)) == (-70.77, MIDDLE)


def test_what_was_loaded_feeds_search_and_level_v(extract):
    load(extract)
    level, causes = Place.objects.vulnerability_level(Point(-70.7700, -33.5105, srid=4326))
    assert (level, [one.name for one in causes]) == (3, ["Escuela Uno", "CESFAM"])
    assert Place.objects.named_like("pajaritos").filter(kind="street").exists()


def test_loading_again_changes_nothing(extract):
    load(extract)
    before = list(Place.objects.order_by("pk").values_list("pk", "name"))
    load(extract, "--replace")
    assert list(Place.objects.order_by("pk").values_list("pk", "name")) == before


def points(**columns) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(columns, geometry=[Spot(-70.77, -33.51), Spot(-70.76, -33.51)], crs=4326)


def test_a_shapefile_of_one_kind_in_another_system(tmp_path):
    path = tmp_path / "jardines.shp"
    points(NOMBRE=["Jardín Uno", "Jardín Dos"]).to_crs(32719).to_file(path, encoding="ISO-8859-1")
    load(path, "--kind", "nursery", "--source", "Municipio")
    assert set(Place.objects.values_list("kind", "name")) == {
        ("nursery", "Jardín Uno"),
        ("nursery", "Jardín Dos"),
    }


def test_a_geopackage_with_a_column_of_kinds(tmp_path):
    path = tmp_path / "lugares.gpkg"
    points(name=["CESFAM", "Club"], kind=["clinic", "seniors"]).to_file(path, driver="GPKG")
    load(path)
    assert set(Place.objects.values_list("kind", "name")) == {("clinic", "CESFAM"), ("seniors", "Club")}


def test_areas_count_too(tmp_path):
    path = tmp_path / "plazas.gpkg"
    areas = points(name=["A", "B"]).set_geometry([box(-70.77, -33.51, -70.769, -33.509)] * 2, crs=4326)
    areas.to_file(path, driver="GPKG")
    load(path, "--kind", "square")
    assert {one.location.geom_type for one in Place.objects.all()} == {"Polygon"}


def test_an_extract_of_a_whole_region_gives_the_commune(tmp_path):
    region = Extract()
    for number in range(310_000):
        region.node(-70.60 + number * 1e-7, -33.40, highway="bus_stop", name="Paradero de otra comuna")
    region.node(-70.7695, -33.5102, amenity="clinic", name="CESFAM")
    load(region.write(tmp_path / "region.osm.pbf"))
    assert list(Place.objects.values_list("name", flat=True)) == ["CESFAM"]


def test_the_trees_of_a_dense_commune_stay_in_the_file(tmp_path):
    commune = Extract()
    for number in range(310_000):
        commune.node(-70.78 + number * 1e-7, MIDDLE, natural="tree", name="Quillay")
    commune.node(-70.7695, -33.5102, amenity="clinic", name="CESFAM")
    commune.node(-70.7700, -33.5102, **{"social_facility:for": "senior"}, name="Club")
    load(commune.write(tmp_path / "commune.osm.pbf"))
    assert list(Place.objects.order_by("name").values_list("name", flat=True)) == ["CESFAM", "Club"]


@pytest.mark.parametrize("epsg", [4326, 32719])
def test_a_geopackage_of_a_whole_region_gives_the_commune(tmp_path, epsg):
    far = [Spot(-70.60 + number * 1e-7, -33.40) for number in range(310_000)]
    rows = {"name": ["CESFAM"] + ["Otro"] * len(far), "kind": ["clinic"] * (len(far) + 1)}
    frame = geopandas.GeoDataFrame(rows, geometry=[Spot(-70.77, -33.51), *far], crs=4326).to_crs(epsg)
    frame.to_file(tmp_path / "region.gpkg", driver="GPKG")
    load(tmp_path / "region.gpkg")
    assert list(Place.objects.values_list("name", flat=True)) == ["CESFAM"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vacío"),
        (b"<html>", "página web"),
        (b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + b"\xff" * 900, "dañado|No se reconoce|falla"),
        (b"PK\x03\x04", "dañado"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(tmp_path, content, sentence):
    path = tmp_path / "lugares.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        load(path)
    assert not Place.objects.exists()


def test_a_file_without_places_is_refused(tmp_path):
    path = tmp_path / "otros.gpkg"
    points(name=["x", "y"]).to_file(path, driver="GPKG")
    with pytest.raises(CommandError, match="No se reconoce ningún lugar"):
        load(path)
