/** The tablet's own database. Migrations only add: an old outbox must survive every new version. */

import { openDB } from "../../../idb/build/index.js";

/** @import { WalkDB, WalkSchema } from "#types/walk" */

/** @import { IDBPTransaction } from "../../../idb/build/index.js" */

export const NAME = "caminata";
export const VERSION = 2;
/** @type {IDBTransactionOptions} */
const STRICT = { durability: "strict" };
const LOG_LENGTH = 500;
const ATTEMPTS = 10;
const PAUSE = 100;

/**
 * @typedef {("records" | "photos" | "drafts" | "track" | "reference" | "log" | "meta")[]} Stores
 * @typedef {{onBlocking?: () => void, onBlocked?: () => void, onLost?: () => void}} StoreEvents
 */

/** @type {((db: WalkDB, transaction: IDBPTransaction<WalkSchema, Stores, "versionchange">) => void)[]} */
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
  (_db, transaction) => {
    transaction.objectStore("records").createIndex("made", "made");
  },
];

/**
 * Open the database, bringing an older one up to date.
 * @param {StoreEvents} [events] onBlocking(): another tab needs a newer one; onBlocked(): another tab holds an older one
 *   and has to be closed first; onLost(): the browser closed it under us
 * @returns {Promise<WalkDB>}
 * @throws {DOMException} VersionError when a newer app made it, else whatever keeps it from being opened
 */
export async function openStore({ onBlocking = () => {}, onBlocked = () => {}, onLost = () => {} } = {}) {
  /** @type {WalkDB} */
  const db = await openDB(NAME, VERSION, {
    upgrade(database, oldVersion, _newVersion, transaction) {
      for (const migrate of MIGRATIONS.slice(oldVersion)) migrate(database, transaction);
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

/** Open it again after the browser closed it, which may still be busy with it. @param {StoreEvents} events */
export async function reopenStore(events) {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await openStore(events);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, attempt * PAUSE));
    }
  }
  return openStore(events);
}

/**
 * A transaction whose commit means the bytes are on the disk.
 * @param {WalkDB} db
 * @param {("records" | "photos")[]} stores
 */
export function strictly(db, stores) {
  return db.transaction(stores, "readwrite", STRICT);
}

/**
 * Keep one line of what the sender did; the newest 500 stay.
 * @param {WalkDB} db
 * @param {string} text
 * @param {{error?: string}} more
 */
export async function note(db, text, more = {}) {
  const tx = db.transaction("log", "readwrite");
  const key = await tx.store.add({ at: new Date().toISOString(), text, ...more });
  tx.store.delete(IDBKeyRange.upperBound(key - LOG_LENGTH));
  await tx.done;
}
