import assert from "node:assert/strict";
import test from "node:test";
import { everything } from "../../../../static/js/data/walk/outbox.js";
import { openStore } from "../../../../static/js/data/walk/store.js";
import { Tablet } from "../../../../static/js/data/walk/tablet.js";
import { emptyStore, serve, square } from "../../helpers.js";

const PERSON = { id: 7, name: "Ana", may_walk: true, territories: [2] };
const REFERENCE = {
  boundaries: {
    id: 1,
    territories: [1, 2].map((code) => ({ code, name: String(code), boundary: square(-70.8 + code / 100, -33.5) })),
  },
};

/** @param {string} base */
const urls = (base) => ({ session: base, device: `${base}/device`, reference: `${base}/reference`, orientation: `${base}/map` });

async function signedIn() {
  const { base } = await serve(({ url }) =>
    url === "/device" ? [200, { device: "given" }] : url === "/reference" ? [200, REFERENCE] : [404, {}],
  );
  const tablet = await Tablet.open(await emptyStore(), 3);
  await tablet.signIn(PERSON, urls(base));
  await tablet.refresh(urls(base));
  return tablet;
}

test("a tablet is again what it was after the page is gone", async () => {
  const before = await signedIn();
  await before.setClock(new Date(Date.now() + 60_000).toISOString());
  const after = await Tablet.open(before.db, 3);
  assert.deepEqual([after.person, after.enrolled, after.deviceId], [PERSON, "given", "given"]);
  assert.ok(Math.abs(after.clockOffset - 60_000) < 1_000);
  assert.deepEqual(
    after.ownTerritories.map(({ code }) => code),
    [2],
  );
});

test("a record says who, with which tablet, and when by the server's clock", async () => {
  const tablet = await signedIn();
  tablet.clockOffset = 3_600_000;
  const { author, device, walk, at, app } = tablet.making();
  assert.deepEqual([author, device, walk, app], [7, "given", null, 3]);
  assert.ok(Math.abs(Date.parse(at) - Date.now() - 3_600_000) < 1_000);
});

test("what is known is stale for another person and after ten minutes", async () => {
  const tablet = await signedIn();
  assert.equal(tablet.isStale, false);
  tablet.person = { ...PERSON, id: 8 };
  assert.equal(tablet.isStale, true);
  tablet.person = PERSON;
  Object.assign(/** @type {object} */ (tablet.reference), { fetched: Date.now() - 601_000 });
  assert.equal(tablet.isStale, true);
});

test("a database the browser emptied is written once more", async () => {
  const tablet = await signedIn();
  tablet.db.close();
  const db = await openStore();
  for (const name of db.objectStoreNames) await db.clear(name);
  await tablet.moveTo(db);
  assert.deepEqual(await db.get("meta", "person"), PERSON);
  assert.equal((await Tablet.open(db, 3)).territories.length, 2);
});

test("a walk is begun and ended by a person only, in its neighbourhood", async () => {
  const tablet = await signedIn();
  await tablet.toggleWalk();
  assert.equal(JSON.parse((await everything(tablet.db))[0].body).territory, 2);
  const { walk } = tablet;
  await tablet.toggleWalk();
  assert.deepEqual([tablet.walk, await tablet.db.get("meta", "lastWalk")], [null, walk?.id]);
  tablet.person = null;
  await tablet.toggleWalk();
  assert.equal(tablet.walk, null);
});
