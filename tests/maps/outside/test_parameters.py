"""A parameter that an address does not know: refused for programs, named and left aside on pages."""

from __future__ import annotations

import pytest
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from maps.outside.parameters import KNOWN, PAGES
from tests.docs.addresses import served

PATH_ARGUMENTS = {
    "api:category-detail": ["PAV-01"], "api:issue-detail": ["M-2026-000001"],
    "api:issue-history": ["M-2026-000001"], "api:gathering-detail": [1], "api:list-detail": [1],
    "api:handover-detail": [1], "boundaries-download": ["geojson"], "tile": ["issues", 12, 1240, 2457],
}  # fmt: skip
# What tablets ask with: an older one may say more than a newer site knows, and must not be turned away.
OF_TABLETS = "api:sync"


def address_of(name: str) -> str:
    return reverse(name, args=PATH_ARGUMENTS.get(name, []))


@pytest.mark.parametrize("name", KNOWN)
def test_an_address_for_programs_refuses_what_it_does_not_know(client, town, name):
    answer = client.get(address_of(name), {"categoria": "PAV-01"}, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert "«categoria»" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("name", "asked", "told"),
    [
        ("api:issue-list", "categroy", "¿Quisiste decir «category»?"),
        ("api:map", "bbxo", "¿Quisiste decir «bbox»?"),
        ("data-csv", "teritory", "¿Quisiste decir «territory»?"),
        ("api:search", "texto", "Los que hay: q."),
        ("api:indicators", "year", "No conocemos el parámetro «year»."),
    ],
)
def test_the_refusal_says_what_there_is_instead(client, town, name, asked, told):
    answer = client.get(address_of(name), {asked: "1"}, headers={"Accept": "application/json"})
    assert told in answer.json()["detail"]


def test_every_address_for_programs_is_in_the_table():
    prefixes = ("/api/v1/", "/datos/", "/feeds/p", "/tiles/")
    found = {name for route, name in served() if route.startswith(prefixes) and name not in PAGES}
    assert {name for name in found if not name.startswith(OF_TABLETS)} == set(KNOWN)


def test_the_description_of_the_interface_names_each_of_them(db):
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    operations = [operation for each in paths.values() for operation in each.values()]
    told = {each["name"] for operation in operations for each in operation.get("parameters", [])}
    api = set().union(*(names for name, names in KNOWN.items() if name.startswith("api:")))
    assert api - told == {"format", "lang"}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_what_it_leaves_aside_and_its_links_do_not_carry_it(client, town, name):
    answer = client.get(reverse(name), {"categoria": "PAV-01", "status": "open", "utm_source": "diario"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "No conocemos el filtro «categoria»" in text
    assert "categoria=" not in text
    assert "utm_source" not in text


@pytest.mark.parametrize("asked", [{}, {"status": "open"}, {"utm_source": "diario"}, {"fbclid": "x"}])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_knows_all_of_it_says_nothing(client, town, name, asked):
    assert "No conocemos" not in client.get(reverse(name), asked).content.decode()


def test_open311_ignores_it_as_its_standard_wants(client, town):
    assert client.get("/open311/v2/requests.json", {"categoria": "PAV-01"}).status_code == 200


def test_an_odd_name_stays_text(client, town):
    answer = client.get("/", {"<script>alert(1)</script>": "1"})
    assert "<script>alert(1)" not in answer.content.decode()
    assert "&lt;script&gt;alert(1)" in answer.content.decode()
