import assert from "node:assert/strict";
import test from "node:test";
import { boundariesOnly, setOf, together } from "../../../../static/js/data/walk/layers.js";
import { square } from "../../helpers.js";

/** @param {number} set @returns {any} */
const drawn = (set) => ({ type: "FeatureCollection", features: [{ properties: { kind: "territory", set } }] });
/** @param {number} id @returns {any} */
const known = (id) => ({ boundaries: { id, territories: [{ code: 1, name: "Oeste", boundary: square(-70.8, -33.5) }] } });

for (const [name, kept, came, expected] of /** @type {[string, any, any, any]} */ (
  /** @type {unknown} */ ([
    ["both of one set", {}, { reference: known(2), orientation: drawn(2) }, { reference: known(2), orientation: drawn(2) }],
    [
      "only boundaries, the kept map is of their set",
      { orientation: drawn(2) },
      { reference: known(2) },
      { reference: known(2), orientation: drawn(2) },
    ],
    [
      "only boundaries of a new set: what is kept stays whole",
      { reference: known(1), orientation: drawn(1) },
      { reference: known(2) },
      null,
    ],
    [
      "only boundaries and nothing kept",
      {},
      { reference: known(2), orientation: drawn(1) },
      { reference: known(2), orientation: undefined },
    ],
    ["nothing came", { reference: known(1) }, { reference: null, orientation: drawn(1) }, null],
    ["no boundaries in it", {}, { reference: { boundaries: { id: 2, territories: [] } } }, null],
  ])
)) {
  test(`to keep when ${name}`, () => assert.deepEqual(together(kept, came), expected));
}

test("a map without neighbourhoods shows no set", () => assert.equal(setOf({ type: "FeatureCollection", features: [] }), null));

test("boundaries alone make a map with names in their middle", () => {
  const [feature] = boundariesOnly(known(1)).features;
  assert.equal(feature.properties.name, "Oeste");
  assert.deepEqual(
    feature.properties.label?.map((degrees) => degrees.toFixed(3)),
    ["-70.800", "-33.500"],
  );
  assert.deepEqual(boundariesOnly(null).features, []);
});
