"""The files of a list: canonical JSON, CSV for people and programs, XLSX."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from issues.models import Issue, Visibility
from issues.query.files import harmless
from rankings import verify
from rankings.asking import NOBODY
from rankings.printing import context_of
from rankings.publishing import document_of, propose_move, publish
from rankings.rules.canonical import canonical_text
from rankings.rules.listing import Move, compile_list
from rankings.spreadsheets import COLUMNS, as_csv, as_xlsx
from tests.rankings.imaginary import HEAD, fixed_queues

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1"]


def run(*files):
    command = [sys.executable, "-I", str(Path(verify.__file__)), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)


def saved(folder, name, response):
    path = folder / name
    path.write_bytes(response.content)
    return path


@pytest.fixture
def moved_list(example, cabinet):
    propose_move(example[2], 1, "Cable bajo frente a la escuela", asked=NOBODY, actor=cabinet)
    return publish("gestion", actor=cabinet)


def test_the_json_is_the_published_document_byte_for_byte(client, published, tmp_path):
    response = client.get("/listas/1/lista.json")
    assert response.content == canonical_text(document_of(published)).encode()
    assert response["Content-Type"] == "application/json"
    assert run(saved(tmp_path, "lista.json", response)).returncode == 0


@pytest.mark.parametrize("name", ["lista.json", "lista.csv", "lista.xlsx"])
def test_a_file_is_answered_once_and_then_by_its_tag(client, published, name):
    first = client.get(f"/listas/1/{name}")
    again = client.get(f"/listas/1/{name}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("query", ["", "?dialect=rfc4180"])
def test_the_csv_holds_for_the_stand_alone_verifier_alone_and_beside_the_json(
    client, moved_list, tmp_path, query
):
    table = saved(tmp_path, "lista.csv", client.get(f"/listas/1/lista.csv{query}"))
    document = saved(tmp_path, "lista.json", client.get("/listas/1/lista.json"))
    alone, both = run(table), run(document, table)
    assert alone.returncode == 0, alone.stdout
    assert both.returncode == 0, both.stdout


def test_the_csv_for_people_opens_in_their_spreadsheet(client, published):
    response = client.get("/listas/1/lista.csv")
    text = response.content.decode("utf-8-sig")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert text.count("\r\n") == 6
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1][:8] == ["1", "1", "1", "1", "3", "Sur", "1", rows[1][7]]
    assert dict(zip(rows[0], rows[1], strict=True))["puntaje"] == "73,3"


def test_the_csv_for_programs_follows_rfc_4180(client, published):
    text = client.get("/listas/1/lista.csv?dialect=rfc4180").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["problema"] for row in rows] == ["Sur 1", "Norte 1", "Centro 1", "Norte 2", "Norte 3"]


def test_another_dialect_gets_one_sentence(client, published):
    assert client.get("/listas/1/lista.csv?dialect=excel").status_code == 400


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_never_run(text):
    assert harmless(text).startswith("'")
    assert harmless("Poste −1") == "Poste −1"


def test_titles_that_look_like_formulas_stay_text_in_both_tables():
    queues = fixed_queues()
    first = queues[0].candidates[0]._replace(title='=HYPERLINK("http://x")', category="+1")
    queues[0] = queues[0]._replace(candidates=[first, *queues[0].candidates[1:]])
    document = compile_list(
        HEAD, queues, [Move(first.reference, 1, "=1+1", "@oficina", "organisation", "=2+2")]
    )
    assert "'=HYPERLINK" in as_csv(document)
    sheet = xml_of(as_xlsx(document), "xl/worksheets/sheet1.xml")
    assert sheet.findall(".//{*}row") != []
    assert sheet.findall(".//{*}f") == []
    texts = [node.text for node in xml_of(as_xlsx(document), "xl/sharedStrings.xml").findall(".//{*}t")]
    assert '=HYPERLINK("http://x")' in texts


def test_the_workbook_has_a_row_for_each_place(client, published):
    content = client.get("/listas/1/lista.xlsx").content
    assert len(xml_of(content, "xl/worksheets/sheet1.xml").findall(".//{*}row")) == 6


def xml_of(workbook, name):
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(workbook)).read(name))


@pytest.mark.parametrize(
    ("find", "put", "sentence"),
    [
        ("\r\n1;1;1", "\r\n2;1;1", "está en la fila 1 y dice lugar 2: fue movido"),
        ("\r\n1;1;1;1", "\r\n1;1;2;1", "tiene ronda 2 y según la regla le toca 1"),
        (";220;", ";10;", "según la regla le toca"),
        ("\r\n1;1;1;1", "\r\n1;1;uno;1", "la columna «ronda» no es un número entero"),
        ("referencia", "folio", "falta la columna «referencia»"),
    ],
)
def test_a_changed_table_is_found(published, tmp_path, find, put, sentence):
    path = tmp_path / "lista.csv"
    path.write_text(as_csv(document_of(published)).replace(find, put, 1), encoding="utf-8", newline="")
    result = run(path)
    assert result.returncode == 1
    assert sentence in result.stdout


def test_two_rows_changed_for_each_other_are_found(published, tmp_path):
    lines = as_csv(document_of(published)).split("\r\n")
    lines[1], lines[2] = lines[2], lines[1]
    path = tmp_path / "lista.csv"
    path.write_text("\r\n".join(lines), encoding="utf-8", newline="")
    assert "fue movido" in run(path).stdout


def test_a_table_of_another_list_does_not_go_with_the_json(published, tmp_path):
    document = tmp_path / "lista.json"
    document.write_text(canonical_text(document_of(published)), encoding="utf-8")
    table = tmp_path / "lista.csv"
    table.write_text(as_csv(compile_list(HEAD, fixed_queues())), encoding="utf-8", newline="")
    result = run(document, table)
    assert result.returncode == 1
    assert "El CSV y lista.json no dicen lo mismo" in result.stdout


def test_no_file_tells_who_reported_or_who_published(client, example, cabinet):
    publish("gestion", actor=cabinet)
    for name in ("lista.json", "lista.csv"):
        text = client.get(f"/listas/1/{name}").content.decode()
        assert cabinet.username not in json.dumps(text).replace("Alcaldía", "")
        assert "@example.cl" not in text


def test_the_list_on_paper_is_a_tagged_pdf(client, moved_list):
    response = client.get("/listas/1/lista.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    text = opened(response.content)
    assert b"/MarkInfo" in text
    assert b"pdfuaid" in text
    assert b"/StructTreeRoot" in text


def opened(pdf):
    """A PDF with its compressed parts opened."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompressobj().decompress(each) for each in streams if each[:1] == b"x")


