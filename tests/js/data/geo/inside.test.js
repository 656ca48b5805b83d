import assert from "node:assert/strict";
import test from "node:test";
import inside from "../../../../static/js/data/geo/inside.js";

const RING = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];
const HOLE = [
  [1, 1],
  [3, 1],
  [3, 3],
  [1, 3],
  [1, 1],
];

test("inside is true, on the line 0, outside and in a hole false", () => {
  assert.equal(inside([0.5, 0.5], [RING, HOLE]), true);
  assert.equal(inside([0, 2], [RING, HOLE]), 0);
  assert.equal(inside([2, 2], [RING, HOLE]), false);
  assert.equal(inside([5, 5], [RING]), false);
});
