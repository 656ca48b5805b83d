/**
 * The service worker of /caminata/. `self.SHELL` (version, page, files with SHA-256) is written
 * before this text by the server. It keeps the shell whole or not at all, and never keeps data.
 */

/**
 * @typedef {{url: string, sha256: string}} ShellFile
 * @typedef {{version: string, page: string, files: ShellFile[]}} Shell
 */

const scope = /** @type {ServiceWorkerGlobalScope & {SHELL: Shell}} */ (/** @type {unknown} */ (self));
const { SHELL } = scope;
const PREFIX = "caminata-";
const CACHE = PREFIX + SHELL.version;
const AT_ONCE = 6;

scope.addEventListener("install", (event) => event.waitUntil(precache()));
scope.addEventListener("activate", (event) => event.waitUntil(takeOver()));
scope.addEventListener("fetch", (event) => answer(event));
scope.addEventListener("message", (event) => {
  // Only the page knows whether a form is open or a sync is running.
  if (event.data === "take-over") scope.skipWaiting();
  if (event.data === "version") event.source?.postMessage({ version: SHELL.version });
});

async function precache() {
  try {
    const cache = await caches.open(CACHE);
    const queue = [...SHELL.files];
    const take = async () => {
      for (let file = queue.shift(); file; file = queue.shift()) await cache.put(file.url, await genuine(file));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, take));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** The file with exactly the bytes the list names: from an older cache, else from the network. @param {ShellFile} file */
async function genuine({ url, sha256 }) {
  const kept = await fromCaches(url);
  if (kept && (await hash(await kept.clone().arrayBuffer())) === sha256) return kept;
  const response = await fetch(url, { cache: "no-cache", credentials: "same-origin", redirect: "error" });
  const bytes = await response.arrayBuffer();
  if (!response.ok || (await hash(bytes)) !== sha256) throw new Error(`not the file of this version: ${url}`);
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  return new Response(bytes, { status: 200, headers });
}

/** @param {string} url */
async function fromCaches(url) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === CACHE) continue;
    const found = await (await caches.open(name)).match(url);
    if (found) return found;
  }
  return undefined;
}

/** @param {ArrayBuffer} bytes */
async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/** @param {FetchEvent} event */
function answer(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === SHELL.page) event.respondWith(kept(SHELL.page, request));
    return;
  }
  if (SHELL.files.some((file) => file.url === url.pathname)) event.respondWith(kept(url.pathname, request));
}

/** From the shell's cache. When somebody emptied it behind our back: from the network, and kept again. @param {string} path @param {Request} request */
async function kept(path, request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(path);
  if (found) return found;
  try {
    const file = SHELL.files.find(({ url }) => url === path);
    if (!file) throw new Error(`no file of the shell: ${path}`);
    const fresh = await genuine(file);
    await cache.put(path, fresh.clone());
    return fresh;
  } catch {
    return fetch(request);
  }
}
