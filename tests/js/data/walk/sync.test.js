import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { asPhoto, pending, save } from "../../../../static/js/data/walk/outbox.js";
import { Sender } from "../../../../static/js/data/walk/sync.js";
import { emptyStore, MAKING, serve } from "../../helpers.js";

/** @param {import("node:test").TestContext} context @param {any} db @param {string} base */
function sender(context, db, base) {
  const made = new Sender(db, { sync: `${base}/sync`, photos: `${base}/photos/`, reconcile: `${base}/reconcile` }, () => {});
  context.after(() => clearTimeout(made.timer));
  return made;
}

/** @param {{url: string, body: Buffer}} request @returns {[number, object]} */
function honest({ url, body }) {
  if (url.startsWith("/photos/")) return [201, { complete: true, sha256: createHash("sha256").update(body).digest("hex") }];
  const { records } = JSON.parse(String(body));
  return [200, { results: records.map((/** @type {any} */ { id, sha256 }) => ({ id, sha256, result: "stored" })) }];
}

/** @param {number} count */
async function filled(count) {
  const db = await emptyStore();
  for (let n = 0; n < count; n += 1) await save(db, { ...MAKING, id: `id-${n}`, kind: "issue" });
  return db;
}

test("records go in batches, then photos, until nothing waits", async (context) => {
  const db = await filled(25);
  await save(db, { ...MAKING, id: "with-photo", kind: "issue" }, [await asPhoto(new Uint8Array(9).buffer)]);
  const { base, asked } = await serve(honest);
  await sender(context, db, base).wake();
  assert.deepEqual(await pending(db), { records: 0, photos: 0, attention: 0, made: 26 });
  assert.deepEqual(
    asked.map(({ method }) => method),
    ["POST", "POST", "PUT"],
  );
});

test("an answer with another hash proves nothing: it waits, and is tried again", async (context) => {
  const db = await filled(1);
  const { base } = await serve(() => [200, { results: [{ id: "id-0", sha256: "other", result: "stored" }] }]);
  const made = sender(context, db, base);
  await made.wake();
  assert.equal(made.phase, "waiting");
  assert.equal((await db.get("records", "id-0"))?.attempts, 1);
  assert.equal((await pending(db)).records, 1);
});

test("a batch the server calls too large goes in smaller ones", async (context) => {
  const db = await filled(6);
  const { base, asked } = await serve((request) => (JSON.parse(String(request.body)).records.length > 1 ? [413, {}] : honest(request)));
  await sender(context, db, base).wake();
  assert.equal((await pending(db)).records, 0);
  assert.equal(asked.length, 2 + 6);
});

test("a single record that is no record asks for a person and holds up nobody", async (context) => {
  const db = await filled(2);
  const { base } = await serve((request) =>
    String(request.body).includes("id-0") ? [400, { detail: "No es un registro." }] : honest(request),
  );
  await sender(context, db, base).wake();
  assert.equal((await db.get("records", "id-0"))?.answer?.sentence, "No es un registro.");
  assert.deepEqual(await pending(db), { records: 0, photos: 0, attention: 1, made: 2 });
});

for (const status of [401, 403]) {
  test(`${status} asks to sign in and loses nothing`, async (context) => {
    const db = await filled(1);
    const { base } = await serve(() => [status, {}]);
    const made = sender(context, db, base);
    await made.wake();
    assert.equal(made.phase, "sign-in");
    assert.equal((await pending(db)).records, 1);
  });
}

test("comparing sends again what the server lacks", async (context) => {
  const db = await filled(2);
  const { base } = await serve((request) =>
    request.url === "/reconcile" ? [200, { records: ["id-1"], photos: [], received: 1 }] : honest(request),
  );
  const made = sender(context, db, base);
  await made.wake();
  assert.deepEqual(await made.reconcile(), { received: 1, of: 2, missing: 1 });
  await made.running;
  assert.equal((await pending(db)).records, 0);
});
