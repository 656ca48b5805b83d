"""Where the demo's problems lie: inside their neighbourhood, as many as people live there."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from demo.spots import Neighbourhood, share_out, spots_in


def hood(population: int, polygon: shapely.Geometry | None = None, streets=()) -> Neighbourhood:
    shape = polygon or shapely.box(-70.80, -33.52, -70.78, -33.50)
    return Neighbourhood(1, 1, population, shape, list(streets), ["Uno"], ["villa Uno"])


@given(
    total=st.integers(0, 5000),
    people=st.lists(st.integers(1, 90_000), min_size=1, max_size=21),
    least=st.integers(0, 10),
)
def test_the_parts_make_the_whole_and_nobody_gets_less_than_the_least(total, people, least):
    parts = share_out(total, [hood(each) for each in people], least)
    assert sum(parts) == total
    assert min(parts) >= min(least, total // (2 * len(people)))


def test_twice_the_people_have_twice_the_problems():
    assert share_out(900, [hood(10_000), hood(20_000), hood(60_000)]) == [100, 200, 600]


@pytest.mark.parametrize("streets", [[], [shapely.LineString([(-70.80, -33.51), (-70.78, -33.51)])]])
def test_every_point_lies_strictly_inside(streets):
    with_a_hole = shapely.box(-70.80, -33.52, -70.78, -33.50).difference(
        shapely.box(-70.793, -33.513, -70.787, -33.507)
    )
    found = spots_in(hood(1, with_a_hole, streets), 400, np.random.default_rng(5))
    assert len(found) == 400
    assert shapely.contains_xy(with_a_hole, found[:, 0], found[:, 1]).all()


def test_most_problems_are_told_near_a_street():
    street = shapely.LineString([(-70.80, -33.51), (-70.78, -33.51)])
    found = spots_in(hood(1, streets=[street]), 500, np.random.default_rng(5))
    near = shapely.distance(shapely.points(found), street) < 0.002
    assert near.mean() > 0.6
