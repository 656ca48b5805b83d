import assert from "node:assert/strict";
import test from "node:test";
import { alongLine, placeLabels } from "../../../../static/js/data/geo/place-labels.js";

/** @param {string} text */
const measure = (text) => ({ width: text.length * 10, height: 12 });

test("of two names in one place the lower number stays", () => {
  const placed = placeLabels(
    [
      { text: "Calle", kind: "street", priority: 400, x: 100, y: 100 },
      { text: "Barrio", kind: "territory", priority: 0, x: 105, y: 100 },
      { text: "Lejos", kind: "street", priority: 400, x: 500, y: 500 },
    ],
    measure,
  );
  assert.deepEqual(
    placed.map(({ text }) => text),
    ["Barrio", "Lejos"],
  );
});

test("a name lies along its line and is never upside down", () => {
  const [spot] = alongLine(
    [
      { x: 400, y: 0 },
      { x: 0, y: 40 },
    ],
    100,
  );
  assert.ok(Math.abs(spot.angle) <= Math.PI / 2);
  assert.deepEqual([Math.round(spot.x), Math.round(spot.y)], [200, 20]);
});

test("a line that is short or bends sharply bears no name, a long one several", () => {
  assert.deepEqual(
    alongLine(
      [
        { x: 0, y: 0 },
        { x: 50, y: 0 },
      ],
      100,
    ),
    [],
  );
  assert.deepEqual(
    alongLine(
      [
        { x: 0, y: 0 },
        { x: 60, y: 0 },
        { x: 60, y: 60 },
      ],
      100,
    ),
    [],
  );
  assert.equal(
    alongLine(
      [
        { x: 0, y: 0 },
        { x: 1000, y: 0 },
      ],
      100,
    ).length,
    2,
  );
});
