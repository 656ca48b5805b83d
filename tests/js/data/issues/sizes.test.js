import assert from "node:assert/strict";
import test from "node:test";
import { clusterRadiusOf, radiusOf } from "../../../../static/js/data/issues/sizes.js";

test("a problem grows with its index; without one it is small", () => {
  assert.deepEqual([null, 0, 50, 100].map(radiusOf), [7, 7, 9.5, 12]);
});

test("a cluster grows with its number, up to a limit", () => {
  assert.ok(clusterRadiusOf(2) < clusterRadiusOf(200));
  assert.equal(clusterRadiusOf(1_000_000), 32);
});
