"""The desk as files: exactly what is filtered, in its order, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import zipfile

import pyogrio
import pytest
from django.http import QueryDict

from handovers.life.delivery import hand_over
from handovers.query.columns import DESK_COLUMNS, pdf_file
from handovers.query.filters import desk
from issues.query.files import TooMany


@pytest.fixture
def three(validated, publish, cabinet):
    """Three handed-over problems, one with a title that a spreadsheet would run."""
    issues = [validated(1, title="Uno"), validated(2, title='=HYPERLINK("x")'), validated(3, title="Tres")]
    hand_over(publish(*issues), cabinet)
    return issues


def lines(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_csv_holds_exactly_what_is_filtered_in_the_order_of_the_page(three, client, manager):
    client.force_login(manager)
    head, *rows = lines(client.get("/gestion/problemas.csv?territory=1,3&sort=-place"))
    assert head == [column.name for column in DESK_COLUMNS]
    assert [row[head.index("problema")] for row in rows] == ["Tres", "Uno"]
    assert [row[0] for row in rows] == ["3", "1"]


def test_no_cell_is_a_formula(three, client, manager):
    client.force_login(manager)
    head, row = lines(client.get("/gestion/problemas.csv?territory=2"))
    assert row[head.index("problema")] == '\'=HYPERLINK("x")'
    book = zipfile.ZipFile(io.BytesIO(client.get("/gestion/problemas.xlsx").content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "ySplit" in sheet
    assert "<cols>" in sheet


def test_the_geopackage_opens_with_its_points(three, client, manager, tmp_path):
    client.force_login(manager)
    path = tmp_path / "gestion.gpkg"
    path.write_bytes(client.get("/gestion/problemas.gpkg").content)
    meta, _index, shapes, _fields = pyogrio.raw.read(path)
    assert (len(shapes), meta["crs"], meta["geometry_type"]) == (3, "EPSG:4326", "Point")


def test_the_pdf_is_a_pdf_and_says_where_it_ends(three, client, manager):
    client.force_login(manager)
    assert client.get("/gestion/problemas.pdf").content.startswith(b"%PDF")


def test_a_list_too_long_for_paper_says_what_to_take_instead(three, manager):
    with pytest.raises(TooMany, match="XLSX"):
        pdf_file(desk(manager, QueryDict()), most=2)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "gpkg", "pdf"])
@pytest.mark.parametrize(
    ("person", "status"),
    [("facilitator", 403), ("manager", 200), ("other_manager", 200), ("cabinet", 200)],
)
def test_who_may_download(three, client, request, kind, person, status):
    client.force_login(request.getfixturevalue(person))
    assert client.get(f"/gestion/problemas.{kind}").status_code == status


def test_another_department_downloads_nothing_of_ours(three, client, other_manager):
    client.force_login(other_manager)
    assert len(lines(client.get("/gestion/problemas.csv?stage=all"))) == 1


@pytest.mark.parametrize("query", ["sort=password", "round=x", "area=1,2"])
def test_a_bad_address_gives_a_sentence_and_no_file(three, client, manager, query):
    client.force_login(manager)
    assert client.get(f"/gestion/problemas.csv?{query}").status_code == 400
