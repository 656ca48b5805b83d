import assert from "node:assert/strict";
import test from "node:test";
import { openDB } from "idb";
import { NAME, note, openStore, reopenStore, VERSION } from "../../../../static/js/data/walk/store.js";
import { emptyStore } from "../../helpers.js";

test("a database of the first version is brought up to date with what it holds", async () => {
  indexedDB.deleteDatabase(NAME);
  const old = await openDB(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("records", { keyPath: "id" });
    },
  });
  await old.put("records", { id: "a", made: 5 });
  old.close();
  const db = await openStore();
  assert.equal(db.version, VERSION);
  assert.equal((await db.getFromIndex("records", "made", 5))?.id, "a");
  db.close();
  indexedDB.deleteDatabase(NAME);
});

test("a database of a newer app is refused, also when tried again", async () => {
  (await openDB(NAME, VERSION + 1)).close();
  await assert.rejects(openStore(), { name: "VersionError" });
  indexedDB.deleteDatabase(NAME);
  (await reopenStore({})).close();
});

test("of the log the newest 500 lines stay", async () => {
  const db = await emptyStore();
  for (let line = 0; line < 510; line += 1) await note(db, `line ${line}`);
  const kept = await db.getAll("log");
  assert.deepEqual([kept.length, kept[499].text], [500, "line 509"]);
});
