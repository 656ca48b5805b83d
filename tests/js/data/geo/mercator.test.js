import assert from "node:assert/strict";
import test from "node:test";
import { boundsOf, project, projectedLines } from "../../../../static/js/data/geo/mercator.js";

test("the middle of the world is the middle of 256 pixels, and y grows southwards", () => {
  assert.deepEqual(project([0, 0]), { x: 128, y: 128 });
  assert.ok(project([-70.8, -33.5]).y > 128);
  assert.ok(Math.abs(project([0, 89.9]).y) < 1e-6, "beyond the edge it is the edge");
});

for (const [type, coordinates, lines] of /** @type {[string, any, number][]} */ ([
  ["Point", [1, 2], 1],
  [
    "MultiPoint",
    [
      [1, 2],
      [3, 4],
    ],
    1,
  ],
  [
    "LineString",
    [
      [1, 2],
      [3, 4],
    ],
    1,
  ],
  [
    "MultiLineString",
    [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ],
    2,
  ],
  [
    "Polygon",
    [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    ],
    1,
  ],
  [
    "MultiPolygon",
    [
      [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
      [
        [
          [5, 5],
          [6, 5],
          [6, 6],
          [5, 5],
        ],
      ],
    ],
    2,
  ],
])) {
  test(`a ${type} has ${lines} lines`, () => assert.equal(projectedLines({ type, coordinates }).length, lines));
}

test("bounds are the smallest rectangle", () => {
  const bounds = boundsOf([
    [{ x: 3, y: 1 }],
    [
      { x: -1, y: 5 },
      { x: 2, y: 2 },
    ],
  ]);
  assert.deepEqual(bounds, { minX: -1, minY: 1, maxX: 3, maxY: 5 });
});
