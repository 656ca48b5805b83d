/**
 * What was made on this tablet and is not pruned yet.
 *
 * A record goes saved → delivered, or held (the server keeps it for a person: delivered too), or
 * attention (the server cannot understand it). Nothing here removes a row but `prune` (delivered, 30
 * days) and `removeExported` (the person said so).
 */

import { canonical, sha256 } from "../base/canonical.js";
import { uuid7 } from "../base/uuid7.js";
import { strictly } from "./store.js";

/** @import { Content, Photo, PhotoFacts, PhotoRow, Row, WalkDB } from "#types/walk" */

export const SCHEMA = 1;
// More is no record: the server says so, and it would hold up the others.
export const MAX_BODY = 64 * 1024;
const KEEP_DAYS = 30;
const DAY = 86_400_000;
/** @type {Set<string>} */
export const DELIVERED = new Set(["delivered", "held"]);

/** The tablet could not keep it; `full` when there is no room left, `long` when it is too much text. Nothing was saved. */
export class NotSaved extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    const { name, message } = cause instanceof Error || cause instanceof DOMException ? cause : { name: "", message: String(cause) };
    super(message);
    this.full = name === "QuotaExceededError";
    this.long = cause === TOO_LONG;
  }
}

const TOO_LONG = "too long";

/**
 * A photo ready to be kept: its id, hash and bytes.
 * @param {ArrayBuffer} bytes
 * @param {{type?: string, flagged?: boolean}} about flagged: the browser could not read it
 * @returns {Promise<Photo>}
 */
export async function asPhoto(bytes, { type = "image/jpeg", flagged = false } = {}) {
  return { id: uuid7(), sha256: await sha256(bytes), size: bytes.byteLength, bytes, type, flagged };
}

/**
 * Keep a record and its photos in one strict transaction, read both back and compare; only then resolve.
 * The same id again is the record that is already there: a double tap saves once.
 * @param {WalkDB} db
 * @param {Content} content the record without `photos`
 * @param {Photo[]} photos from `asPhoto`
 * @returns {Promise<Row>} the stored row
 * @throws {NotSaved}
 */
export async function save(db, content, photos = []) {
  const listed = photos.map(({ id, sha256: hash, size }) => ({ id, sha256: hash, size }));
  const body = canonical({ schema: SCHEMA, ...content, photos: listed });
  if (new TextEncoder().encode(body).length > MAX_BODY) throw new NotSaved(TOO_LONG);
  const row = { ...summary(content), body, sha256: await sha256(body), photos: listed.map(({ id }) => id) };
  try {
    await write(db, row, photos);
    return await readBack(db, row, photos);
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "ConstraintError") throw error instanceof NotSaved ? error : new NotSaved(error);
    const known = await db.get("records", row.id);
    if (!known) throw new NotSaved(error);
    return known;
  }
}

