import assert from "node:assert/strict";
import test from "node:test";
import { sha256 } from "../../../../static/js/data/base/canonical.js";
import { askSession, deviceId, enrol, keptReference, refreshReference } from "../../../../static/js/data/walk/server.js";
import { emptyStore, serve, square } from "../../helpers.js";

/** @param {string} base */
const urls = (base) => ({
  session: `${base}/session`,
  device: `${base}/device`,
  reference: `${base}/reference`,
  orientation: `${base}/orientation`,
});
const REFERENCE = { boundaries: { id: 2, territories: [{ code: 1, name: "Oeste", boundary: square(-70.8, -33.5) }] } };
const MAP = JSON.stringify({ type: "FeatureCollection", features: [{ properties: { kind: "territory", set: 2 } }] });

for (const [name, status, told] of /** @type {[string, number, any][]} */ ([
  ["an error", 500, { person: null, server_now: "" }],
  ["the page of a Wi-Fi portal", 200, "<h1>Hola</h1>"],
  ["something else", 200, { detail: "?" }],
])) {
  test(`${name} is no honest session`, async () => {
    const { base } = await serve(() => [status, told]);
    assert.equal(await askSession(urls(base)), null);
  });
}

test("a tablet's id is made once, and the server may give it another", async () => {
  const db = await emptyStore();
  const own = await deviceId(db);
  assert.equal(await deviceId(db), own);
  const { base, asked } = await serve(() => [200, { device: "given" }]);
  assert.equal(await enrol(db, urls(base)), "given");
  assert.equal(JSON.parse(String(asked[0].body)).device, own);
  assert.equal(await deviceId(db), "given");
});

test("boundaries and a map whose bytes are those of its ETag are kept together", async () => {
  const db = await emptyStore();
  const hash = await sha256(MAP);
  const { base } = await serve(({ url }) => (url === "/reference" ? [200, REFERENCE] : [200, MAP, { ETag: `"${hash.slice(0, 32)}"` }]));
  assert.equal(await refreshReference(db, urls(base)), true);
  const { reference, orientation } = await keptReference(db);
  assert.equal(reference?.boundaries.id, 2);
  assert.equal(orientation?.features.length, 1);
});

test("a map with other bytes is not kept", async () => {
  const db = await emptyStore();
  const { base } = await serve(({ url }) => (url === "/reference" ? [200, REFERENCE] : [200, `${MAP} `, { ETag: `"${"0".repeat(32)}"` }]));
  assert.equal(await refreshReference(db, urls(base)), true);
  assert.equal((await keptReference(db)).orientation, undefined);
});

test("without a network nothing is kept", async () => {
  assert.equal(await refreshReference(await emptyStore(), urls("http://127.0.0.1:1")), false);
});
