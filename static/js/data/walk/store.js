/** The tablet's own database. Migrations only add: an old outbox must survive every new version. */

import { openDB } from "../../../idb/build/index.js";

export const NAME = "caminata";
export const VERSION = 2;
const STRICT = { durability: "strict" };
const LOG_LENGTH = 500;
const ATTEMPTS = 10;
const PAUSE = 100;

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

/**
 * Open the database, bringing an older one up to date.
 * @param {object} [told] onBlocking(): another tab needs a newer one; onBlocked(): another tab holds an older one
 *   and has to be closed first; onLost(): the browser closed it under us
 * @throws {DOMException} VersionError when a newer app made it, else whatever keeps it from being opened
 */
export async function openStore({ onBlocking = () => {}, onBlocked = () => {}, onLost = () => {} } = {}) {
  const db = await openDB(NAME, VERSION, {
    upgrade(database, oldVersion, _newVersion, transaction) {
      MIGRATIONS.slice(oldVersion).forEach((migrate) => migrate(database, transaction));
    },
    blocked: () => onBlocked(),
    terminated: () => onLost(),
    blocking() {
      db.close();
      onBlocking();
    },
  });
  return db;
}

/** Open it again after the browser closed it, which may still be busy with it. */
export async function reopenStore(told) {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await openStore(told);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, attempt * PAUSE));
    }
  }
  return openStore(told);
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
