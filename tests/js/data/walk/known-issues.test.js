import assert from "node:assert/strict";
import test from "node:test";
import { knownIssues, usesOf } from "../../../../static/js/data/walk/known-issues.js";

const REFERENCE = /** @type {any} */ ({
  categories: [{ code: "hoyo", name: "Hoyo" }],
  issues: [["s1", "M-1", "Del servidor", "hoyo", "validated", "validado", -70.8, -33.5]],
});
/** @param {object} more @returns {any} */
const row = (more) => ({ id: "t1", kind: "issue", title: "Del tablet", category: "hoyo", lng: -70.8, lat: -33.5, ...more });

for (const [name, rows, ids] of /** @type {[string, any[], string[]]} */ (
  /** @type {unknown} */ ([
    ["the server's and the tablet's own", [row({})], ["s1", "t1"]],
    ["one the server lists already is not doubled", [row({ id: "s1" })], ["s1"]],
    [
      "what was taken back is gone, wherever it was made",
      [row({}), row({ id: "w", kind: "withdraw", issue: "s1" }), row({ id: "v", kind: "withdraw", issue: "t1" })],
      [],
    ],
    ["without a place it is on no map", [row({ lat: undefined })], ["s1"]],
    ["remarks are no problems", [row({ kind: "remark" })], ["s1"]],
  ])
)) {
  test(name, () =>
    assert.deepEqual(
      knownIssues(rows, REFERENCE).map(({ id }) => id),
      ids,
    ),
  );
}

test("each has the name of its category and its status", () => {
  const [server, own] = knownIssues([row({})], REFERENCE);
  assert.deepEqual([server.categoryName, server.status, server.own], ["Hoyo", "validated", undefined]);
  assert.deepEqual([own.categoryName, own.status, own.own], ["Hoyo", "registered", true]);
  assert.equal(knownIssues([row({})], undefined)[0].categoryName, undefined);
});

test("uses are counted by category, of problems only", () => {
  assert.deepEqual([...usesOf([row({}), row({}), row({ kind: "remark" })])], [["hoyo", 2]]);
});
