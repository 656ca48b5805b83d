"""Ground cut into rectangles: what a rectangle says of itself holds for every point in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPoint, Point, Polygon, box

from territories.importing import cells
from territories.importing.cells import ASK, NOBODY, cells_of

TOWN = {1: box(-70.80, -33.52, -70.78, -33.50), 2: box(-70.78, -33.52, -70.76, -33.50)}
PLACES = st.tuples(st.floats(-70.805, -70.755), st.floats(-33.525, -33.495))
CORNERS = st.lists(PLACES, min_size=3, max_size=12)


def answer_of(cut: cells.Cells, lng: float, lat: float) -> int:
    """What the rectangle of a point says; ASK beyond the rectangles."""
    column = int(np.floor(lng * cut.per_degree)) - cut.west
    row = int(np.floor(lat * cut.per_degree)) - cut.south
    inside = 0 <= row < cut.codes.shape[0] and 0 <= column < cut.codes.shape[1]
    return int(cut.codes[row, column]) if inside else ASK


def plain(shapes: dict[int, Polygon], lng: float, lat: float) -> int:
    return min((code for code, shape in shapes.items() if shape.covers(Point(lng, lat))), default=NOBODY)


@settings(max_examples=40, deadline=None)
@given(st.lists(CORNERS, min_size=1, max_size=4), st.lists(PLACES, min_size=1, max_size=60))
def test_a_rectangle_that_needs_no_asking_answers_like_the_boundaries(drawn, points):
    hulls = [MultiPoint(corners).convex_hull for corners in drawn]
    shapes = {code: hull for code, hull in enumerate(hulls, start=1) if hull.geom_type == "Polygon"}
    if not shapes:
        return
    cut = cells_of(shapes)
    for point in points:
        assert answer_of(cut, *point) in (ASK, plain(shapes, *point))


def test_most_of_the_ground_needs_no_asking():
    cut = cells_of(TOWN)
    assert 0 < (cut.codes == ASK).mean() < 0.1
    assert set(np.unique(cut.codes)) <= {ASK, NOBODY, 1, 2}


@pytest.mark.parametrize("lng", [-70.80, -70.78, -70.76])
@pytest.mark.parametrize("lat", [-33.52, -33.51, -33.50])
def test_a_line_is_always_asked_for(lng, lat):
    assert answer_of(cells_of(TOWN), lng, lat) == ASK


def test_where_two_overlap_the_lowest_code_counts():
    cut = cells_of({7: box(-70.80, -33.52, -70.76, -33.50), 3: box(-70.79, -33.515, -70.77, -33.505)})
    assert (answer_of(cut, -70.78, -33.51), answer_of(cut, -70.795, -33.51)) == (3, 7)


def test_a_hole_is_nobodys_ground():
    ring = box(-70.80, -33.52, -70.76, -33.50).difference(box(-70.79, -33.515, -70.77, -33.505))
    assert answer_of(cells_of({1: ring}), -70.78, -33.51) == NOBODY


def test_large_ground_is_cut_coarser_and_never_into_too_many():
    cut = cells_of({1: box(-76, -56, -66, -17), 2: box(-66, -56, -60, -17)})
    assert cut.codes.size <= cells.MAX_CELLS
    assert answer_of(cut, -70.76, -33.51) == 1


def test_a_boundary_like_a_comb_is_left_to_be_asked_for():
    teeth = 20_000
    xs = np.repeat(-70.79 + np.arange(teeth) * 4e-7, 4) + np.tile([0, 1e-7, 1e-7, 3e-7], teeth)
    ys = np.tile([-33.50, -33.50, -33.519, -33.519], teeth)
    comb = Polygon([(-70.79, -33.52), *zip(xs, ys, strict=True), (-70.78, -33.52)])
    assert comb.is_valid
    cut = cells_of({1: comb})
    assert answer_of(cut, -70.785, -33.51) == ASK


def test_as_plain_data_it_is_the_same():
    cut = cells_of(TOWN)
    as_json = cut.as_json()
    flat = [code for code, count in as_json["runs"] for _one in range(count)]
    assert flat == cut.codes.ravel().tolist()
    assert as_json["columns"] == cut.codes.shape[1]
