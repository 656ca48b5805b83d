import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { compare, DraftStore, sweep } from "../../../../static/js/data/base/draft-store.js";

class ShelfInMemory {
  /** @type {Map<string, string>} */
  kept = new Map();
  full = false;
  get length() {
    return this.kept.size;
  }
  key(/** @type {number} */ index) {
    return [...this.kept.keys()][index] ?? null;
  }
  getItem(/** @type {string} */ name) {
    return this.kept.get(name) ?? null;
  }
  setItem(/** @type {string} */ name, /** @type {string} */ value) {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.kept.set(name, value);
  }
  removeItem(/** @type {string} */ name) {
    this.kept.delete(name);
  }
}

const HOUR = 3_600_000;
const ana = { person: "ana", key: randomBytes(32).toString("base64"), hours: 72 };
const rosa = { person: "rosa", key: randomBytes(32).toString("base64"), hours: 72 };
const stranger = { person: "", key: "", hours: 1 };

function draft(more = {}) {
  return { key: "k1", slot: "/gestion/M-1/note/#", tab: "t", at: 1000, act: {}, fields: [], files: [], ...more };
}

const field = (value = "Va mañana") => ({ name: "public_text", base: "", value });

test("a draft comes back to the form it was typed into, the newest first", async () => {
  const store = new DraftStore(ana, new ShelfInMemory());
  await store.put(draft({ fields: [field("viejo")] }));
  await store.put(draft({ key: "k2", at: 2000, fields: [field("nuevo")] }));
  await store.put(draft({ key: "k3", slot: "/otro/#" }));
  assert.deepEqual(
    (await store.of("/gestion/M-1/note/#")).map(({ fields }) => fields[0].value),
    ["nuevo", "viejo"],
  );
});

test("nobody who reads the device reads what was typed, or about what", async () => {
  const shelf = new ShelfInMemory();
  await new DraftStore(ana, shelf).put(draft({ fields: [field()] }));
  const text = [...shelf.kept.values()].join();
  assert.ok(!text.includes("mañana") && !text.includes("gestion"));
});

test("another person of the same machine gets none of it, even under the same name", async () => {
  const shelf = new ShelfInMemory();
  await new DraftStore(ana, shelf).put(draft({ fields: [field()] }));
  assert.deepEqual(await new DraftStore(rosa, shelf).of(draft().slot), []);
  assert.deepEqual(await new DraftStore({ ...rosa, person: "ana" }, shelf).of(draft().slot), []);
  assert.deepEqual(await new DraftStore(stranger, shelf).of(draft().slot), []);
});

test("what was done goes, and at the sign-out all of this person and nothing of others", async () => {
  const shelf = new ShelfInMemory();
  const [own, other] = [new DraftStore(ana, shelf), new DraftStore(rosa, shelf)];
  for (const key of ["k1", "k2"]) await own.put(draft({ key }));
  await other.put(draft());
  own.drop("k1");
  assert.equal((await own.of(draft().slot)).length, 1);
  own.dropAll();
  assert.deepEqual([(await own.of(draft().slot)).length, (await other.of(draft().slot)).length], [0, 1]);
});

for (const { place, hours } of [
  { place: ana, hours: 72 },
  { place: stranger, hours: 1 },
]) {
  test(`a draft of ${place.person || "a stranger"} is there before ${hours} hours and gone after, whoever looks`, async () => {
    const shelf = new ShelfInMemory();
    await new DraftStore(place, shelf).put(draft({ at: 0 }));
    sweep(shelf, hours * HOUR - 1);
    assert.equal(shelf.length, 1);
    sweep(shelf, hours * HOUR);
    assert.equal(shelf.length, 0);
  });
}

test("what cannot be read is no draft, and goes with the next sweep", async () => {
  const shelf = new ShelfInMemory();
  shelf.setItem("draft:ana:x", "{");
  shelf.setItem("draft:ana:y", "null");
  shelf.setItem("room:other", "stays");
  assert.deepEqual(await new DraftStore(ana, shelf).of(draft().slot), []);
  sweep(shelf, 0);
  assert.deepEqual([...shelf.kept.keys()], ["room:other"]);
});

test("a full device disturbs nobody who types", async () => {
  const shelf = new ShelfInMemory();
  shelf.full = true;
  await new DraftStore(ana, shelf).put(draft());
  assert.equal(shelf.length, 0);
});

const READINGS = /** @type {[string, {base: string, value: string} | null, "restored" | "changed" | "same" | null][]} */ ([
  ["as it was when typed", { base: "", value: "" }, "restored"],
  ["changed by somebody else", { base: "Otra cosa", value: "Otra cosa" }, "changed"],
  ["given back by the server", { base: "Va mañana", value: "Va mañana" }, "same"],
  ["restored by the browser", { base: "", value: "Va mañana" }, "same"],
  ["typed anew before", { base: "", value: "Va hoy" }, null],
  ["not there any more", null, null],
]);
for (const [what, now, fate] of READINGS) {
  test(`a field ${what} is ${fate ?? "left alone"}`, () => {
    const told = compare([field()], () => now);
    const found = Object.entries(told).flatMap(([name, fields]) => (fields.length ? [name] : []));
    assert.deepEqual(found, fate ? [fate] : []);
  });
}
