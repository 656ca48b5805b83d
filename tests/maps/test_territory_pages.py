"""Neighbourhoods side by side, and each on its own."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maps.neighbourhood import tallies, tally_of
from territories.models import Territory


def text(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_all_of_them_with_their_numbers(client, make_issue):
    make_issue(1)
    make_issue(1)
    page = text(client, "/barrios/")
    assert all(name in page for name in ("Norte", "Centro", "Sur"))
    assert "<strong>2</strong> abiertos" in page


def test_the_tallies_of_all_and_of_one_agree(make_issue, story):
    make_issue(1)
    make_issue(3)
    together = {tally.territory.name: tally.marks for tally in tallies()}
    alone = {row.name: tally_of(row).marks for row in Territory.objects.current()}
    assert together == alone
    assert together["Norte"]["handed"] == 1


def test_a_bar_is_whole(make_issue, story):
    make_issue(1)
    (tally,) = [tally for tally in tallies() if tally.total]
    assert sum(width for _mark, _start, width in tally.bars) == pytest.approx(100, abs=0.01)


def test_one_of_them_tells_its_problems_places_and_gatherings(client, story):
    page = text(client, "/barrios/norte/")
    for words in (
        "Hoyo frente al paradero",
        "Reunión 1",
        "lista 1",
        "10.000",
        "/feeds/problemas.atom?territory=norte",
    ):
        assert words in page, words


@pytest.mark.parametrize("slug", ["nada", "x" * 200, "1"])
def test_an_unknown_one_is_not_found(client, town, slug):
    assert client.get(f"/barrios/{slug}/").status_code == 404


@pytest.mark.parametrize(("count", "shown"), [(1, "menos de 3"), (2, "menos de 3"), (3, "<dd>3</dd>")])
def test_reserved_problems_are_numbers_only_and_small_numbers_are_not_told(
    client, make_issue, insecurity, count, shown
):
    for _ in range(count):
        make_issue(category=insecurity, title="Título reservado")
    page = text(client, "/barrios/norte/")
    assert "Título reservado" not in page
    assert shown in page.split("Solo en cifras")[1]


def test_never_public_problems_are_not_even_numbers(client, make_issue, insecurity):
    type(insecurity).objects.filter(pk=insecurity.pk).update(privacy="nunca_publico")
    insecurity.refresh_from_db()
    for _ in range(5):
        make_issue(category=insecurity)
    page = text(client, "/barrios/norte/")
    assert "Solo en cifras" not in page
    assert tally_of(Territory.objects.get(slug="norte")).total == 0


@pytest.mark.parametrize("count", [2, 20])
@pytest.mark.parametrize(("address", "most"), [("/barrios/", 3), ("/barrios/norte/", 13), ("/", 10)])
def test_the_number_of_problems_costs_no_query(client, make_issue, count, address, most):
    for number in range(count):
        make_issue(title=f"Hoyo {number}", severity=1, reach=1, duration=1, vulnerability=1)
    with CaptureQueriesContext(connection) as asked:
        assert f"Hoyo {count - 1}" in text(client, address) or address == "/barrios/"
    assert len(asked) <= most


@pytest.mark.parametrize("address", ["/", "/barrios/", "/datos/", "/feeds/", "/api/v1/docs/"])
def test_an_empty_installation_has_pages(client, db, address):
    assert client.get(address).status_code == 200
