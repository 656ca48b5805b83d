"""OGC API – Features, core: what QGIS and GDAL ask, and what they may not ask."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from drf_spectacular.validation import validate_schema

from issues.models import Issue

ITEMS = "/ogc/collections/issues/items"


def document(client, address: str) -> dict:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_every_link_of_the_landing_page_leads_somewhere(client, issue):
    pages = [document(client, "/ogc/"), document(client, "/ogc/collections"), document(client, ITEMS)]
    links = [link["href"] for page in pages for link in page["links"]]
    links += [link["href"] for one in pages[1]["collections"] for link in one["links"]]
    assert {client.get(link).status_code for link in links} == {200}


def test_it_says_what_it_conforms_to(client, db):
    assert {uri.rsplit("/", 1)[1] for uri in document(client, "/ogc/conformance")["conformsTo"]} == {
        "core", "oas30", "geojson",
    }  # fmt: skip


def test_its_openapi_document_is_valid(client, db):
    validate_schema(document(client, "/ogc/api"))


def test_pages_by_link_hold_every_problem_once(client, make_issue):
    made = {str(make_issue().pk) for _ in range(7)}
    seen, address = [], f"{ITEMS}?limit=3"
    while address:
        page = document(client, address)
        seen += [feature["id"] for feature in page["features"]]
        assert page["numberReturned"] == len(page["features"])
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert sorted(seen) == sorted(made)


def test_neighbourhoods_are_paged_too(client, town):
    page = document(client, "/ogc/collections/territories/items?limit=2")
    (following,) = [link["href"] for link in page["links"] if link["rel"] == "next"]
    assert [feature["id"] for feature in page["features"]] == [1, 2]
    assert [feature["id"] for feature in document(client, following)["features"]] == [3]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("bbox=-70.80,-33.52,-70.781,-33.50", 1),
        ("bbox=-70.80,-33.52,0,-70.781,-33.50,500", 1),
        ("datetime=2000-01-01/..", 2),
        ("datetime=../2000-01-01", 0),
        ("datetime=2000-01-01T00:00:00Z/2000-02-01T00:00:00Z", 0),
        ("limit=100000", 2),
        ("limit=99999999999999999999", 2),
        ("bbox=177.0,65.0,-177.0,70.0", 0),
        ("bbox=170,-90,-60,90", 2),
        ("bbox=-70,-90,-71,90", 0),
        ("datetime=2026-01-01t00:00:00z/..", 2),
        ("f=json", 2),
    ],
)
def test_questions(client, make_issue, query, count):
    make_issue(1)
    make_issue(3)
    assert document(client, f"{ITEMS}?{query}")["numberReturned"] == count


REFUSED = (
    "limit=0", "limit=-1", "limit=x", "limit=1.5", "bbox=1,2,3", "bbox=nan,1,2,3", "bbox=2,2,1,1",
    "bbox=170,1,-170,nan", "bbox=170,2,-170,1", "datetime=ayer", "datetime=../..", "datetime=a/b/c",
    "datetime=2026-06-01/2026-01-01", "datetime=2026-01-01T00:00:00Z/ayer", "cursor=zzz", "f=html",
    "color=red",
)  # fmt: skip


@pytest.mark.parametrize("query", REFUSED)
@pytest.mark.parametrize("name", ["issues", "territories"])
def test_what_cannot_be_read_is_refused(client, town, name, query):
    answer = client.get(f"/ogc/collections/{name}/items?{query}")
    assert answer.status_code == 400
    assert answer.json()["description"]


def test_a_moment_holds_what_was_reported_at_that_very_moment(client, issue):
    moment = document(client, ITEMS)["features"][0]["properties"]["reported_at"].replace("+", "%2B")
    for asked in (moment, f"{moment}/..", f"../{moment}", f"{moment}/{moment}"):
        assert document(client, f"{ITEMS}?datetime={asked}")["numberReturned"] == 1


def test_the_description_tells_how_lists_are_written(client, db):
    paths = document(client, "/ogc/api")["paths"]
    page = paths["/collections/{collectionId}/items"]["get"]["parameters"]
    sent = {one["name"]: (one["style"], one["explode"]) for one in page if one["in"] == "query"}
    assert sent == dict.fromkeys(("limit", "bbox", "datetime", "cursor"), ("form", False))


@pytest.mark.parametrize("identifier", ["nada", "0", "9" * 20, "ffffffff-ffff-ffff-ffff-ffffffffffff"])
@pytest.mark.parametrize("name", ["issues", "territories", "nada"])
def test_what_is_not_there_is_not_found(client, town, name, identifier):
    assert client.get(f"/ogc/collections/{name}/items/{identifier}").status_code == 404


def test_one_feature_has_its_links(client, issue):
    page = document(client, f"{ITEMS}/{issue.pk}")
    assert page["properties"]["reference"] == issue.reference
    assert {link["rel"] for link in page["links"]} == {"self", "collection"}


def test_a_hidden_problem_is_neither_listed_nor_found(client, issue):
    Issue.objects.update(visibility="hidden", hidden_reason="motivo")
    assert document(client, ITEMS)["features"] == []
    assert client.get(f"{ITEMS}/{issue.pk}").status_code == 404


READ = """
import json, sys
import pyogrio
frame = pyogrio.read_dataframe(sys.argv[1], layer=sys.argv[2], PAGE_SIZE=2)
rows = frame.drop(columns="geometry").to_dict("records")
print(json.dumps({"rows": rows, "first": frame.geometry[0].geom_type}, default=str))
"""


def read_by_gdal(root: str, layer: str) -> dict:
    """A GDAL of its own: in this process it would keep the server's thread from answering."""
    command = [sys.executable, "-c", READ, f"OAPIF:{root}/ogc/", layer]
    read = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(read.stdout)


@pytest.mark.django_db(transaction=True)
def test_gdal_reads_both_collections(live_server, make_issue):
    references = {make_issue().reference for _ in range(3)}
    issues = read_by_gdal(live_server.url, "issues")
    assert {row["reference"] for row in issues["rows"]} == references
    assert issues["first"] == "Point"
    territories = read_by_gdal(live_server.url, "territories")
    assert [row["name"] for row in territories["rows"]] == ["Norte", "Centro", "Sur"]
