"""Atom with GeoRSS for readers, vector tiles for other maps."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pyogrio
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from issues.models import Issue
from maps.tile_views import tile_box

ATOM = {"a": "http://www.w3.org/2005/Atom", "g": "http://www.georss.org/georss"}
# The tile of zoom 14 that holds Norte's point (-70.79, -33.51).
Z, X, Y = 14, 4970, 9812


def feed(client, query: str = "") -> ET.Element:
    answer = client.get(f"/feeds/problemas.atom{query}")
    assert answer.status_code == 200
    return ET.fromstring(answer.content)


def test_an_entry_tells_title_status_place_and_position(client, make_issue):
    made = make_issue(title="Hoyo & <grande>")
    entry = feed(client).find("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "Hoyo & <grande> (registrado)"
    assert entry.findtext("a:id", namespaces=ATOM) == f"urn:uuid:{made.pk}"
    assert entry.findtext("g:point", namespaces=ATOM).split() == ["-33.510000", "-70.790000"]
    assert entry.find("a:link", ATOM).get("href").endswith(f"/problemas/{made.reference}/")


@pytest.mark.parametrize(
    ("query", "count"), [("?territory=norte", 1), ("?territory=sur", 0), ("?department=operaciones", 1)]
)
def test_a_feed_has_a_filter(client, make_issue, query, count):
    make_issue(1)
    assert len(feed(client, query).findall("a:entry", ATOM)) == count


def test_a_feed_names_its_author(client, issue):
    assert feed(client).findtext("a:author/a:name", namespaces=ATOM).startswith("Mapa Barrial")


def test_the_summary_is_html_and_the_words_of_neighbours_are_text(client, make_issue):
    make_issue(description="Mide <1 m & <script>alert(1)</script>")
    summary = feed(client).find("a:entry/a:summary", ATOM)
    assert summary.get("type") == "html"
    assert "Mide &lt;1 m &amp; &lt;script&gt;" in summary.text


def test_letters_that_xml_cannot_hold_do_not_break_it(client, make_issue):
    make_issue(title="Hoyo \x0b\x1f raro")
    assert feed(client).find("a:entry", ATOM) is not None


def test_a_feed_has_no_hidden_problem(client, issue):
    Issue.objects.update(visibility="hidden", hidden_reason="motivo")
    assert feed(client).findall("a:entry", ATOM) == []


def test_a_feed_of_an_unknown_place_is_refused(client, town):
    assert client.get("/feeds/problemas.atom?territory=atlantis").status_code == 400


@pytest.mark.parametrize("count", [2, 20])
def test_a_feed_asks_once(client, make_issue, count):
    for _ in range(count):
        make_issue()
    with CaptureQueriesContext(connection) as asked:
        assert len(feed(client).findall("a:entry", ATOM)) == count
    assert len(asked) == 1


def read_tile(client, tmp_path, layer: str, query: str = "") -> list[dict]:
    answer = client.get(f"/tiles/{layer}/{Z}/{X}/{Y}.mvt{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    if not answer.content:
        return []
    path = tmp_path / f"{Y}.mvt"
    path.write_bytes(answer.content)
    return pyogrio.read_dataframe(path, read_geometry=False).to_dict("records")


def test_a_tile_is_read_by_gdal(client, issue, tmp_path):
    (feature,) = read_tile(client, tmp_path, "issues")
    assert feature["reference"] == issue.reference
    assert feature["status"] == "registered"
    assert feature["territory"] == 1


def test_a_tile_of_neighbourhoods(client, town, tmp_path):
    assert "Norte" in {row["name"] for row in read_tile(client, tmp_path, "territories")}


def test_a_tile_is_filtered_and_hides_what_is_hidden(client, issue, tmp_path):
    assert read_tile(client, tmp_path, "issues", "?territory=sur") == []
    Issue.objects.update(visibility="hidden", hidden_reason="motivo")
    assert read_tile(client, tmp_path, "issues") == []


@pytest.mark.parametrize("address", ["1/2/0", "1/0/2", "23/0/0", "22/9999999/0"])
def test_a_tile_outside_the_world_is_refused(client, db, address):
    assert client.get(f"/tiles/issues/{address}.mvt").status_code == 400


def test_the_box_of_the_world():
    box = tile_box(0, 0, 0)
    assert (box.west, box.east) == (-180, 180)
    assert (box.south, box.north) == pytest.approx((-85.0511, 85.0511), abs=1e-3)
