import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import test from "node:test";

const DATA = new URL("../../static/js/data/", import.meta.url);
const MODULES = readdirSync(DATA, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".js"));

test("every module of data has its units here", () => {
  const without = MODULES.filter((name) => !existsSync(new URL(`./data/${name.replace(/\.js$/, ".test.js")}`, import.meta.url)));
  assert.ok(MODULES.length > 20);
  assert.deepEqual(without, []);
});