def test_a_list_too_long_for_paper_is_refused_with_one_sentence(client, make_issue, cabinet):
    for _ in range(301):
        make_issue()
    publish("gestion", actor=cabinet)
    assert client.get("/listas/1/lista.pdf").status_code == 400
    assert "lista.pdf" not in client.get("/listas/1/").content.decode()


def test_what_was_hidden_since_stays_out_of_the_tables(client, published):
    first = client.get("/listas/1/lista.csv")
    issue = published.places.get(place=1).issue
    issue.visibility, issue.hidden_reason = Visibility.HIDDEN, "Datos de una persona"
    issue.save()
    again = client.get("/listas/1/lista.csv", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    assert "Sur 1" not in again.content.decode()
    assert "Norte 1" in again.content.decode()
    assert ";oculto;" in again.content.decode()


@pytest.mark.parametrize("name", ["lista.json", "lista.csv"])
def test_a_hidden_title_leaves_the_file_and_the_digest_holds(client, published, tmp_path, name):
    issue = published.places.get(place=1).issue
    Issue.objects.filter(pk=issue.pk).update(
        visibility=Visibility.HIDDEN, hidden_reason="Datos de una persona"
    )
    answer = client.get(f"/listas/1/{name}")
    assert "Sur 1" not in answer.content.decode()
    told = run(saved(tmp_path, name, answer))
    assert told.returncode == 0, told.stdout
    assert f"oculto: el título de {issue.reference}." in told.stdout
    Issue.objects.filter(pk=issue.pk).update(visibility=Visibility.PUBLIC, hidden_reason="")
    assert "Sur 1" in client.get(f"/listas/1/{name}").content.decode()


def test_the_reason_of_a_move_goes_with_its_hidden_problem(client, moved_list):
    pages = ("", "lista.json", "lista.csv")
    assert all("Cable bajo" in client.get(f"/listas/1/{page}").content.decode() for page in pages)
    Issue.objects.filter(places__ranked_list=moved_list, places__place=1).update(
        visibility=Visibility.HIDDEN, hidden_reason="Datos de una persona"
    )
    assert not any("Cable bajo" in client.get(f"/listas/1/{page}").content.decode() for page in pages)
    assert "Cable bajo" not in client.get("/api/v1/lists/1/").content.decode()


@pytest.mark.parametrize("find", ["Sur 1", "Cable bajo"])
def test_a_text_changed_in_the_table_is_found(moved_list, tmp_path, find):
    path = tmp_path / "lista.csv"
    text = as_csv(document_of(moved_list)).replace(find, "Otro", 1)
    path.write_text(text, encoding="utf-8", newline="")
    told = run(path)
    assert told.returncode == 1
    assert "no es el de su huella" in told.stdout


def test_another_hidden_problem_is_another_paper(client, published):
    def paper(hidden: int) -> bytes:
        for place in published.places.select_related("issue"):
            place.issue.visibility = Visibility.HIDDEN if place.place == hidden else Visibility.PUBLIC
            place.issue.hidden_reason = "Datos de una persona" if place.place == hidden else ""
            place.issue.save()
        return client.get("/listas/1/lista.pdf").content

    assert paper(1) != paper(2)


def test_the_paper_says_beside_a_moved_problem_where_the_rule_puts_it(moved_list):
    document = document_of(moved_list)
    page = render_to_string("rankings/print.html", context_of(document, set()))
    rule_place = document["items"][0]["rule_place"]
    assert f"Según la regla le toca el lugar {rule_place}; está en el 1" in page
