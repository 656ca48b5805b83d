"""The neighbourhoods for programs: one collection, and «in which one is this point?»."""

from __future__ import annotations

import json

import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon

from territories.models import Territory
from tests.conftest import CENTRO, INSIDE, NORTE, OUTSIDE, SUR

LIST, AT = "/api/v1/territories/", "/api/v1/territories/at/"
# The line between Norte and Centro.
SHARED = (-70.78, -33.51)


def test_the_neighbourhoods_are_one_collection_in_the_order_of_their_codes(client, town):
    body = client.get(LIST).json()
    assert body["type"] == "FeatureCollection"
    assert body["boundary_set"]["name"] == "Pueblo de prueba"
    assert [one["id"] for one in body["features"]] == [NORTE, CENTRO, SUR]
    assert body["features"][0]["properties"] == {
        "code": NORTE,
        "name": "Norte",
        "slug": "norte",
        "area_m2": 4_000_000,
        "population": 10_000,
        "population_source": "",
        "approximate": False,
    }


def test_the_outline_is_sent_unless_the_whole_boundary_is_asked_for(client, town):
    square = Territory.objects.get(code=NORTE).boundary
    corner = MultiPolygon(Polygon.from_bbox((-70.80, -33.51, -70.79, -33.50)), srid=4326)
    Territory.objects.filter(code=NORTE).update(outline=corner)
    simple, whole = (client.get(LIST, {"full": full}).json()["features"][0] for full in ("false", "true"))
    assert GEOSGeometry(json.dumps(whole["geometry"])).equals(square)
    assert GEOSGeometry(json.dumps(simple["geometry"])).equals(corner)


def test_without_boundaries_the_collection_is_empty(client, db):
    assert client.get(LIST).json() == {"type": "FeatureCollection", "boundary_set": None, "features": []}


def test_what_has_not_changed_is_not_sent_again(client, town):
    etag = client.get(LIST)["ETag"]
    again = client.get(LIST, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    Territory.objects.filter(code=NORTE).update(population=1)
    assert client.get(LIST, headers={"if-none-match": etag}).status_code == 200


def test_the_collection_costs_two_queries_however_many_neighbourhoods(
    client, town, django_assert_num_queries
):
    with django_assert_num_queries(2):
        client.get(LIST)


def test_a_day_before_the_first_set_has_no_neighbourhoods(client, town):
    assert client.get(LIST, {"on": "2001-01-01"}).json()["features"] == []


@pytest.mark.parametrize("code", [NORTE, CENTRO, SUR])
def test_a_point_is_in_the_neighbourhood_that_covers_it(client, town, code):
    lng, lat = INSIDE[code]
    assert client.get(AT, {"lat": lat, "lng": lng}).json()["code"] == code


def test_a_point_on_a_shared_line_belongs_to_the_lowest_code(client, town):
    lng, lat = SHARED
    assert client.get(AT, {"lat": lat, "lng": lng}).json() == {
        "code": NORTE,
        "name": "Norte",
        "slug": "norte",
    }


def test_a_point_outside_the_commune_is_in_none(client, town):
    lng, lat = OUTSIDE
    answer = client.get(AT, {"lat": lat, "lng": lng})
    assert (answer.status_code, answer.json()["detail"]) == (
        404,
        "El punto queda fuera de los barrios de la comuna.",
    )


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"lat": "-33.51"},
        {"lat": "nan", "lng": "-70.77"},
        {"lat": "1e400", "lng": "-70.77"},
        {"lat": "-70.77", "lng": "-33.51"},
        {"lat": "-133", "lng": "-70.77"},
        {"lat": "٣٣", "lng": "-70.77"},
        {"lat": "-33.51", "lng": "-70.77", "on": "ayer"},
    ],
)
def test_what_is_no_point_is_refused_with_a_sentence(client, town, query):
    answer = client.get(AT, query)
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_many_points_are_answered_in_their_order(client, town):
    points = [INSIDE[SUR], OUTSIDE, SHARED, INSIDE[CENTRO]]
    answer = client.post(AT, {"points": points}, content_type="application/json").json()
    assert [one and one["code"] for one in answer["territories"]] == [SUR, None, NORTE, CENTRO]


def test_many_points_cost_two_queries(client, town, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.post(AT, {"points": [INSIDE[SUR]] * 500}, content_type="application/json")


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        "{}",
        '{"points": 3}',
        '{"points": [[1]]}',
        '{"points": [[true, false]]}',
        '{"points": [["-70", "-33"]]}',
        '{"points": [[1e999, 0]]}',
        '{"points": [[200, 0]]}',
        '{"points": [[1' + "0" * 400 + ", 0]]}",
        '{"points": [null]}',
    ],
)
def test_what_are_no_points_are_refused_with_a_sentence(client, town, body):
    answer = client.post(AT, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_more_than_ten_thousand_points_are_refused(client, town):
    answer = client.post(AT, {"points": [INSIDE[SUR]] * 10_001}, content_type="application/json")
    assert answer.status_code == 400
