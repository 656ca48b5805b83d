/**
 * The base map's archive on the tablet, in pieces, in a database of its own: whatever happens to it never touches
 * what was captured. The whole must have the SHA-256 that the server publishes; each piece is kept with its own and
 * checked whenever it is read, so that a bad disk shows no wrong map.
 */

import { openDB } from "../../../idb/build/index.js";
import { sha256 } from "../base/canonical.js";
import { Sha256 } from "../base/sha256.js";

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
  constructor(why, missing = 0) {
    super(why);
    Object.assign(this, { name: "ArchiveFailed", why, missing });
  }
}

/** Open the database of archives. */
export function openArchives() {
  return openDB(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("archives", { keyPath: "sha256" });
      db.createObjectStore("pieces");
    },
  });
}

/** What is kept: rows {sha256, bytes, hashes (one for each piece), received, whole}. */
export function keptArchives(db) {
  return db.getAll("archives");
}

/** Forget an archive with all its pieces. */
export async function removeArchive(db, id) {
  const tx = db.transaction(["archives", "pieces"], "readwrite");
  tx.objectStore("archives").delete(id);
  tx.objectStore("pieces").delete(IDBKeyRange.bound([id, 0], [id, Infinity]));
  await tx.done;
}

/** Whether every piece is there with the bytes that came. */
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
  /** @param {() => void} onDamage a piece is not what came */
  constructor(db, row, onDamage) {
    Object.assign(this, { db, row, onDamage, recent: new Map() });
  }

  getKey() {
    return `kept:${this.row.sha256}`;
  }

  /** Bytes from `offset` on, `length` of them or as many as there are. */
  async getBytes(offset, length) {
    const end = Math.min(offset + length, this.row.bytes);
    const data = new Uint8Array(Math.max(end - offset, 0));
    for (let at = offset; at < end; ) {
      const number = Math.floor(at / PIECE);
      const part = (await this.piece(number)).subarray(at - number * PIECE, end - number * PIECE);
      data.set(part, at - offset);
      at += part.length;
    }
    return { data: data.buffer };
  }

  piece(number) {
    const asked = this.recent.get(number) ?? this.read(number);
    this.recent.delete(number);
    this.recent.set(number, asked);
    if (this.recent.size > READ_AHEAD) this.recent.delete(this.recent.keys().next().value);
    return asked;
  }

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
 * @param {IDBPDatabase} db
 * @param {{url: string, sha256: string, bytes: number|null}} archive as the server publishes it
 * @param {{signal: AbortSignal, onProgress: (received: number, bytes: number) => void}} told
 * @returns {Promise<object>} its row
 * @throws {ArchiveFailed}
 */
export function fetchArchive(db, archive, told) {
  return alone(async () => {
    const begun = await db.get("archives", archive.sha256);
    return new Download(db, archive, begun, told).run();
  });
}

function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
    if (!lock) throw new ArchiveFailed("elsewhere");
    return work();
  });
}

class Download {
  constructor(db, { url, sha256: id, bytes }, begun, { signal, onProgress }) {
    Object.assign(this, { db, url, signal, onProgress });
    this.row = begun ?? { sha256: id, bytes, hashes: [], received: 0, whole: false };
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
    await makeSure(this.row.bytes - this.row.received);
    const filling = new Filling(this.row.received, skip);
    for await (const bytes of patiently(stream, this.signal)) {
      for (const piece of filling.take(bytes)) await this.keep(piece);
      this.told(filling.reached);
    }
    for (const piece of filling.rest()) await this.keep(piece, true);
    if (this.row.received < this.row.bytes) throw new ArchiveFailed("cut");
  }

  /** The rest of the file; `skip`: bytes of the answer that are kept already. */
  async ask() {
    const { received } = this.row;
    const headers = received ? { Range: `bytes=${received}-` } : {};
    const response = await within(fetch(this.url, { headers, signal: this.signal, cache: "no-store" }), this.signal);
    if (response.status === 416) throw new ArchiveFailed("wrong");
    const length = Number(response.headers.get("Content-Length"));
    if (!response.ok || !length) throw new ArchiveFailed("not_there");
    const part = response.status === 206;
    this.row.bytes ??= length + (part ? received : 0);
    return { stream: response.body, skip: part ? 0 : received };
  }

  async keep(piece, last = false) {
    const { row } = this;
    const received = row.received + piece.length;
    if (!row.received && !beginsLikeOne(piece)) throw new ArchiveFailed("not_there");
    if (received > row.bytes) throw new ArchiveFailed("wrong");
    // What a cut leaves over is not kept: pieces are whole, but for the last of the file.
    if (last && received < row.bytes) return;
    const next = { ...row, received, hashes: [...row.hashes, await sha256(piece)] };
    const tx = this.db.transaction(["archives", "pieces"], "readwrite");
    const puts = [tx.objectStore("pieces").put(piece.buffer, [row.sha256, row.hashes.length]), tx.objectStore("archives").put(next)];
    // Only the transaction knows that the room is used up; its requests are merely aborted.
    for (const put of puts) put.catch(() => {});
    await tx.done;
    this.row = next;
  }

  told(reached) {
    this.onProgress(Math.min(reached, this.row.bytes), this.row.bytes);
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
  constructor(received, skip) {
    this.reached = received - skip;
    this.skip = skip;
    this.piece = new Uint8Array(PIECE);
    this.filled = 0;
  }

  /** The pieces that became full. */
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

/** The parts of a body; a body that brings nothing for a while is cut. */
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

async function makeSure(bytes) {
  const { quota, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => ({}))) ?? {};
  const missing = quota === undefined ? 0 : bytes + RESERVE - (quota - usage);
  if (missing > 0) throw new ArchiveFailed("no_space", missing);
}

async function readPiece(db, row, number) {
  const buffer = await db.get("pieces", [row.sha256, number]);
  const bytes = buffer && new Uint8Array(buffer);
  if (!bytes || (await sha256(bytes)) !== row.hashes[number]) throw new ArchiveFailed("wrong");
  return bytes;
}

function beginsLikeOne(piece) {
  return String.fromCharCode(...piece.subarray(0, MAGIC.length)) === MAGIC;
}

/** fetch() and streams fail with a TypeError when the network does. */
function asFailure(error) {
  if (error instanceof ArchiveFailed) return error;
  if (error?.name === "QuotaExceededError") return new ArchiveFailed("no_space");
  return new ArchiveFailed("cut");
}
