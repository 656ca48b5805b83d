"""The quick ways of finding a neighbourhood agree with the plain question, also on shared lines."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import Point
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from territories.boundaries import activation
from territories.boundaries.loading import Options, load
from territories.boundaries.metadata import Metadata
from territories.locating import MANY, locate, locate_in
from territories.models import CellGrid, Territory
from tests.territories.importing import files

# Corners of the town's squares, their edges, and anything around.
LNG = st.one_of(st.sampled_from([-70.80, -70.79, -70.78, -70.77, -70.76, -70.74]), st.floats(-70.81, -70.73))
LAT = st.one_of(st.sampled_from([-33.52, -33.51, -33.50]), st.floats(-33.53, -33.49))


@pytest.fixture
def loaded(db, tmp_path):
    """The town from a file, cut into pieces: each square has a jagged southern edge of 200 vertices."""

    def jagged(code):
        west, south, east, north = files.square(code).bounds
        step = (east - west) / 200
        edge = [(west + step * n, south + (n % 2) * 0.0005) for n in range(201)]
        return Polygon([*edge, (east, north), (west, north)])

    path = files.geojson(tmp_path / "a.geojson", files.town(shape=jagged))
    made = load(path, Options(expect=3), Metadata()).boundary_set
    activation.activate(made)
    return made


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.lists(st.tuples(LNG, LAT), min_size=1, max_size=40))
def test_the_pieces_answer_what_the_whole_boundaries_answer(loaded, points):
    plain = [
        Territory.objects.current().covering(Point(*point, srid=4326)).values_list("code", flat=True).first()
        for point in points
    ]
    assert [one and one["code"] for one in locate(points)] == plain


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.lists(st.tuples(LNG, LAT), min_size=MANY, max_size=MANY + 200))
def test_many_points_are_answered_like_each_of_them(loaded, points):
    assert locate(points) == [locate([point])[0] for point in points]


def test_many_points_are_asked_for_in_a_set_without_rectangles(loaded):
    points = [(-70.80 + n * 0.0002, -33.51) for n in range(MANY)]
    before = locate(points)
    CellGrid.objects.all().delete()
    assert locate(points) == before


def test_a_rectangle_names_a_neighbourhood_of_its_own_set(loaded):
    data = {number for row in loaded.grid.cells for number in row}
    assert data - {CellGrid.ASK, CellGrid.NOBODY} == set(loaded.territories.values_list("pk", flat=True))


def test_the_pieces_together_are_the_boundary(loaded):
    for territory in loaded.territories.all():
        pieces = [part.shape for part in territory.parts.all()]
        assert len(pieces) > 3
        assert sum(piece.area for piece in pieces) == pytest.approx(territory.boundary.area)


def test_without_a_set_every_point_is_in_none(db):
    assert locate_in(None, [(-70.77, -33.51)]) == [None]
