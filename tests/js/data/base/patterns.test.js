import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fill } from "../../../../static/js/data/base/patterns.js";

const SCRIPTS = new URL("../../../../static/js/", import.meta.url).pathname;

test("each name in braces becomes its value, as text", () => {
  assert.equal(fill("{people} de {all} personas", { people: 0, all: 12 }), "0 de 12 personas");
  assert.equal(fill("«{title}»", { title: "{people} y $&" }), "«{people} y $&»");
});

for (const value of [null, undefined, Number.NaN]) {
  test(`${value} is never printed`, () => {
    assert.equal(fill("{tokens} fichas", { tokens: value }), " fichas");
    assert.equal(fill("{tokens} fichas", { tokens: value }, { nothing: "sin anotar" }), "sin anotar fichas");
    assert.equal(fill("{tokens} fichas", { tokens: value }, { write: () => "x" }), " fichas");
  });
}

test("no script fills a pattern in another way", () => {
  const others = readdirSync(SCRIPTS, { recursive: true, encoding: "utf8" }).filter((name) => {
    if (!name.endsWith(".js")) return false;
    const text = readFileSync(SCRIPTS + name, "utf8");
    return name !== "data/base/patterns.js" && /\.replace(All)?\(("\{|'\{|`\{|\/\\\{)/.test(text);
  });
  assert.deepEqual(others, []);
});
