import assert from "node:assert/strict";
import test from "node:test";
import { Room } from "../../../../static/js/data/room/room.js";
import { serve } from "../../helpers.js";

/** A storage of one test. */
function storage() {
  const kept = new Map();
  return /** @type {Storage} */ (
    /** @type {unknown} */ ({
      getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
    })
  );
}

/** @param {string} base @param {Storage} kept */
function roomAt(base, kept = storage()) {
  const settings = { state_url: `${base}/state`, action_url: `${base}/act/ACTION/`, csrf_token: "t", view: "tableta" };
  return new Room(settings, /** @type {any} */ ({ revision: 1 }), kept);
}

test("a wish goes with a key, and its answer is told to all", async () => {
  const { base, asked } = await serve(() => [200, { revision: 2, state: "open" }]);
  const room = roomAt(base);
  /** @type {number[]} */
  const seen = [];
  room.listen(({ revision }) => seen.push(revision));
  await room.act("open");
  assert.deepEqual(seen, [1, 2]);
  assert.equal(asked[0].url, "/act/open/");
  assert.match(JSON.parse(String(asked[0].body)).key, /^[0-9a-f-]{36}$/);
  assert.deepEqual(room.waiting, []);
});

test("a refusal is a sentence and the wish is forgotten", async () => {
  const { base } = await serve(() => [409, { detail: "Ya se cerró." }]);
  const room = roomAt(base);
  await assert.rejects(room.act("close"), { message: "Ya se cerró.", status: 409 });
  assert.deepEqual(room.waiting, []);
});

for (const status of [401, 403]) {
  test(`signed out (${status}) the wish waits for the next page`, async () => {
    const { base } = await serve(() => [status, {}]);
    const kept = storage();
    await assert.rejects(roomAt(base, kept).act("close"));
    assert.equal(roomAt(base, kept).waiting[0].action, "close");
  });
}

test("on the same tablet each count sends and shows only its own", async () => {
  const { base, asked } = await serve(() => [200, { revision: 2, state: "voting", side: 2 }]);
  const room = roomAt(base);
  room.state = /** @type {any} */ ({ revision: 1, state: "voting", side: 1 });
  await room.act("total", { tokens: 1 });
  assert.equal(heads(asked[0])["x-counter-code"], "");
  assert.equal(JSON.parse(String(asked[0].body)).side, 1);
  await room.use("CODE");
  await room.act("total", { tokens: 2 });
  const last = asked.at(-1);
  assert.equal(heads(last)["x-counter-code"], "CODE");
  assert.equal(JSON.parse(String(last?.body)).side, 2);
  assert.equal(JSON.stringify(JSON.parse(String(last?.body))).includes("CODE"), false);
});

test("an answer that comes after the tablet was handed over is not shown", async () => {
  const { base } = await serve(() => [200, { revision: 9, state: "voting", side: 1 }]);
  const room = roomAt(base);
  const answered = room.act("total", { tokens: 1 });
  room.code = "CODE";
  await answered;
  assert.equal(room.state.revision, 1);
});

test("an older state never takes the place of a newer one", () => {
  const room = roomAt("http://127.0.0.1:1");
  room.take(/** @type {any} */ ({ revision: 5 }));
  room.take(/** @type {any} */ ({ revision: 4 }));
  assert.equal(room.state.revision, 5);
});

/** @param {{headers: object} | undefined} request @returns {Record<string, string>} */
function heads(request) {
  return /** @type {Record<string, string>} */ (request?.headers ?? {});
}
