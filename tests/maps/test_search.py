"""One box finds streets, crossings, neighbourhoods, known places and references."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from issues.models import Issue


def found(client, text: str) -> list[tuple[str, str]]:
    answer = client.get("/api/v1/search/", {"q": text})
    assert answer.status_code == 200
    return [(one["kind"], one["name"]) for one in answer.json()]


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("pajaritos con vespucio", "crossing", "Av. Américo Vespucio con Av. Los Pajaritos"),
        ("VESPUCIO / PAJARITOS", "crossing", "Av. Américo Vespucio con Av. Los Pajaritos"),
        ("pajaritos esquina americo vespucio", "crossing", "Av. Américo Vespucio con Av. Los Pajaritos"),
        ("avenida pajaritos", "street", "Av. Los Pajaritos"),
        ("pajarito", "street", "Av. Los Pajaritos"),
        ("las parcelas", "station", "Metro Las Parcelas"),
        ("plasa maipu", "square", "Plaza de Maipú"),
        ("PI-12", "bus_stop", "Paradero PI-12"),
        ("norte", "territory", "Norte"),
    ],
)
def test_what_people_type_finds_the_place(client, town, gazetteer, text, kind, name):
    assert (kind, name) in found(client, text)[:3]


def test_a_reference_is_found_whole_or_by_its_number(client, issue):
    name = f"{issue.reference} · Hoyo grande"
    assert found(client, issue.reference.lower()) == [("issue", name)]
    assert found(client, str(int(issue.reference[-6:])))[0] == ("issue", name)


def test_a_hidden_problem_is_not_found(client, issue):
    Issue.objects.update(visibility="hidden", hidden_reason="motivo")
    assert found(client, issue.reference) == []


@pytest.mark.parametrize("text", ["", " ", "x", "%", "''", "zzzzqqq", "💩💩"])
def test_nothing_is_an_empty_answer(client, town, gazetteer, text):
    assert found(client, text) == []


@pytest.mark.parametrize("text", ["a" * 81, "a\x00b"])
def test_unusable_text_is_refused(client, db, text):
    assert client.get("/api/v1/search/", {"q": text}).status_code == 400


def test_a_territory_comes_with_its_page_and_its_box(client, town):
    (body,) = client.get("/api/v1/search/", {"q": "norte"}).json()
    assert body["url"] == "/barrios/norte/"
    assert body["bbox"] == pytest.approx([-70.80, -33.52, -70.78, -33.50])


def test_searching_asks_four_times_at_most(client, town, gazetteer, issue):
    with CaptureQueriesContext(connection) as asked:
        found(client, "pajaritos 12")
    assert len(asked) <= 4
