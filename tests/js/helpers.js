/** A server of one test, a tablet's database of its own, and what a browser has that node lacks. */

import "fake-indexeddb/auto";
import { createServer } from "node:http";
import { after } from "node:test";
import { openStore } from "../../static/js/data/walk/store.js";

if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: {} });

/**
 * Answers as told; `asked` are the requests in their order.
 * @param {(request: {method: string, url: string, headers: object, body: Buffer}) => [number, object | string | Buffer, object?]} answer
 */
export async function serve(answer) {
  /** @type {{method: string, url: string, headers: object, body: Buffer}[]} */
  const asked = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const { method = "", url = "", headers } = request;
    const one = { method, url, headers, body: Buffer.concat(parts) };
    asked.push(one);
    const [status, content, more = {}] = answer(one);
    const isData = typeof content === "string" || Buffer.isBuffer(content);
    response.writeHead(status, { "Content-Type": isData ? "text/plain" : "application/json", ...more });
    response.end(isData ? content : JSON.stringify(content));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(undefined)));
  after(() => server.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { base: `http://127.0.0.1:${port}`, asked };
}

/** The tablet's database, empty. */
export async function emptyStore() {
  const db = await openStore();
  for (const name of db.objectStoreNames) await db.clear(name);
  return db;
}

/** What every record says about its making. */
export const MAKING = { author: 7, device: "tablet", walk: null, at: "2026-11-30T12:00:00.000Z", clock_offset_ms: 0, app: 1 };

/** A square of a neighbourhood: half a hundredth of a degree around a middle. @param {number} lng @param {number} lat */
export function square(lng, lat) {
  const [w, s, e, n] = [lng - 0.005, lat - 0.005, lng + 0.005, lat + 0.005];
  return {
    type: /** @type {const} */ ("MultiPolygon"),
    coordinates: [
      [
        [
          [w, s],
          [e, s],
          [e, n],
          [w, n],
          [w, s],
        ],
      ],
    ],
  };
}
