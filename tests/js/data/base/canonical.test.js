import assert from "node:assert/strict";
import test from "node:test";
import { canonical, sha256 } from "../../../../static/js/data/base/canonical.js";

for (const [value, text] of [
  [{ b: 1, a: [2, undefined, null] }, '{"a":[2,null,null],"b":1}'],
  [{ gone: undefined, kept: null }, '{"kept":null}'],
  [{ z: { ñ: "«á»", a: true } }, '{"z":{"a":true,"ñ":"«á»"}}'],
  [undefined, "null"],
  ['"\n', String.raw`"\"\n"`],
]) {
  test(`one writing for each value: ${text}`, () => assert.equal(canonical(value), text));
}

test("a text is hashed as UTF-8, like its bytes", async () => {
  assert.equal(await sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(await sha256("ñ"), await sha256(new TextEncoder().encode("ñ")));
});
