"""Files of places: the shipped gazetteer, and refusals that change nothing."""

import json

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command

from territories.models import Place

CORNER = [-70.76, -33.51]
BOW_TIE = [CORNER, [-70.75, -33.5], [-70.75, -33.51], [-70.76, -33.5], CORNER]


def feature(geometry=None, **properties):
    """A good point feature, changed where asked."""
    values = {"kind": "landmark", "name": "Templo", "rank": 0, "source": "prueba"} | properties
    return {
        "type": "Feature",
        "properties": values,
        "geometry": geometry or {"type": "Point", "coordinates": CORNER},
    }


@pytest.fixture
def file_of(tmp_path):
    """Writes a FeatureCollection of the given features."""

    def write(*features, name="places.geojson", **members):
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | members))
        return path

    return write


@pytest.mark.django_db
def test_the_shipped_gazetteer_looks_like_maipu():
    call_command("load_places")
    counted = {kind: Place.objects.filter(kind=kind).count() for kind in ("street", "crossing", "station")}
    assert counted["street"] >= 60
    assert counted["crossing"] >= 150
    assert counted["station"] == 5
    near_the_square = Place.objects.within_metres(Point(-70.758, -33.5105, srid=4326), 250)
    assert {"Plaza de Maipú", "Av. Los Pajaritos", "Metro Plaza de Maipú"} <= {
        p.name for p in near_the_square
    }


@pytest.mark.django_db
def test_places_are_found_without_accents_or_case():
    call_command("load_places")
    assert "Av. Los Pajaritos" in {p.name for p in Place.objects.named_like("pajaritos")}


@pytest.mark.django_db
def test_loading_twice_stores_each_place_once_and_replace_removes_the_others_of_its_kind(file_of):
    call_command("load_places", file_of(feature(), feature(kind="school", name="Liceo")))
    call_command("load_places", file_of(feature(), feature(name="Sede")))
    assert set(Place.objects.values_list("name", flat=True)) == {"Templo", "Liceo", "Sede"}
    call_command("load_places", file_of(feature(name="Sede")), replace=True)
    assert set(Place.objects.values_list("name", flat=True)) == {"Liceo", "Sede"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (feature(kind="moon"), "«kind»"),
        (feature(kind=["school"]), "«kind»"),
        (feature(name=""), "«name»"),
        (feature(name=7), "«name»"),
        (feature(name="x" * 161), "«name»"),
        (feature(name="a\u202eb"), "«name»"),
        (feature(rank=-1), "«rank»"),
        (feature(rank=True), "«rank»"),
        (feature(source=None), "«source»"),
        (feature({"type": "Point", "coordinates": [-33.51, -70.76]}), "fuera de la comuna"),
        (feature({"type": "Point", "coordinates": [float("nan"), -33.5]}), "fuera de la comuna"),
        (feature({"type": "Point", "coordinates": [-70.76]}), "no se entienden"),
        (feature({"type": "Point", "coordinates": [-70.76, "-33.51"]}), "no se entienden"),
        (feature({"type": "Point", "coordinates": []}), "no se entienden"),
        (feature({"type": "LineString", "coordinates": [CORNER]}), "no se entienden"),
        (feature({"type": "GeometryCollection", "geometries": []}), "falta la forma"),
        (feature({"type": "Polygon", "coordinates": [BOW_TIE]}), "no es válida"),
        ({"type": "Feature"}, "propiedades"),
        (7, "propiedades"),
    ],
)
def test_one_wrong_place_refuses_the_file_with_a_sentence(file_of, bad, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("load_places", file_of(feature(name="Bueno"), bad))
    assert not Place.objects.exists()


@pytest.mark.django_db
def test_a_name_twice_is_refused_even_across_files(file_of, tmp_path):
    file_of(feature(), name="a.geojson")
    file_of(feature(), name="b.geojson")
    with pytest.raises(CommandError, match="dos veces"):
        call_command("load_places", tmp_path)
    assert not Place.objects.exists()


@pytest.mark.parametrize("text", ["", "{}", "[" * 200_000, '{"type": "FeatureCollection"}', "<html>"])
def test_what_is_no_collection_is_refused(tmp_path, text):
    path = tmp_path / "places.geojson"
    path.write_text(text)
    with pytest.raises(CommandError):
        call_command("load_places", path)
    with pytest.raises(CommandError):
        call_command("load_places", tmp_path / "absent.geojson")
