/** The tablet's own database. Migrations only add: an old outbox must survive every new version. */

import { openDB } from "../../idb/build/index.js";

export const NAME = "caminata";
export const VERSION = 2;
const STRICT = { durability: "strict" };
const LOG_LENGTH = 500;

const MIGRATIONS = [
  (db) => {
    const records = db.createObjectStore("records", { keyPath: "id" });
    records.createIndex("state", "state");
    records.createIndex("walk", "walk");
    const photos = db.createObjectStore("photos", { keyPath: "id" });
    photos.createIndex("state", "state");
    photos.createIndex("record", "record");
    db.createObjectStore("drafts", { keyPath: "id" });
    db.createObjectStore("track", { autoIncrement: true });
    db.createObjectStore("reference");
    db.createObjectStore("log", { autoIncrement: true });
    db.createObjectStore("meta");
  },
  (db, transaction) => transaction.objectStore("records").createIndex("made", "made"),
];

/** Open the database, bringing an older one up to date. `onBlocking` runs when another tab needs a newer one. */
export async function openStore({ onBlocking = () => {} } = {}) {
  const db = await openDB(NAME, VERSION, {
    upgrade(database, oldVersion, _newVersion, transaction) {
      MIGRATIONS.slice(oldVersion).forEach((migrate) => migrate(database, transaction));
    },
    blocking() {
      db.close();
      onBlocking();
    },
  });
  return db;
}

/** A transaction whose commit means the bytes are on the disk. */
export function strictly(db, stores) {
  return db.transaction(stores, "readwrite", STRICT);
}

/** Keep one line of what the sender did; the newest 500 stay. */
export async function note(db, text, more = {}) {
  const tx = db.transaction("log", "readwrite");
  const key = await tx.store.add({ at: new Date().toISOString(), text, ...more });
  tx.store.delete(IDBKeyRange.upperBound(key - LOG_LENGTH));
  await tx.done;
}
