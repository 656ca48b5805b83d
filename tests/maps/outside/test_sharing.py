"""Programs and pages of other sites read what is public; nobody sends anything to what is only read."""

from __future__ import annotations

import pytest
from django.test import Client

from rankings.publishing import publish

SHARED = [
    "/api/v1/issues/", "/api/v1/territories/", "/api/v1/map/?bbox=-70.9,-33.6,-70.7,-33.4&zoom=12",
    "/api/v1/nada/", "/ogc/collections/issues/items", "/ogc/collections/issues/items?nada=1",
    "/tiles/issues/12/1242/2454.mvt", "/feeds/problemas.atom", "/datos/problemas.csv",
    "/datos/problemas.geojson", "/datos/limites.geojson", "/reuniones.ics", "/open311/v2/services.json",
    "/listas/1/lista.json", "/listas/1/lista.csv",
]  # fmt: skip
CLOSED = ["/", "/entrar/", "/gestion/", "/listas/", "/api/v1/sync/session/", "/caminata/"]
ONLY_READ = [
    "/healthz", "/readyz", "/ogc/", "/ogc/collections/issues/items", "/tiles/issues/12/1242/2454.mvt",
    "/feeds/problemas.atom", "/datos/problemas.csv", "/datos/", "/reuniones.ics", "/listas/1/lista.json",
    "/api/v1/issues/", "/api/v1/map/",
]  # fmt: skip


@pytest.fixture
def published(make_issue, cabinet):
    """A town with one published list."""
    make_issue(severity=1, reach=1, duration=1, vulnerability=1)
    return publish("gestion", actor=cabinet)


@pytest.mark.parametrize("address", SHARED)
def test_pages_of_other_sites_may_read_it(client, published, address):
    answer = client.get(address, headers={"Origin": "https://mapas.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies
    if "ETag" in answer:
        again = client.get(address, headers={"If-None-Match": answer["ETag"]})
        assert again["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", SHARED)
def test_a_browser_that_asks_first_is_told_how(client, published, address):
    answer = client.options(address, headers={"Access-Control-Request-Method": "GET", "Origin": "https://x"})
    assert answer.status_code == 204
    assert "GET" in answer["Access-Control-Allow-Methods"]
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("address", CLOSED)
def test_pages_and_the_outbox_are_not_shared(client, town, address):
    asked = {"Access-Control-Request-Method": "GET", "Origin": "https://x"}
    for answer in (client.get(address), client.options(address, headers=asked)):
        assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ONLY_READ)
def test_sending_to_what_is_only_read_is_a_405_and_no_expired_form(published, address, method):
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, method)(address, headers={"Accept": "application/json"})
    assert (answer.status_code, list(answer.json())) == (405, ["detail"])
    assert {"GET", "HEAD"} <= set(answer["Allow"].split(", "))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson", "gpkg"])
@pytest.mark.parametrize(
    ("accept", "content_type"),
    [("*/*", "application/json"), ("", "application/json"), ("text/html,*/*;q=0.8", "text/html")],
)
def test_a_file_that_cannot_be_made_is_told_to_programs_in_json_and_to_people_as_a_page(
    client, town, kind, accept, content_type
):
    headers = {"Accept": accept} if accept else {}
    answer = client.get(f"/datos/problemas.{kind}?status=nada", headers=headers)
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith(content_type)


@pytest.mark.parametrize(
    "address",
    ["/api/v1/issues/nada/", "/api/v1/issues/M-2026-999999/history/", "/api/v1/categories/NADA/",
     "/api/v1/gatherings/01999999-0000-7000-8000-000000000000/"],
)  # fmt: skip
def test_what_is_not_there_is_told_in_one_spanish_sentence(client, town, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("No existe o ya no es pública.")
