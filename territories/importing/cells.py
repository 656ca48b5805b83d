"""Small rectangles, each with the one neighbourhood that covers it wholly. Imports no Django.

Most points of a town lie in a rectangle that no boundary passes through: there the neighbourhood is read,
not computed. Rectangles are 1/per_degree of a degree on both sides; number n spans n/per_degree to
(n + 1)/per_degree, so that floor(degrees * per_degree) is exact, per_degree being a power of two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

MAX_CELLS = 131_072
FINEST = 65_536
# Codes of neighbourhoods are positive.
NOBODY, ASK = 0, -1
# A boundary like a comb, which crosses more rectangles than this, is always looked up by geometry.
MAX_CROSSINGS = 4 * MAX_CELLS
# Rectangles are tested a little larger than they are: rounding can never make one look whole.
MARGIN = 0.001

Bounds = tuple[int, int, int, int]


@dataclass(frozen=True)
class Cells:
    """`codes[row, column]`: a neighbourhood's code, NOBODY, or ASK where a boundary passes.

    Row 0 is number `south`, column 0 number `west`; rows go north, columns east.
    """

    per_degree: int
    west: int
    south: int
    codes: np.ndarray

    def as_json(self) -> dict[str, object]:
        """Plain data: the codes row after row as runs [code, how many]."""
        flat = self.codes.ravel()
        starts = np.flatnonzero(np.diff(flat, prepend=flat[0] - 1))
        runs = [[int(flat[a]), int(b - a)] for a, b in pairwise([*starts.tolist(), flat.size])]
        grid = {"per_degree": self.per_degree, "west": self.west, "south": self.south}
        return grid | {"columns": self.codes.shape[1], "runs": runs}


def cells_of(shapes: Mapping[int, BaseGeometry]) -> Cells:
    """The rectangles of neighbourhoods by code, EPSG:4326; where several lie, the lowest code counts."""
    per_degree, (west, south, east, north) = _fineness(shapely.total_bounds(list(shapes.values())))
    codes = np.zeros((north - south + 1, east - west + 1), dtype=np.int64)
    for code in sorted(shapes):
        for x, y, size, value in _pieces(shapes[code], per_degree, code):
            ground = codes[max(y - south, 0) : y - south + size, max(x - west, 0) : x - west + size]
            ground[ground == NOBODY] = value
    return Cells(per_degree, west, south, codes)


def _fineness(bounds: np.ndarray) -> tuple[int, Bounds]:
    """The finest cut with at most MAX_CELLS rectangles, and the numbers of its outermost ones."""
    per_degree = FINEST
    while True:
        west, south, east, north = (int(number) for number in np.floor(bounds * per_degree))
        if per_degree == 1 or (east - west + 1) * (north - south + 1) <= MAX_CELLS:
            return per_degree, (west, south, east, north)
        per_degree //= 2


def _pieces(shape: BaseGeometry, per_degree: int, code: int) -> Iterator[tuple[int, int, int, int]]:
    """(x, y, size, value): squares of size × size rectangles inside a shape, and single ones it cuts.

    Looks at large squares first and again at the quarters of those that the boundary passes through.
    """
    shapely.prepare(shape)
    if shape.length * per_degree > MAX_CROSSINGS:
        west, south, east, north = (int(number) for number in np.floor(np.array(shape.bounds) * per_degree))
        yield west, south, max(east - west, north - south) + 1, ASK
        return
    size, corners = _coarse(np.floor(np.array(shape.bounds) * per_degree).astype(int))
    while len(corners):
        margin = np.array([-MARGIN, -MARGIN, size + MARGIN, size + MARGIN])
        boxes = shapely.box(*((corners[:, [0, 1, 0, 1]] + margin) / per_degree).T)
        meets = shapely.intersects(shape, boxes)
        corners, boxes = corners[meets], boxes[meets]
        inside = shapely.contains_properly(shape, boxes)
        yield from ((x, y, size, code) for x, y in corners[inside].tolist())
        corners = corners[~inside]
        if size == 1:
            yield from ((x, y, 1, ASK) for x, y in corners.tolist())
            return
        size //= 2
        quarters = np.array([[0, 0], [size, 0], [0, size], [size, size]])
        corners = (corners[:, None, :] + quarters).reshape(-1, 2)


def _coarse(numbers: np.ndarray) -> tuple[int, np.ndarray]:
    """Some 4 to 16 large squares over a shape whose outermost rectangles have these numbers."""
    west, south, east, north = numbers.tolist()
    size = 1 << max((max(east - west, north - south) + 1).bit_length() - 2, 0)
    # One more around, for a boundary that lies on the edge of a square.
    xs = np.arange((west // size - 1) * size, east + size + 1, size)
    ys = np.arange((south // size - 1) * size, north + size + 1, size)
    return size, np.array(np.meshgrid(xs, ys)).reshape(2, -1).T
