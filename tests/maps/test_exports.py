"""Files hold exactly what is filtered, and no cell is ever run by a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pyogrio
import pytest

from issues.models import Issue
from issues.query.files import COLUMNS, headings

KINDS = ("csv", "geojson", "xlsx", "gpkg")
FORMULAS = ("=1+1", "+56 9 1234", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "＋1", "－1", "＠A1", "  =1")


def fetched(client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def references(client, kind: str, query: str, tmp_path) -> list[str]:
    body = fetched(client, f"/datos/problemas.{kind}{query}")
    if kind == "csv":
        return [row["folio"] for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")]
    if kind == "geojson":
        return [feature["properties"]["reference"] for feature in json.loads(body)["features"]]
    if kind == "xlsx":
        book = zipfile.ZipFile(io.BytesIO(body))
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        return [part.split("<")[0] for part in sheet.split("<t>")[1:] if part.startswith("M-")]
    path = tmp_path / "p.gpkg"
    path.write_bytes(body)
    return list(pyogrio.read_dataframe(path)["folio"])


@pytest.mark.parametrize("query", ["", "?territory=norte", "?q=nada", "?status=open&territory=sur"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_file_holds_what_the_page_counts(client, make_issue, tmp_path, kind, query):
    make_issue(1)
    make_issue(3)
    make_issue(3)
    found = references(client, kind, query, tmp_path)
    text = client.get(f"/datos/{query}").content.decode()
    count = len(found)
    assert f"<strong>{count} problema" in text
    assert len(set(found)) == count == {"": 3, "?territory=norte": 1, "?q=nada": 0}.get(query, 2)


@pytest.mark.parametrize("visibility", ["draft", "staff", "hidden"])
@pytest.mark.parametrize("kind", KINDS)
def test_open_data_are_public_even_for_staff(client, issue, cabinet, tmp_path, kind, visibility):
    Issue.objects.update(visibility=visibility, hidden_reason="motivo")
    client.force_login(cabinet)
    assert references(client, kind, "", tmp_path) == []


def test_csv_for_people(client, make_issue):
    make_issue(title='Ñandú; «comillas» "dobles"', severity=2, reach=2, duration=1, vulnerability=1)
    body = fetched(client, "/datos/problemas.csv")
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\r\n") == 2 == body.count(b"\n")
    row = next(csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert list(row) == headings(COLUMNS)
    assert row["problema"] == 'Ñandú; «comillas» "dobles"'
    assert (row["latitud"], row["longitud"], row["puntaje"]) == ("-33,51", "-70,79", "56,7")
    assert row["informado"][2] == row["informado"][5] == "-"


def test_csv_for_programs(client, make_issue):
    make_issue(severity=2, reach=2, duration=1, vulnerability=1)
    body = fetched(client, "/datos/problemas.csv?dialect=rfc4180")
    assert not body.startswith(b"\xef\xbb\xbf")
    row = next(csv.DictReader(io.StringIO(body.decode())))
    assert (row["latitud"], row["longitud"], row["puntaje"]) == ("-33.51", "-70.79", "56.7")
    assert row["informado"][4] == row["informado"][7] == "-"


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("dialect", ["", "rfc4180"])
def test_no_cell_of_a_csv_is_a_formula(client, make_issue, formula, dialect):
    made = make_issue(description=formula, address=formula)
    Issue.objects.filter(pk=made.pk).update(description=formula, address=formula)
    body = fetched(client, f"/datos/problemas.csv?dialect={dialect}").decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(body, newline=""), delimiter="," if dialect else ";"))
    assert row["descripcion"] == row["lugar"] == f"'{formula}"


def test_no_cell_of_a_workbook_is_a_formula(client, make_issue):
    for formula in FORMULAS:
        make_issue(title=f"Hoyo {formula}", description=formula)
    book = zipfile.ZipFile(io.BytesIO(fetched(client, "/datos/problemas.xlsx")))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count("<v>-70.79") == len(FORMULAS)


def test_geojson_is_longitude_first(client, issue):
    body = json.loads(fetched(client, "/datos/problemas.geojson"))
    assert body["features"][0]["geometry"]["coordinates"] == [-70.79, -33.51]
    assert "crs" not in body


def test_a_geopackage_is_read_by_gdal(client, issue, tmp_path):
    path = tmp_path / "p.gpkg"
    path.write_bytes(fetched(client, "/datos/problemas.gpkg"))
    frame = pyogrio.read_dataframe(path)
    assert frame.crs.to_epsg() == 4326
    assert (frame.geometry[0].x, frame.geometry[0].y) == pytest.approx((-70.79, -33.51))


def test_the_neighbourhoods_as_geojson(client, town, tmp_path):
    path = tmp_path / "b.geojson"
    path.write_bytes(fetched(client, "/datos/barrios.geojson"))
    assert list(pyogrio.read_dataframe(path)["name"]) == ["Norte", "Centro", "Sur"]


@pytest.mark.parametrize("query", ["?dialect=excel", "?territory=atlantis", "?bbox=nan,1,2,3"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_read_is_refused(client, town, kind, query):
    assert client.get(f"/datos/problemas.{kind}{query}").status_code == 400
