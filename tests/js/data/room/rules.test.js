import assert from "node:assert/strict";
import test from "node:test";
import { BALLOT_MAX, checkCount, ImpossibleCount, ranked, rulesFor, tokensLeft } from "../../../../static/js/data/room/rules.js";

for (const [size, each, cap] of [
  [1, 3, 1],
  [6, 3, 1],
  [7, 5, 2],
  [BALLOT_MAX, 5, 2],
]) {
  test(`a ballot of ${size}: ${each} tokens, ${cap} at most on one`, () => assert.deepEqual(rulesFor(size), { each, cap }));
}

for (const size of [0, BALLOT_MAX + 1]) {
  test(`no ballot of ${size}`, () => assert.throws(() => rulesFor(size), ImpossibleCount));
}

for (const [tokens, people, voters, kind] of /** @type {[number, number, number, string][]} */ ([
  [1.5, 1, 10, "not_whole"],
  [-1, 0, 10, "negative"],
  [11, 11, 10, "people_over_voters"],
  [1, 2, 10, "people_over_tokens"],
  [3, 2, 10, "cap"],
])) {
  test(`${tokens} tokens of ${people} people among ${voters} is refused: ${kind}`, () => {
    assert.throws(() => checkCount([{ title: "Hoyo", tokens, people }], voters, { each: 3, cap: 1 }), { kind });
  });
}

test("no more tokens than all have", () => {
  const four = Array.from({ length: 4 }, () => ({ title: "Hoyo", tokens: 1, people: 1 }));
  assert.throws(() => checkCount(four, 1, { each: 3, cap: 1 }), { kind: "total" });
  checkCount(four.slice(1), 1, { each: 3, cap: 1 });
});

test("tokens, then people, then index, then reference", () => {
  const row = { title: "", tokens: 5, people: 3, index: 10 };
  const rows = [
    { ...row, reference: "B" },
    { ...row, reference: "A" },
    { ...row, reference: "C", index: 20 },
    { ...row, reference: "D", people: 4 },
    { ...row, reference: "E", tokens: 6 },
    { ...row, reference: "F", index: null },
  ];
  assert.deepEqual(
    ranked(rows)
      .map(({ reference }) => reference)
      .join(""),
    "EDCABF",
  );
});

for (const [given, left] of /** @type {[number[], number][]} */ ([
  [[], 5],
  [[2, 0, 1], 2],
  [[2, 2, 1], 0],
  [[2, 2, 2], -1],
])) {
  test(`of five tokens, ${JSON.stringify(given)} leave ${left}`, () => assert.equal(tokensLeft(given, 5), left));
}
