"""What the map shows: single problems or clusters, never more than fits, in one or two queries."""

from __future__ import annotations

import json
import uuid

import pytest
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from issues.models import Issue
from maps.features import MAX_FEATURES, SINGLE_FROM_ZOOM, map_document
from maps.grid import MAX_CELLS, grid_for
from territories.geo import BBox

TOWN = "-70.80,-33.52,-70.74,-33.50"


def features(client, **params) -> dict:
    answer = client.get("/api/v1/map/", {"bbox": TOWN, "zoom": "16"} | params)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_a_single_problem_tells_what_its_mark_needs(client, make_issue):
    made = make_issue(severity=3, reach=0, duration=0, vulnerability=0)
    body = features(client)
    assert body["total"] == 1
    assert body["features"][0]["geometry"] == {"type": "Point", "coordinates": [-70.79, -33.51]}
    assert body["features"][0]["properties"] == {
        "count": 1,
        "reference": made.reference,
        "title": "Hoyo grande",
        "status": "registered",
        "index": 40.0,
        "icon": "street",
        "category": "Bache",
        "urgent": True,
    }


def test_far_away_problems_stand_together_and_are_counted_by_mark(client, make_issue):
    for _ in range(3):
        make_issue()
    body = features(client, zoom="10")
    assert [feature["properties"]["count"] for feature in body["features"]] == [3]
    assert body["features"][0]["properties"]["marks"] == [3, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("zoom", ["12", "14", "15", "17", "19", "22"])
def test_problems_on_one_point_are_one_mark_with_its_count_at_every_zoom(client, make_issue, zoom):
    made = [make_issue() for _ in range(5)]
    body = features(client, zoom=zoom)
    assert [feature["properties"]["count"] for feature in body["features"]] == [5]
    members = body["features"][0]["properties"].get("members")
    if float(zoom) < SINGLE_FROM_ZOOM:
        assert members is None
    else:
        assert sorted(each["reference"] for each in members) == sorted(each.reference for each in made)


@pytest.mark.parametrize(("zoom", "counts"), [("15", [2]), ("17", [2]), ("19", [1, 1])])
def test_what_touches_on_the_screen_is_one_mark_until_zooming_parts_it(client, make_issue, zoom, counts):
    """Some 9 m apart, on either side of a line of the grid."""
    for lng in (-70.79505, -70.79495):
        make_issue(location=Point(lng, -33.51, srid=4326))
    shown = features(client, zoom=zoom)["features"]
    assert [feature["properties"]["count"] for feature in shown] == counts


def test_a_spot_tells_the_fifty_of_highest_index_and_counts_all(client, make_issue):
    for _ in range(51):
        make_issue()
    first = make_issue(severity=3, reach=3, duration=3, vulnerability=3)
    spot = features(client, zoom="19")["features"][0]["properties"]
    assert (spot["count"], len(spot["members"])) == (52, 50)
    assert spot["members"][0] == {
        "reference": first.reference,
        "title": "Hoyo grande",
        "status": "registered",
    }


@pytest.mark.parametrize("visibility", ["draft", "review", "staff", "hidden"])
def test_a_spot_names_nobody_s_problem_that_is_not_public(client, make_issue, visibility):
    made = [make_issue() for _ in range(3)]
    Issue.objects.filter(pk=made[0].pk).update(visibility=visibility, hidden_reason="motivo")
    spot = features(client, zoom="19")["features"][0]["properties"]
    assert spot["count"] == 2
    assert made[0].reference not in [each["reference"] for each in spot["members"]]


def test_a_filter_takes_problems_out_of_a_spot(client, make_issue):
    make_issue(title="Poste apagado")
    make_issue()
    (shown,) = features(client, zoom="19", q="poste")["features"]
    assert shown["properties"]["title"] == "Poste apagado"


def test_more_than_an_answer_may_hold_stand_on_the_grid(make_issue):
    make_issue()
    with transaction.atomic():
        Issue.objects.bulk_create(copies_of(Issue.objects.get(), MAX_FEATURES))
        body = json.loads(map_document(Issue.objects.public(), BBox(-70.80, -33.52, -70.74, -33.50), 19))
        transaction.set_rollback(True)  # copies have no history, which the database asks for at the end
    assert [feature["properties"] for feature in body["features"]] == [
        {"count": MAX_FEATURES + 1, "marks": [MAX_FEATURES + 1, 0, 0, 0, 0, 0]}
    ]


def copies_of(issue: Issue, count: int) -> list[Issue]:
    kept = {field.attname: getattr(issue, field.attname) for field in Issue._meta.concrete_fields}
    return [
        Issue(**kept | {"id": uuid.uuid4(), "reference": f"MB-COPIA-{number}"}) for number in range(count)
    ]


@pytest.mark.parametrize(
    ("params", "count"),
    [({}, 2), ({"territory": "norte"}, 1), ({"status": "finished"}, 0), ({"q": "aromos"}, 1)],
)
def test_the_map_is_filtered_like_the_list(client, make_issue, params, count):
    make_issue(1, address="Los Aromos")
    make_issue(3)
    assert features(client, **params)["total"] == count
    listed = client.get("/", {"part": "list"} | params)
    assert f'data-count="{count}"' in listed.content.decode()


@pytest.mark.parametrize("visibility", ["draft", "review", "staff", "hidden"])
def test_what_is_not_public_is_not_on_the_map(client, issue, visibility):
    Issue.objects.update(visibility=visibility, hidden_reason="motivo")
    assert features(client)["total"] == 0


def test_a_reserved_category_is_not_on_the_map(client, make_issue, insecurity):
    make_issue(category=insecurity)
    assert features(client)["total"] == 0


def test_a_stranger_s_answer_may_be_shared_and_the_staff_s_may_not(client, issue, cabinet):
    address = f"/api/v1/map/?bbox={TOWN}"
    assert client.get(address).headers["Cache-Control"] == "public, max-age=10"
    client.force_login(cabinet)
    assert client.get(address).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("count", [2, 20])
def test_two_queries_whatever_the_number(client, make_issue, count):
    for number in range(count):
        make_issue(location=Point(-70.79 + number / 1000, -33.51, srid=4326))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert features(client)["total"] == count
    assert len(asked) == 2


@given(
    west=st.floats(-180, 179), south=st.floats(-89, 88),
    width=st.floats(0, 1) | st.floats(0, 360), height=st.floats(0, 1) | st.floats(0, 178),
    zoom=st.floats(0, 22),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_no_box_holds_more_cells_than_an_answer_may_have_features(west, south, width, height, zoom):
    box = BBox(west, south, min(180.0, west + width), min(90.0, south + height))
    grid = grid_for(box, zoom)
    around = grid.around(box)
    columns = round((around.east - around.west) / grid.width) + 1
    rows = round((around.north - around.south) / grid.height) + 1
    assert columns * rows <= MAX_FEATURES
    assert around.west <= box.west + 1e-9 and around.east >= box.east - 1e-9
    assert MAX_CELLS < MAX_FEATURES


def test_panning_does_not_shift_the_grid(make_issue):
    for number in range(12):
        make_issue(location=Point(-70.799 + number / 300, -33.51, srid=4326))
    issues = Issue.objects.public()

    def clusters(box: BBox) -> set[tuple]:
        body = json.loads(map_document(issues, box, 13))
        return {tuple(f["geometry"]["coordinates"]) for f in body["features"]}

    here = clusters(BBox(-70.795, -33.52, -70.765, -33.50))
    east = clusters(BBox(-70.785, -33.52, -70.755, -33.50))
    assert len(here & east) >= 2


@pytest.mark.parametrize(
    "query",
    [
        "bbox=nan,1,2,3",
        "bbox=-33.52,-70.80,-33.50,-70.74,1",
        "bbox=2,2,1,1",
        "zoom=-1",
        "zoom=23",
        "zoom=1.55",
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(client, town, query):
    answer = client.get(f"/api/v1/map/?{query}")
    assert answer.status_code == 400
    assert isinstance(answer.json()["detail"], str | list)


def test_the_orientation_layer_has_the_town_and_its_streets(client, town, gazetteer):
    answer = client.get("/api/v1/map/orientation.json")
    kinds = [feature["properties"]["kind"] for feature in answer.json()["features"]]
    assert sorted(kinds) == ["crossing", "square", "station", "street", "street", *["territory"] * 3]
    again = client.get("/api/v1/map/orientation.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_orientation_layer_of_an_empty_installation_is_empty(client, db):
    assert client.get("/api/v1/map/orientation.json").json()["features"] == []
