import assert from "node:assert/strict";
import test from "node:test";
import { Statuses } from "../../../../static/js/data/issues/statuses.js";

const table = new Statuses({
  marks: [
    { name: "new", shape: "circle" },
    { name: "done", shape: "hexagon" },
  ],
  statuses: { registered: { label: "registrado", mark: "new" }, verified: { label: "verificado por el barrio", mark: "done" } },
});

test("a status has the mark and the words of the table", () => {
  assert.deepEqual(table.markOf("verified"), { name: "done", shape: "hexagon" });
  assert.equal(table.labelOf("verified"), "verificado por el barrio");
});

test("a status the page does not know looks new, keeps its name, and is said in the console", (context) => {
  const said = context.mock.method(console, "error", () => {});
  assert.equal(table.markOf("mended").name, "new");
  assert.equal(table.labelOf("mended"), "mended");
  assert.equal(said.mock.callCount(), 1);
});
