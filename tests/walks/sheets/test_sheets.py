"""The walk on paper: the sheet, and typing it in, all rows or none, once."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.gis.geos import Point
from django.test import Client

from issues.models import Issue
from territories.models import Place
from walks.sheets.sheets import COLUMNS, LINES, location_of, paper_of

pytestmark = pytest.mark.django_db
SHEET = "/caminata/hojas/1/"
TYPING = "/caminata/hojas/1/escribir/"


@pytest.fixture
def typist(town, pothole, facilitator) -> Client:
    Place.objects.create(
        kind="crossing",
        name="Uno con Dos",
        search_name="uno con dos",
        location=Point(-70.79, -33.51, srid=4326),
    )
    client = Client()
    client.force_login(facilitator)
    return client


def sheet_of(*rows: dict, key: uuid.UUID | None = None) -> dict:
    data = {"sheet": str(key or uuid.uuid4())}
    for number, row in enumerate(rows, 1):
        data |= {f"{name}-{number}": value for name, value in row.items()}
    return data


def row(**more) -> dict:
    return {"where": "C4", "title": "Hoyo", "category": "PAV-01", "severity": "2"} | more


def test_the_sheet_has_its_map_grid_rows_and_codes(typist):
    page = typist.get(SHEET).content.decode()
    assert page.count("<tr><th>") >= 12
    assert all(text in page for text in ("Norte", "PAV-01", "<svg", ">H</text>", ">10</text>"))


def test_rows_become_problems_where_the_grid_or_the_crossing_says(typist, norte):
    data = sheet_of(row(), row(where="uno con dós", title="En el cruce", category="pav-01"))
    assert typist.post(TYPING, data).status_code == 302
    cell, crossing = Issue.objects.order_by("title").values_list("location", flat=True).reverse()
    assert cell.equals_exact(location_of("C4", norte))
    assert (crossing.x, crossing.y) == (-70.79, -33.51)


def test_the_same_sheet_twice_registers_once(typist):
    data = sheet_of(row(), row(title="Otro"), key=uuid.uuid4())
    for _ in range(2):
        typist.post(TYPING, data)
    assert Issue.objects.count() == 2


WRONG = {
    "no such place": {"where": "Ninguna parte"},
    "no place": {"where": ""},
    "no category": {"category": ""},
    "level 7": {"reach": "7"},
    "level in other digits": {"reach": "٣"},
    "too long": {"title": "x" * 150},
    "cell that is none": {"where": "Z99"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_one_wrong_row_refuses_the_whole_sheet_with_its_number(typist, wrong):
    answer = typist.post(TYPING, sheet_of(row(), row(**wrong)))
    assert answer.status_code == 400
    assert "Fila 2" in answer.content.decode()
    assert Issue.objects.count() == 0


@pytest.mark.parametrize("key", ["", "x", "7"])
def test_a_sheet_without_its_number_is_a_404(typist, key):
    assert typist.post(TYPING, sheet_of(row()) | {"sheet": key}).status_code == 404


def test_every_cell_of_the_grid_that_touches_the_neighbourhood_gives_a_point_inside(norte):
    for column in range(COLUMNS):
        for line in range(LINES):
            assert norte.boundary.covers(location_of(f"{'ABCDEFGH'[column]}{line + 1}", norte))


def test_the_grid_covers_the_whole_neighbourhood(norte):
    frame, (west, south, east, north) = paper_of(norte), norte.boundary.extent
    assert frame.west < west < east < frame.east
    assert frame.south < south < north < frame.north


@pytest.mark.parametrize("page", [SHEET, TYPING, "/caminata/hojas/"])
@pytest.mark.parametrize(("who", "status"), [(None, 302), ("other_facilitator", 403), ("manager", 403)])
def test_sheets_are_for_those_who_walk_there(town, page, who, status, request):
    client = Client()
    if who:
        client.force_login(request.getfixturevalue(who))
    if page == "/caminata/hojas/" and who == "other_facilitator":
        status = 200
    assert client.get(page).status_code == status


def test_a_neighbourhood_that_does_not_exist_is_a_404(typist):
    assert typist.get("/caminata/hojas/999999999999/").status_code == 404