/** Records still to be sent, oldest first. @param {WalkDB} db */
export async function waiting(db) {
  const rows = await db.getAllFromIndex("records", "state", "saved");
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Photos not delivered yet, without their bytes, small ones first. @param {WalkDB} db */
export async function waitingPhotos(db) {
  const rows = await photosWhere(db, "state", "saved");
  return rows.sort((a, b) => a.size - b.size);
}

/** How much is not delivered, and how much there is at all. @param {WalkDB} db */
export async function pending(db) {
  const [records, photos, attention, made] = await Promise.all([
    db.countFromIndex("records", "state", "saved"),
    db.countFromIndex("photos", "state", "saved"),
    db.countFromIndex("records", "state", "attention"),
    db.count("records"),
  ]);
  return { records, photos, attention, made };
}

/** Everything on the tablet, newest first. @param {WalkDB} db */
export async function everything(db) {
  const rows = await db.getAll("records");
  return rows.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/**
 * Change some fields of a row; the body and its hash never change. Not strictly: a mark that a power cut takes
 * back is made again, because everything may be sent twice.
 * @template {"records" | "photos"} Name
 * @param {WalkDB} db
 * @param {Name} store
 * @param {string} id
 * @param {Partial<Name extends "records" ? Row : PhotoRow>} changes
 */
export async function mark(db, store, id, changes) {
  const tx = db.transaction(store, "readwrite");
  const row = await tx.store.get(id);
  if (row) await tx.store.put({ ...row, ...changes });
  await tx.done;
}

/** [id, sha256] of records and photos delivered in the last 30 days. @param {WalkDB} db */
export async function remembered(db, now = Date.now()) {
  const since = now - KEEP_DAYS * DAY;
  const records = (await db.getAll("records")).filter((row) => DELIVERED.has(row.state) && settledAt(row) >= since);
  const photos = await photosOf(db, records);
  return { records: records.map(pair), photos: photos.filter(({ state }) => state === "delivered").map(pair) };
}

/**
 * Back into the outbox: what the server turned out not to have.
 * @param {WalkDB} db
 * @param {{records: string[], photos: string[]}} ids
 */
export async function sendAgain(db, { records, photos }) {
  for (const id of records) await mark(db, "records", id, { state: "saved", answer: null });
  for (const id of photos) await mark(db, "photos", id, { state: "saved" });
}

/** Remove what was delivered, photos included, more than 30 days ago; returns how many records. @param {WalkDB} db */
export async function prune(db, now = Date.now()) {
  const old = (await db.getAll("records")).filter((row) => DELIVERED.has(row.state) && settledAt(row) < now - KEEP_DAYS * DAY);
  let removed = 0;
  for (const row of old) {
    const photos = await photosOf(db, [row]);
    if (photos.some(({ state }) => state !== "delivered")) continue;
    await remove(db, row);
    removed += 1;
  }
  return removed;
}

/** The whole outbox as one JSON text with photos in base64, for the office to import. @param {WalkDB} db */
export async function exportOutbox(db) {
  const rows = (await db.getAll("records")).filter(({ state }) => !DELIVERED.has(state));
  const photos = (await db.getAll("photos")).filter(({ state }) => state !== "delivered");
  return JSON.stringify({
    format: "mapa-barrial-outbox",
    version: 1,
    made: new Date().toISOString(),
    records: rows.map(({ id, sha256: hash, body }) => ({ id, sha256: hash, body })),
    photos: photos.map(({ id, record, sha256: hash, bytes }) => ({ id, record, sha256: hash, data: base64(bytes) })),
  });
}

/** @param {WalkDB} db @param {Row} row @param {Photo[]} photos */
async function write(db, row, photos) {
  const tx = strictly(db, ["records", "photos"]);
  /** @type {Promise<string>[]} */
  const writes = [tx.objectStore("records").add(row)];
  for (const photo of photos) writes.push(tx.objectStore("photos").put({ ...photo, record: row.id, state: "saved", attempts: 0 }));
  try {
    await Promise.all([...writes, tx.done]);
  } catch (error) {
    // A full tablet aborts the whole transaction: its own error says why, the writes only that they stopped.
    throw error instanceof DOMException && error.name === "AbortError" ? (tx.error ?? error) : error;
  }
}

/** @param {WalkDB} db @param {Row} row @param {Photo[]} photos */
async function readBack(db, row, photos) {
  const kept = await db.get("records", row.id);
  const pictures = await Promise.all(photos.map(({ id }) => db.get("photos", id)));
  const same = pictures.every((one, index) => one?.sha256 === photos[index].sha256 && one.bytes.byteLength === photos[index].size);
  if (!kept || (await sha256(kept.body)) !== row.sha256 || !same) throw new NotSaved("read back differs");
  return kept;
}

/** @param {Content} content @returns {Omit<Row, "body" | "sha256" | "photos">} */
function summary({ id, kind, author, walk = null, issue = null, title = "", category = "", lat, lng, at }) {
  return {
    id,
    kind,
    author,
    walk,
    issue,
    title,
    category,
    lat,
    lng,
    at,
    made: Date.now(),
    state: "saved",
    attempts: 0,
    answer: null,
  };
}

/** @param {WalkDB} db @param {Row[]} records */
async function photosOf(db, records) {
  const found = await Promise.all(records.map(({ id }) => photosWhere(db, "record", id)));
  return found.flat();
}

/**
 * Photos without their bytes, one in memory at a time: a month of them is more than a tablet has.
 * @param {WalkDB} db
 * @param {"state" | "record"} index
 * @param {string} value
 */
async function photosWhere(db, index, value) {
  /** @type {PhotoFacts[]} */
  const rows = [];
  let cursor = await db.transaction("photos").store.index(index).openCursor(value);
  while (cursor) {
    const { bytes, ...rest } = cursor.value;
    rows.push(rest);
    cursor = await cursor.continue();
  }
  return rows;
}

/** @param {WalkDB} db @param {Row} row */
async function remove(db, row) {
  const tx = strictly(db, ["records", "photos"]);
  tx.objectStore("records").delete(row.id);
  for (const id of row.photos) tx.objectStore("photos").delete(id);
  await tx.done;
}

/** @param {Row} row */
function settledAt({ settled, made }) {
  return settled ?? made;
}

/** @param {{id: string, sha256: string}} row @returns {[string, string]} */
function pair({ id, sha256: hash }) {
  return [id, hash];
}

/** @param {ArrayBuffer} buffer */
function base64(buffer) {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let start = 0; start < bytes.length; start += 0x8000) text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(text);
}
