import assert from "node:assert/strict";
import test from "node:test";
import { KIND, read, settle } from "../../../../static/js/data/walk/answers.js";

const JSON_TYPE = { "Content-Type": "application/json" };

for (const [status, body, headers, kind] of /** @type {[number, string, Record<string, string>, string][]} */ ([
  [200, '{"results":[]}', JSON_TYPE, KIND.DONE],
  [202, "{}", JSON_TYPE, KIND.DONE],
  [200, "<h1>Wi-Fi</h1>", { "Content-Type": "text/html" }, KIND.LATER],
  [200, "{cut", JSON_TYPE, KIND.LATER],
  [401, "", {}, KIND.SIGN_IN],
  [403, "{}", JSON_TYPE, KIND.SIGN_IN],
  [413, "", {}, KIND.TOO_LARGE],
  [400, '{"detail":"No."}', JSON_TYPE, KIND.REFUSED],
  [400, "{}", JSON_TYPE, KIND.LATER],
  [503, "", {}, KIND.LATER],
])) {
  test(`${status} with «${body}» means ${kind}`, async () => {
    assert.equal((await read(new Response(body, { status, headers }))).kind, kind);
  });
}

for (const [after, wait] of /** @type {[string, number][]} */ ([
  ["5", 5000],
  ["100000", 900_000],
  ["-1", 0],
  ["soon", 0],
])) {
  test(`Retry-After ${after} is ${wait} ms`, async () => {
    assert.equal((await read(new Response("", { status: 503, headers: { "Retry-After": after } }))).wait, wait);
  });
}

const ROW = { id: "a", sha256: "1" };
for (const [result, state] of /** @type {[any, string | null][]} */ ([
  [{ id: "a", sha256: "1", result: "stored" }, "delivered"],
  [{ id: "a", sha256: "1", result: "already" }, "delivered"],
  [{ id: "a", sha256: "1", result: "conflict" }, "held"],
  [{ id: "a", result: "error" }, "attention"],
  [{ id: "a", sha256: "2", result: "stored" }, null],
  [{ id: "b", sha256: "1", result: "stored" }, null],
  [{ id: "a", sha256: "1", result: "constructor" }, null],
  [undefined, null],
])) {
  test(`${JSON.stringify(result)} settles as ${state}`, () => {
    assert.equal(settle([ROW], { results: [result] })[0]?.state ?? null, state);
  });
}

test("no answer settles nothing", () => assert.deepEqual(settle([ROW, ROW], null), [null, null]));
