/**
 * The base map's archive on the tablet, in pieces, in a database of its own: whatever happens to it never touches
 * what was captured. The whole must have the SHA-256 that the server publishes; each piece is kept with its own and
 * checked whenever it is read, so that a bad disk shows no wrong map.
 */

import { openDB } from "../../../idb/build/index.js";
import { sha256 } from "../base/canonical.js";
import { Sha256 } from "../base/sha256.js";

/** @import { ArchiveDB, ArchiveRow } from "#types/walk" */

const NAME = "caminata-mapa-base";
const PIECE = 524_288;
// Bytes that stay free for captures, and milliseconds without a byte until a download counts as cut.
const RESERVE = 200_000_000;
const PATIENCE = 30_000;
const MAGIC = "PMTiles\u0003";
const READ_AHEAD = 4;
const LOCK = "caminata-mapa-base";

/**
 * Why an archive is not here. `why`: "wrong" (not the published bytes), "cut" (no network, or it went away: what
 * came stays), "not_there" (the server answers something else), "no_space" (`missing` bytes), "elsewhere" (another
 * tab fetches it), "stopped" (by hand).
 */
export class ArchiveFailed extends Error {
  /** @param {string} why @param {number} missing */
  constructor(why, missing = 0) {
    super(why);
    this.name = "ArchiveFailed";
    this.why = why;
    this.missing = missing;
  }
}

/** Open the database of archives. @returns {Promise<ArchiveDB>} */
export function openArchives() {
  return openDB(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("archives", { keyPath: "sha256" });
      db.createObjectStore("pieces");
    },
  });
}

/** What is kept. @param {ArchiveDB} db */
export function keptArchives(db) {
  return db.getAll("archives");
}

/** Forget an archive with all its pieces. @param {ArchiveDB} db @param {string} id */
export async function removeArchive(db, id) {
  const tx = db.transaction(["archives", "pieces"], "readwrite");
  tx.objectStore("archives").delete(id);
  tx.objectStore("pieces").delete(IDBKeyRange.bound([id, 0], [id, Infinity]));
  await tx.done;
}

/** Whether every piece is there with the bytes that came. @param {ArchiveDB} db @param {ArchiveRow} row */
export async function isGenuine(db, row) {
  try {
    for (let at = 0; at < row.hashes.length; at += 1) await readPiece(db, row, at);
    return true;
  } catch {
    return false;
  }
}

/** Reads ranges of a kept archive: what `pmtiles` calls a Source. */
export class KeptSource {
  /** @param {ArchiveDB} db @param {ArchiveRow} row @param {() => void} onDamage a piece is not what came */
  constructor(db, row, onDamage) {
    this.db = db;
    this.row = row;
    this.onDamage = onDamage;
    /** @type {Map<number, Promise<Uint8Array>>} */
    this.recent = new Map();
  }

  getKey() {
    return `kept:${this.row.sha256}`;
  }

  /** Bytes from `offset` on, `length` of them or as many as there are. @param {number} offset @param {number} length */
  async getBytes(offset, length) {
    const end = Math.min(offset + length, this.row.received);
    const data = new Uint8Array(Math.max(end - offset, 0));
    for (let at = offset; at < end; ) {
      const number = Math.floor(at / PIECE);
      const part = (await this.piece(number)).subarray(at - number * PIECE, end - number * PIECE);
      data.set(part, at - offset);
      at += part.length;
    }
    return { data: data.buffer };
  }

  /** @param {number} number */
  piece(number) {
    const asked = this.recent.get(number) ?? this.read(number);
    this.recent.delete(number);
    this.recent.set(number, asked);
    const [oldest] = this.recent.keys();
    if (this.recent.size > READ_AHEAD) this.recent.delete(oldest);
    return asked;
  }

  /** @param {number} number */
  async read(number) {
    try {
      return await readPiece(this.db, this.row, number);
    } catch (error) {
      this.onDamage();
      throw error;
    }
  }
}

/**
 * Fetch an archive, or the rest of one that was cut; the others are forgotten once this one is whole.
 * @param {ArchiveDB} db
 * @param {Published} archive
 * @param {Watch} watch
 * @returns {Promise<ArchiveRow>}
 * @throws {ArchiveFailed}
 */
export function fetchArchive(db, archive, watch) {
  return alone(async () => {
    const begun = await db.get("archives", archive.sha256);
    return new Download(db, archive, begun, watch).run();
  });
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
async function alone(work) {
  if (!navigator.locks) return work();
  return await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) throw new ArchiveFailed("elsewhere");
    return work();
  });
}

/**
 * @typedef {{url: string, sha256: string, bytes: number | null}} Published an archive as the server publishes it
 * @typedef {{signal: AbortSignal, onProgress: (received: number, bytes: number) => void}} Watch
 */

class Download {
  /** @param {ArchiveDB} db @param {Published} archive @param {ArchiveRow | undefined} begun @param {Watch} watch */
  constructor(db, { url, sha256: id, bytes }, begun, { signal, onProgress }) {
    this.db = db;
    this.url = url;
    this.signal = signal;
    this.onProgress = onProgress;
    /** @type {ArchiveRow} */
    this.row = begun ?? { sha256: id, bytes, hashes: [], received: 0, whole: false };
  }

  /** Bytes of the whole; known once the server has answered. */
  get size() {
    return this.row.bytes ?? 0;
  }

  async run() {
    try {
      if (this.row.received !== this.row.bytes) await this.receive();
      await this.prove();
      return this.row;
    } catch (error) {
      const failed = this.signal.aborted ? new ArchiveFailed("stopped") : asFailure(error);
      if (["wrong", "no_space"].includes(failed.why)) await removeArchive(this.db, this.row.sha256).catch(() => {});
      throw failed;
    }
  }

