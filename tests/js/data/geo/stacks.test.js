import assert from "node:assert/strict";
import { test } from "node:test";
import { stacksOf } from "../../../../static/js/data/geo/stacks.js";

const at = (x, y, name = "") => ({ x, y, name });

test("five on one spot are one mark, in their order", () => {
  const five = ["a", "b", "c", "d", "e"].map((name) => at(10, 10, name));
  assert.deepEqual(stacksOf(five, 14), [five]);
});

test("what does not touch stays apart, also across the edge of a cell", () => {
  assert.equal(stacksOf([at(0, 0), at(14, 0)], 14).length, 2);
  assert.equal(stacksOf([at(13.9, 0), at(14.1, 0)], 14).length, 1);
  assert.equal(stacksOf([at(-0.1, -0.1), at(0.1, 0.1)], 14).length, 1);
});

test("the first gives the place: a chain is not drawn together into one", () => {
  const chain = [at(0, 0), at(10, 0), at(20, 0)];
  assert.deepEqual(stacksOf(chain, 14), [[chain[0], chain[1]], [chain[2]]]);
});

test("nothing is lost or doubled, and no two marks are closer than the reach", () => {
  const points = Array.from({ length: 600 }, (_, n) => at((n * 7919) % 331, (n * 104729) % 277, n));
  const stacks = stacksOf(points, 14);
  assert.deepEqual(new Set(stacks.flat()), new Set(points));
  assert.equal(stacks.flat().length, 600);
  for (const [a] of stacks) for (const [b] of stacks) assert.ok(a === b || Math.hypot(a.x - b.x, a.y - b.y) >= 14);
});

test("no points, no marks", () => assert.deepEqual(stacksOf([], 14), []));
