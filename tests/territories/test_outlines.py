"""The outlines for screens: few vertices, and neighbours still share their line."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import Polygon

from territories.importing.checks import simplified

UTM_19_SOUTH = 32719


def test_neighbours_with_very_many_vertices_still_share_their_line():
    lats = np.linspace(-33.52, -33.50, 30_000)
    line = np.c_[-70.78 + 0.001 * np.sin((lats + 33.52) * 900), lats].tolist()
    west = Polygon([*line, (-70.80, -33.50), (-70.80, -33.52)])
    east = Polygon([*line, (-70.76, -33.50), (-70.76, -33.52)])
    left, right = simplified([west, east], UTM_19_SOUTH)
    assert shapely.get_num_coordinates([left, right]).sum() < 1_000
    assert shapely.coverage_is_valid([left, right])
    assert left.symmetric_difference(west).area < 0.01 * west.area
