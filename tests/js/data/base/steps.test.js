import assert from "node:assert/strict";
import test from "node:test";
import { stepOf } from "../../../../static/js/data/base/steps.js";

for (const [value, all, step] of /** @type {[number, number[], number][]} */ ([
  [1, [1, 2, 3, 4, 5], 0],
  [3, [1, 2, 3, 4, 5], 2],
  [5, [1, 2, 3, 4, 5], 4],
  [9, [1, 2, 3, 4, 5], 4],
  [7, [7, 7, 7], 0],
  [7, [], 0],
])) {
  test(`${value} among ${all.join(", ") || "nothing"} is step ${step}`, () => assert.equal(stepOf(value, all, 5), step));
}
