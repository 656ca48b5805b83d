import assert from "node:assert/strict";
import test from "node:test";
import { extentOf, metresBetween, proposedVulnerability, territoriesWithin, territoryAt } from "../../../../static/js/data/geo/distance.js";
import { square } from "../../helpers.js";

const HERE = { lat: -33.5, lng: -70.8 };
const TOWN = [
  { code: 2, name: "Este", boundary: square(-70.79, -33.5) },
  { code: 1, name: "Oeste", boundary: square(-70.8, -33.5) },
];

test("a hundredth of a degree is 1,112 m northwards and less eastwards", () => {
  assert.ok(Math.abs(metresBetween(HERE, { ...HERE, lat: -33.49 }) - 1112) < 1);
  assert.ok(Math.abs(metresBetween(HERE, { ...HERE, lng: -70.79 }) - 927) < 2);
  assert.equal(metresBetween(HERE, HERE), 0);
});

test("the neighbourhood that covers a position; on a shared line the lowest code; outside none", () => {
  assert.equal(territoryAt(HERE, TOWN)?.name, "Oeste");
  assert.equal(territoryAt({ lat: -33.5, lng: -70.795 }, TOWN)?.code, 1);
  assert.equal(territoryAt({ lat: -33.6, lng: -70.8 }, TOWN), null);
});

test("a circle near a line reaches both sides, each once", () => {
  const found = territoriesWithin({ lat: -33.5, lng: -70.7955 }, 100, TOWN);
  assert.deepEqual(found.map(({ code }) => code).sort(), [1, 2]);
  assert.deepEqual(territoriesWithin(HERE, 50, TOWN).length, 1);
});

test("an extent is west, south, east, north", () => {
  assert.deepEqual(
    extentOf(square(-70.8, -33.5)).map((degrees) => degrees.toFixed(3)),
    ["-70.805", "-33.505", "-70.795", "-33.495"],
  );
});

for (const [kinds, level] of /** @type {[string[], number][]} */ ([
  [[], 0],
  [["square"], 1],
  [["square", "stop"], 1],
  [["school", "square"], 2],
  [["school", "clinic", "seniors"], 3],
])) {
  test(`near ${kinds.join(", ") || "nothing"} the proposal is ${level}`, () => {
    const places = kinds.map((kind) => /** @type {[string, string, number, number]} */ ([kind, kind, HERE.lng, HERE.lat]));
    assert.equal(proposedVulnerability(HERE, places).level, level);
  });
}

test("what lies farther than 150 m does not count", () => {
  assert.deepEqual(proposedVulnerability(HERE, [["school", "Lejos", HERE.lng, HERE.lat + 0.0014]]), { level: 0, names: [] });
});
