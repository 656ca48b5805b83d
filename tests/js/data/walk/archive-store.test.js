import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import test from "node:test";
import {
  ArchiveFailed,
  fetchArchive,
  isGenuine,
  KeptSource,
  keptArchives,
  openArchives,
} from "../../../../static/js/data/walk/archive-store.js";
import { serve } from "../../helpers.js";

const PIECE = 524_288;
const FILE = Buffer.concat([Buffer.from("PMTiles\u0003"), randomBytes(PIECE + 1000)]);
const ID = createHash("sha256").update(FILE).digest("hex");
/** @param {Buffer} file */
const whole = (file) => ({ "Content-Length": String(file.length) });
/** @type {number[][]} */
const seen = [];
const watch = { signal: new AbortController().signal, onProgress: (/** @type {number[]} */ ...progress) => seen.push(progress) };

async function empty() {
  const db = await openArchives();
  await db.clear("archives");
  await db.clear("pieces");
  return db;
}

test("an archive with the published bytes is kept in pieces and read by ranges", async () => {
  const db = await empty();
  const { base } = await serve(() => [200, FILE, whole(FILE)]);
  const row = await fetchArchive(db, { url: base, sha256: ID, bytes: FILE.length }, watch);
  assert.deepEqual([row.whole, row.hashes.length, await isGenuine(db, row)], [true, 2, true]);
  const { data } = await new KeptSource(db, row, () => {}).getBytes(PIECE - 5, 10);
  assert.deepEqual(Buffer.from(data), FILE.subarray(PIECE - 5, PIECE + 5));
  assert.deepEqual(seen.at(-1), [FILE.length, FILE.length]);
});

test("the rest of a cut one is asked for by range", async () => {
  const db = await empty();
  const first = FILE.subarray(0, PIECE);
  await db.put("archives", {
    sha256: ID,
    bytes: FILE.length,
    received: PIECE,
    whole: false,
    hashes: [createHash("sha256").update(first).digest("hex")],
  });
  await db.put("pieces", new Uint8Array(first).buffer, [ID, 0]);
  const rest = FILE.subarray(PIECE);
  const { base, asked } = await serve(() => [206, rest, whole(rest)]);
  assert.equal((await fetchArchive(db, { url: base, sha256: ID, bytes: FILE.length }, watch)).whole, true);
  assert.equal(Reflect.get(asked[0].headers, "range"), `bytes=${PIECE}-`);
});

test("a piece that went bad is never read, and is told", async () => {
  const db = await empty();
  const { base } = await serve(() => [200, FILE, whole(FILE)]);
  const row = await fetchArchive(db, { url: base, sha256: ID, bytes: FILE.length }, watch);
  await db.put("pieces", new ArrayBuffer(1000), [ID, 1]);
  let damaged = 0;
  const source = new KeptSource(db, row, () => (damaged += 1));
  await assert.rejects(source.getBytes(PIECE + 1, 10), { why: "wrong" });
  assert.deepEqual([damaged, await isGenuine(db, row)], [1, false]);
});

for (const [name, status, content, why] of /** @type {[string, number, Buffer, string][]} */ ([
  ["other bytes", 200, Buffer.concat([Buffer.from("PMTiles\u0003"), randomBytes(PIECE + 1000)]), "wrong"],
  ["no archive", 200, Buffer.alloc(PIECE + 1008), "not_there"],
  ["a longer one", 200, Buffer.concat([FILE, FILE]), "wrong"],
  ["nothing", 404, Buffer.from("no"), "not_there"],
])) {
  test(`${name}: ${why}`, async () => {
    const db = await empty();
    const { base } = await serve(() => [status, content, whole(content)]);
    await assert.rejects(
      fetchArchive(db, { url: base, sha256: ID, bytes: FILE.length }, watch),
      (error) => error instanceof ArchiveFailed && error.why === why,
    );
    assert.equal(
      (await keptArchives(db)).some((row) => row.whole),
      false,
    );
  });
}

test("without a network it is cut, by hand it is stopped", async () => {
  const db = await empty();
  const archive = { url: "http://127.0.0.1:1", sha256: ID, bytes: FILE.length };
  await assert.rejects(fetchArchive(db, archive, watch), { why: "cut" });
  await assert.rejects(fetchArchive(db, archive, { ...watch, signal: AbortSignal.abort() }), { why: "stopped" });
});
