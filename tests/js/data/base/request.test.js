import assert from "node:assert/strict";
import test from "node:test";
import { getJson, RequestFailed } from "../../../../static/js/data/base/request.js";
import { serve } from "../../helpers.js";

test("a document is asked for as JSON", async () => {
  const { base, asked } = await serve(() => [200, { total: 3 }]);
  assert.deepEqual(await getJson(`${base}/api/`), { total: 3 });
  assert.equal(Reflect.get(asked[0].headers, "accept"), "application/json");
});

for (const [status, body, message] of /** @type {[number, object | string, string][]} */ ([
  [400, { detail: "bbox son cuatro números." }, "bbox son cuatro números."],
  [404, { detail: { odd: true } }, ""],
  [502, "<h1>Bad gateway</h1>", ""],
])) {
  test(`a refusal of ${status} keeps only a sentence: «${message}»`, async () => {
    const { base } = await serve(() => [status, body]);
    await assert.rejects(getJson(base), (error) => error instanceof RequestFailed && error.status === status && error.message === message);
  });
}

test("without a network the status is 0", async () => {
  await assert.rejects(getJson("http://127.0.0.1:1/"), { name: "RequestFailed", status: 0 });
});

test("what is not wanted any more ends as aborted, not as failed", async () => {
  await assert.rejects(getJson("http://127.0.0.1:1/", { signal: AbortSignal.abort() }), { name: "AbortError" });
});
