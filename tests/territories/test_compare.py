"""The page of all neighbourhoods compares problems, people and density, in words and on the map."""

from __future__ import annotations

import pytest

from territories.models import Territory


@pytest.mark.parametrize(("population", "density"), [(10_000, 2_500.0), (0, 0.0), (None, None)])
def test_density_is_people_per_square_kilometre(norte, population, density):
    norte.population = population
    assert norte.density_per_km2 == density


def test_the_page_tells_people_and_density_and_carries_them_for_the_map(client, town):
    page = client.get("/barrios/").content.decode()
    assert "10.000 habitantes · 2.500 por km²" in page
    assert 'data-territory="1" data-name="Norte" data-open="0"' in page
    assert 'data-population="10000" data-density="2500.0"' in page
    assert 'data-url="/api/v1/territories/"' in page


def test_a_neighbourhood_without_population_says_nothing_of_it(client, town):
    Territory.objects.update(population=None)
    page = client.get("/barrios/").content.decode()
    assert "habitantes ·" not in page
    assert 'data-population="" data-density=""' in page
