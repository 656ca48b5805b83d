import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import test from "node:test";
import { Sha256, sha256 } from "../../../../static/js/data/base/sha256.js";

/** @param {Uint8Array} bytes */
const expected = (bytes) => createHash("sha256").update(bytes).digest("hex");

for (const length of [0, 1, 55, 56, 63, 64, 65, 1000, 100_000]) {
  test(`${length} bytes`, () => {
    const bytes = new Uint8Array(randomBytes(length));
    assert.equal(sha256(bytes), expected(bytes));
  });
}

test("bytes that come in parts have the digest of the whole", () => {
  const bytes = new Uint8Array(randomBytes(1000));
  const parts = new Sha256();
  for (let at = 0; at < bytes.length; at += 77) parts.update(bytes.subarray(at, at + 77));
  assert.equal(parts.hex(), expected(bytes));
  assert.throws(() => parts.update(bytes), "nothing can be taken after");
});
