import assert from "node:assert/strict";
import test from "node:test";
import { everything } from "../../../../static/js/data/walk/outbox.js";
import { addPoint, endWalk, ofWalk, openWalk, startWalk } from "../../../../static/js/data/walk/track.js";
import { emptyStore, MAKING } from "../../helpers.js";

const HERE = { lng: -70.123456789, lat: -33.5, accuracy: 4.6 };

test("a walk begins, is on, and ends with the number of its records", async () => {
  const db = await emptyStore();
  const walk = await startWalk(db, MAKING);
  assert.deepEqual(await openWalk(db), walk);
  await addPoint(db, walk, HERE, MAKING);
  await endWalk(db, walk, MAKING);
  assert.equal(await openWalk(db), null);
  const kinds = (await ofWalk(db, walk.id)).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["walk_end", "track", "walk_start"]);
  assert.equal(JSON.parse((await everything(db))[0].body).captured, 3);
});

test("a point is rounded, and one every four seconds is enough", async (context) => {
  const db = await emptyStore();
  context.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const walk = await startWalk(db, MAKING);
  for (const wait of [0, 3_999, 1]) {
    context.mock.timers.tick(wait);
    await addPoint(db, walk, HERE, MAKING);
  }
  const points = await db.getAll("track");
  assert.equal(points.length, 2);
  assert.deepEqual(points[0].slice(0, 3), [-70.123457, -33.5, 5]);
});

test("a hundred points become a record", async (context) => {
  const db = await emptyStore();
  context.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const walk = await startWalk(db, MAKING);
  for (let point = 0; point < 100; point += 1) {
    context.mock.timers.tick(4_000);
    await addPoint(db, walk, HERE, MAKING);
  }
  assert.ok((await ofWalk(db, walk.id)).some(({ kind }) => kind === "track"));
  assert.ok((await db.count("track")) < 100);
});
