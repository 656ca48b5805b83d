import assert from "node:assert/strict";
import test from "node:test";
import { uuid7 } from "../../../../static/js/data/base/uuid7.js";

test("ids are UUIDs of version 7", () => assert.match(uuid7(), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/));

test("ids are in the order of making, also when the clock jumps back", () => {
  const now = Date.now();
  const made = [now, now, now - 3_600_000, now + 1, now - 1].map((at) => uuid7(at));
  assert.deepEqual([...made].sort(), made);
  assert.equal(new Set(made).size, made.length);
});
