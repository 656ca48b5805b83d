import assert from "node:assert/strict";
import test from "node:test";
import { Broken, checkChain, RULES, readList } from "../../../../static/js/data/lists/list-check.js";

/** @param {string} text */
const bytes = (text) => new TextEncoder().encode(text);

for (const [text, code] of [
  ["{}", "not_list"],
  ['{"format":"mapa-barrial/lista/999"}', "format_unknown"],
  ['{"format":"mapa-barrial/lista/2","rule":999}', "rule_unknown"],
  ["[]", "not_list"],
  ['\ufeff{"format":"mapa-barrial/lista/1"}', "saved_again"],
  ["[".repeat(40) + "]".repeat(40), "nested"],
]) {
  test(`no list: ${code}`, () => {
    assert.throws(
      () => readList(bytes(text)),
      (error) => error instanceof Broken && error.finding.code === code,
    );
  });
}

test("what is no JSON or no UTF-8 cannot be read at all", () => {
  assert.throws(() => readList(bytes("{")), Broken);
  assert.throws(() => readList(new Uint8Array([0xff, 0xfe])), Broken);
});

test("a number that comes twice is found", () => {
  const list = { number: 3 };
  assert.ok(checkChain([list, list]).some(({ code }) => code === "list_twice"));
});

test("the order is that of the numbers, whatever the clock said", () => {
  const made = { format: "mapa-barrial/lista/2", rule: 1 };
  const first = { ...made, number: 1, digest: "a", previous_digest: "", published_at: "2027-11-30T12:00:00-03:00" };
  const second = { ...made, number: 2, digest: "b", previous_digest: "a", published_at: "2026-12-01T12:00:00-03:00" };
  assert.deepEqual(checkChain([second, first]), []);
});

test("rules are numbered from 1 without a gap: none is taken away", () => {
  assert.deepEqual(
    [...RULES.keys()],
    Array.from(RULES, (_, index) => index + 1),
  );
});
