import assert from "node:assert/strict";
import test from "node:test";
import { sha256 } from "../../../../static/js/data/base/canonical.js";
import {
  asPhoto,
  everything,
  exportOutbox,
  MAX_BODY,
  mark,
  NotSaved,
  pending,
  prune,
  remembered,
  save,
  sendAgain,
  waiting,
  waitingPhotos,
} from "../../../../static/js/data/walk/outbox.js";
import { emptyStore, MAKING } from "../../helpers.js";

const DAY = 86_400_000;
/** @param {string} id */
const issue = (id, more = {}) => ({ ...MAKING, id, kind: "issue", title: `Hoyo ${id}`, ...more });
/** @param {number} size */
const photo = (size) => asPhoto(new Uint8Array(size).fill(7).buffer);

test("a record is kept with its hash and its photos, and a double tap saves once", async () => {
  const db = await emptyStore();
  const row = await save(db, issue("a"), [await photo(10)]);
  assert.equal(row.sha256, await sha256(row.body));
  assert.equal(JSON.parse(row.body).photos[0].size, 10);
  assert.equal((await save(db, issue("a", { title: "Otro" }))).title, "Hoyo a");
  assert.deepEqual(await pending(db), { records: 1, photos: 1, attention: 0, made: 1 });
});

test("too much text is refused before anything is kept", async () => {
  const db = await emptyStore();
  await assert.rejects(save(db, issue("a", { text: "x".repeat(MAX_BODY) })), (error) => error instanceof NotSaved && error.long);
  assert.equal(await db.count("records"), 0);
});

test("records go oldest first, photos small ones first and without their bytes", async () => {
  const db = await emptyStore();
  await save(db, issue("b"), [await photo(30)]);
  await save(db, issue("a"), [await photo(20)]);
  assert.deepEqual(
    (await waiting(db)).map(({ id }) => id),
    ["a", "b"],
  );
  assert.deepEqual(
    (await everything(db)).map(({ id }) => id),
    ["b", "a"],
  );
  const photos = await waitingPhotos(db);
  assert.deepEqual(
    photos.map(({ size }) => size),
    [20, 30],
  );
  assert.equal("bytes" in photos[0], false);
});

test("what the server turned out not to have waits again", async () => {
  const db = await emptyStore();
  const { id, sha256: hash } = await save(db, issue("a"));
  await mark(db, "records", id, { state: "delivered", settled: Date.now() });
  assert.deepEqual(await remembered(db), { records: [[id, hash]], photos: [] });
  await sendAgain(db, { records: [id], photos: [] });
  assert.equal((await waiting(db)).length, 1);
});

test("pruned is what was delivered with all its photos more than 30 days ago, and nothing else", async () => {
  const db = await emptyStore();
  const old = { state: /** @type {const} */ ("delivered"), settled: Date.now() - 31 * DAY };
  for (const id of ["old", "young", "waiting", "photo"]) await save(db, issue(id), id === "photo" ? [await photo(1)] : []);
  for (const id of ["old", "photo"]) await mark(db, "records", id, old);
  await mark(db, "records", "young", { ...old, settled: Date.now() - 29 * DAY });
  assert.equal(await prune(db), 1);
  assert.deepEqual((await everything(db)).map(({ id }) => id).sort(), ["photo", "waiting", "young"]);
});

test("an export carries what is not delivered, photos in base64", async () => {
  const db = await emptyStore();
  await save(db, issue("a"), [await photo(3)]);
  await save(db, issue("b"));
  await mark(db, "records", "b", { state: "held" });
  const file = JSON.parse(await exportOutbox(db));
  assert.deepEqual([file.format, file.records.length, file.photos[0].data], ["mapa-barrial-outbox", 1, "BwcH"]);
});
