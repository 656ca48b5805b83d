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


@pytest.mark.parametrize("stored", ["Bernardo O'Higgins", "Bernardo O’Higgins", "BERNARDO O´HIGGINS"])
@pytest.mark.parametrize("typed", ["o’higgins", "O‘Higgins", "o'higgins", "ohiggins", "bernardo ohiggins"])
def test_an_apostrophe_is_found_however_it_is_typed(client, make_issue, stored, typed):
    make_issue(title="Vereda rota", address=stored)
    assert "Vereda rota" in client.get("/", {"q": typed}).content.decode()


@pytest.mark.parametrize("stored", ["Señal caída", "Sen\u0303al cai\u0301da", "SEÑAL CAÍDA"])
@pytest.mark.parametrize("typed", ["señal caída", "senal caida", "sen\u0303al", "SEÑAL", "cai\u0301da señal"])
def test_accents_are_found_however_they_are_composed(client, issue, stored, typed):
    # As it may stand since before there was a gate.
    Issue.objects.filter(pk=issue.pk).update(title=stored)
    assert issue.reference in client.get("/", {"q": typed}).content.decode()


@pytest.mark.parametrize("typed", ["sur-oriente", "sur oriente", "Sur–Oriente", "SUR — ORIENTE"])
def test_a_dash_parts_words_like_a_blank(client, make_issue, typed):
    found = make_issue(title="Sur–oriente sin luz")
    assert found.reference in client.get("/", {"q": typed}).content.decode()


def test_a_reference_is_found_whole(client, make_issue):
    first, other = make_issue(), make_issue()
    page = client.get("/", {"q": first.reference}).content.decode()
    assert f"/problemas/{first.reference}/" in page and f"/problemas/{other.reference}/" not in page


def meant(client, text: str) -> list[str]:
    """What the list offers as places, by the address each leads to."""
    return [place["address"] for place in client.get("/", {"q": text}).context["listing"].places]


@pytest.mark.parametrize("text", ["norte", "NORTE", " Norte "])
def test_the_name_of_a_neighbourhood_leads_to_it_without_scripts(client, town, issue, text):
    (address,) = meant(client, text)
    assert client.get(address).context["chosen"]["territory"] == ["1"]
    assert f'href="{address}"' in client.get("/", {"q": text}).content.decode()


@pytest.mark.parametrize(
    "text", ["pajaritos con vespucio", "Vespucio con Pajaritos", "vespucio esquina pajaritos"]
)
def test_a_crossing_in_either_order_leads_to_its_corner(client, town, gazetteer, text):
    found = client.get(meant(client, text)[0])
    assert found.status_code == 200
    assert len(found.context["chosen"]["bbox"]) == 1


def test_a_folio_leads_to_its_problem(client, issue):
    page = client.get("/", {"q": issue.reference.lower()}).content.decode()
    assert f'href="/problemas/{issue.reference}/"' in page


def test_words_that_found_problems_name_only_places_called_exactly_that(client, town, issue):
    assert meant(client, "hoyo") == []
    Issue.objects.update(title="Hoyo en el norte")
    assert meant(client, "hoyo norte") == []
    assert len(meant(client, "norte")) == 1


@pytest.mark.parametrize("text", ["", " ", "x", "a" * 81, "zzzzqqq", "<b>"])
def test_words_without_a_place_offer_none(client, town, gazetteer, text):
    assert meant(client, text) == []


def test_a_hidden_problem_is_not_offered(client, issue):
    Issue.objects.update(visibility="hidden", hidden_reason="motivo")
    assert meant(client, issue.reference) == []
