"""What the public addresses promise to any client: types, HEAD, 304, and no trace of what is hidden."""

from __future__ import annotations

import pytest

from issues.models import Issue
from rankings.publishing import publish

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {
    "/": "text/html",
    "/barrios/": "text/html",
    "/listas/": "text/html",
    "/listas/1/": "text/html",
    "/reuniones/": "text/html",
    "/como-priorizamos/": "text/html",
    "/indicadores/": "text/html",
    "/datos/": "text/html",
    "/healthz": "application/json",
    "/readyz": "text/plain",
    "/api/v1/": "application/json",
    "/api/v1/schema/": "application/vnd.oai.openapi",
    "/api/v1/docs/": "text/html",
    "/api/v1/territories/": "application/geo+json",
    "/api/v1/territories/at/?lat=-33.51&lng=-70.79": "application/json",
    "/api/v1/categories/": "application/json",
    "/api/v1/issues/": "application/geo+json",
    "/api/v1/issues/{reference}/": "application/json",
    "/api/v1/issues/{reference}/history/": "application/json",
    "/api/v1/gatherings/": "application/json",
    "/api/v1/lists/": "application/json",
    "/api/v1/lists/1/": "application/json",
    "/api/v1/handovers/": "application/json",
    "/api/v1/indicators/": "application/json",
    "/api/v1/map/?bbox=-70.9,-33.6,-70.7,-33.4&zoom=14": "application/geo+json",
    "/tiles/issues/14/4970/9812.mvt": "application/vnd.mapbox-vector-tile",
    "/tiles/territories/14/4970/9812.mvt": "application/vnd.mapbox-vector-tile",
    "/ogc/": "application/json",
    "/ogc/api": "application/vnd.oai.openapi+json;version=3.0",
    "/ogc/conformance": "application/json",
    "/ogc/collections": "application/json",
    "/ogc/collections/issues": "application/json",
    "/ogc/collections/issues/items": "application/geo+json",
    "/ogc/collections/issues/items/{id}": "application/geo+json",
    "/open311/v2/discovery.xml": "text/xml; charset=utf-8",
    "/open311/v2/services.json": "application/json; charset=utf-8",
    "/open311/v2/requests.xml": "text/xml; charset=utf-8",
    "/open311/v2/requests/{reference}.json": "application/json; charset=utf-8",
    "/feeds/problemas.atom": "application/atom+xml",
    "/reuniones.ics": "text/calendar",
    "/datos/problemas.csv": "text/csv",
    "/datos/problemas.xlsx": XLSX,
    "/datos/problemas.geojson": "application/geo+json",
    "/datos/problemas.gpkg": "application/geopackage+sqlite3",
    "/listas/1/lista.json": "application/json",
    "/listas/1/lista.csv": "text/csv",
}
# Their bytes hold the moment or the file's own clock, or they are sent as they are made.
NEVER_THE_SAME = (
    "/healthz",
    "/readyz",
    "/reuniones.ics",
    "/ogc/collections/issues/items",
    "/datos/problemas.xlsx",
    "/datos/problemas.gpkg",
    "/datos/problemas.csv",
    "/datos/problemas.geojson",
)
# Where one problem is found by its number or its id.
DOORS = [
    "/problemas/{reference}/",
    "/api/v1/issues/{reference}/",
    "/api/v1/issues/{id}/",
    "/api/v1/issues/{id}/history/",
    "/ogc/collections/issues/items/{id}",
    "/open311/v2/requests/{reference}.json",
    "/open311/v2/requests/{reference}.xml",
    "/seguir/problema/{reference}/",
]
NOBODY = {"reference": "M-2026-999999", "id": "01999999-0000-7000-8000-000000000000"}


@pytest.fixture
def shown(make_issue, cabinet) -> Issue:
    """A public problem in a published list."""
    issue = make_issue(title="Canario escondido", severity=1, reach=1, duration=1, vulnerability=1)
    publish("gestion", actor=cabinet)
    return issue


def address_of(pattern: str, issue: Issue) -> str:
    return pattern.format(reference=issue.reference, id=issue.pk)


@pytest.mark.parametrize("pattern", TYPES)
def test_it_says_what_it_is_and_head_says_the_same(client, shown, pattern):
    address = address_of(pattern, shown)
    answer, head = client.get(address), client.head(address)
    assert answer.status_code == head.status_code == 200
    assert answer["Content-Type"].startswith(TYPES[pattern])
    assert head["Content-Type"] == answer["Content-Type"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    # A stream that nobody reads keeps its cursor, and hangs whoever is fetching when it is collected.
    b"".join(answer)
    assert b"".join(head) == b""
    assert not answer.cookies


@pytest.mark.parametrize("pattern", [one for one in TYPES if one not in NEVER_THE_SAME])
def test_asked_again_it_sends_nothing_twice(client, shown, pattern):
    address = address_of(pattern, shown)
    again = client.get(address, headers={"If-None-Match": client.get(address)["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("pattern", DOORS)
def test_a_hidden_problem_answers_like_one_that_never_was(client, shown, pattern):
    assert client.get(address_of(pattern, shown)).status_code == 200
    Issue.objects.update(visibility="hidden", hidden_reason="motivo interno")
    hidden, never = client.get(address_of(pattern, shown)), client.get(pattern.format(**NOBODY))
    assert hidden.status_code == never.status_code == 404
    assert hidden.content == never.content


@pytest.mark.parametrize("pattern", [one for one in TYPES if "{" not in one and "/lists/1" not in one])
def test_a_hidden_title_is_nowhere(client, shown, pattern):
    Issue.objects.update(visibility="hidden", hidden_reason="motivo interno")
    content = b"".join(client.get(pattern))
    assert b"motivo interno" not in content
    # The file of a list is what its digest was made of: docs/privacy.md.
    assert b"Canario" not in content or pattern == "/listas/1/lista.json"
