import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { canonical } from "../../../../static/js/data/lists/list-check.js";
import { Broken, checkActa, findingsOf } from "../../../../static/js/data/room/acta-check.js";

const FILE = readFileSync(new URL("../../../gatherings/acta/evening.json", import.meta.url));

/** @param {(document: any) => void} change @returns {Uint8Array} */
function changed(change) {
  const document = JSON.parse(FILE.toString());
  change(document);
  return new TextEncoder().encode(canonical(document));
}

/** @param {Uint8Array} bytes */
function codes(bytes) {
  return findingsOf(bytes).map(([code]) => code);
}

test("an evening counted on paper holds, check by check", () => {
  const results = checkActa(new Uint8Array(FILE));
  assert.deepEqual(
    results.filter(([, found]) => found.length),
    [],
  );
  assert.equal(results.length, 16);
});

/** @type {[string, (document: any) => void, string][]} */
const FORGED = [
  ["a total", (d) => (d.places[0].tokens += 1), "totals_differ"],
  ["a ballot less", (d) => d.ballots.pop(), "ballots_many"],
  ["another seed", (d) => (d.seed = "x"), "order_differs"],
  ["a witness twice", (d) => (d.witnesses = ["a", "A"]), "witness_same"],
  ["one voter more", (d) => (d.voters += 1), "voters_sum"],
  ["a name missing", (d) => delete d.mode, "shape"],
  ["a day that is none", (d) => (d.opened = "2026-02-30T10:00:00-03:00"), "shape"],
];
for (const [name, change, code] of FORGED) {
  test(`${name} is named: ${code}`, () => assert.ok(codes(changed(change)).includes(code)));
}

test("what is no gathering is refused", () => {
  assert.throws(() => checkActa(new TextEncoder().encode("{}")), Broken);
  assert.deepEqual(codes(new TextEncoder().encode("nothing")), ["not_json"]);
  assert.deepEqual(codes(new TextEncoder().encode('{"a":1.5}')), ["not_whole"]);
  assert.deepEqual(codes(new Uint8Array([255])), ["not_utf8"]);
});