  async receive() {
    const { stream, skip } = await this.ask();
    await makeSure(this.size - this.row.received);
    const filling = new Filling(this.row.received, skip);
    for await (const bytes of patiently(stream, this.signal)) {
      for (const piece of filling.take(bytes)) await this.keep(piece);
      this.told(filling.reached);
    }
    for (const piece of filling.rest()) await this.keep(piece, true);
    if (this.row.received < this.size) throw new ArchiveFailed("cut");
  }

  /** The rest of the file; `skip`: bytes of the answer that are kept already. */
  async ask() {
    const { received } = this.row;
    /** @type {Record<string, string>} */
    const headers = received ? { Range: `bytes=${received}-` } : {};
    const response = await within(fetch(this.url, { headers, signal: this.signal, cache: "no-store" }), this.signal);
    if (response.status === 416) throw new ArchiveFailed("wrong");
    const length = Number(response.headers.get("Content-Length"));
    if (!response.ok || !length || !response.body) throw new ArchiveFailed("not_there");
    const part = response.status === 206;
    this.row.bytes ??= length + (part ? received : 0);
    return { stream: response.body, skip: part ? 0 : received };
  }

  /** @param {Uint8Array<ArrayBuffer>} piece @param {boolean} last */
  async keep(piece, last = false) {
    const { row } = this;
    const received = row.received + piece.length;
    if (!row.received && !beginsLikeOne(piece)) throw new ArchiveFailed("not_there");
    if (received > this.size) throw new ArchiveFailed("wrong");
    // What a cut leaves over is not kept: pieces are whole, but for the last of the file.
    if (last && received < this.size) return;
    const next = { ...row, received, hashes: [...row.hashes, await sha256(piece)] };
    const tx = this.db.transaction(["archives", "pieces"], "readwrite");
    const puts = [tx.objectStore("pieces").put(piece.buffer, [row.sha256, row.hashes.length]), tx.objectStore("archives").put(next)];
    // Only the transaction knows that the room is used up; its requests are merely aborted.
    for (const put of puts) put.catch(() => {});
    await tx.done;
    this.row = next;
  }

  /** @param {number} reached */
  told(reached) {
    this.onProgress(Math.min(reached, this.size), this.size);
  }

  /** The bytes as they lie in the database are the published ones; then the older archives go. */
  async prove() {
    const all = new Sha256();
    for (let at = 0; at < this.row.hashes.length; at += 1) all.update(await readPiece(this.db, this.row, at));
    if (all.hex() !== this.row.sha256) throw new ArchiveFailed("wrong");
    this.row = { ...this.row, whole: true };
    await this.db.put("archives", this.row);
    const older = (await keptArchives(this.db)).filter((row) => row.sha256 !== this.row.sha256);
    for (const row of older) await removeArchive(this.db, row.sha256);
  }
}

/** Cuts what arrives in pieces. */
class Filling {
  /** @param {number} received @param {number} skip bytes of what comes that are kept already */
  constructor(received, skip) {
    this.reached = received - skip;
    this.skip = skip;
    this.piece = new Uint8Array(PIECE);
    this.filled = 0;
  }

  /** The pieces that became full. @param {Uint8Array} bytes */
  *take(bytes) {
    this.reached += bytes.length;
    let left = bytes.subarray(Math.min(this.skip, bytes.length));
    this.skip -= bytes.length - left.length;
    while (left.length) {
      const part = left.subarray(0, PIECE - this.filled);
      this.piece.set(part, this.filled);
      this.filled += part.length;
      left = left.subarray(part.length);
      if (this.filled === PIECE) yield this.full();
    }
  }

  /** What is left when nothing more comes. */
  *rest() {
    if (this.filled) yield this.piece.slice(0, this.filled);
  }

  full() {
    const { piece } = this;
    this.piece = new Uint8Array(PIECE);
    this.filled = 0;
    return piece;
  }
}

/** The parts of a body; a body that brings nothing for a while is cut. @param {ReadableStream<Uint8Array>} stream @param {AbortSignal} signal */
async function* patiently(stream, signal) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), signal);
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @template T @param {Promise<T>} promise @param {AbortSignal} signal @returns {Promise<T>} */
function within(promise, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ArchiveFailed("cut")), PATIENCE);
    const stop = () => reject(new ArchiveFailed("stopped"));
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    });
  });
}

/** @param {number} bytes */
async function makeSure(bytes) {
  /** @type {StorageEstimate} */
  const unknown = {};
  const { quota, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => unknown)) ?? unknown;
  const missing = quota === undefined ? 0 : bytes + RESERVE - (quota - usage);
  if (missing > 0) throw new ArchiveFailed("no_space", missing);
}

/** @param {ArchiveDB} db @param {ArchiveRow} row @param {number} number */
async function readPiece(db, row, number) {
  const buffer = await db.get("pieces", [row.sha256, number]);
  const bytes = buffer && new Uint8Array(buffer);
  if (!bytes || (await sha256(bytes)) !== row.hashes[number]) throw new ArchiveFailed("wrong");
  return bytes;
}

/** @param {Uint8Array} piece */
function beginsLikeOne(piece) {
  return String.fromCharCode(...piece.subarray(0, MAGIC.length)) === MAGIC;
}

/** fetch() and streams fail with a TypeError when the network does. @param {unknown} error */
function asFailure(error) {
  if (error instanceof ArchiveFailed) return error;
  if (error instanceof DOMException && error.name === "QuotaExceededError") return new ArchiveFailed("no_space");
  return new ArchiveFailed("cut");
}
