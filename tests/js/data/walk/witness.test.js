import assert from "node:assert/strict";
import test from "node:test";
import { missing, testify } from "../../../../static/js/data/walk/witness.js";
import { emptyStore } from "../../helpers.js";

/** @param {object | undefined} storage */
const withStorage = (storage) => Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });

test("an empty database misses what the witness saw; the old one misses nothing", async () => {
  const kept = new Map();
  withStorage({
    getItem: (/** @type {string} */ key) => kept.get(key),
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
  });
  const db = await emptyStore();
  testify({ records: 2, photos: 1, attention: 1 });
  assert.equal(await missing(db), 4);
  await db.put("meta", "tablet", "device");
  assert.equal(await missing(db), 0);
});

test("without a storage only the warning is missing", async () => {
  withStorage(undefined);
  testify({ records: 2, photos: 1, attention: 1 });
  assert.equal(await missing(await emptyStore()), 0);
});
