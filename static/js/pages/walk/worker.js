/**
 * The service worker of /caminata/. `self.SHELL` (version, page, files with SHA-256) is written
 * before this text by the server. It keeps the shell whole or not at all, and never keeps data.
 */

const PREFIX = "caminata-";
const CACHE = PREFIX + self.SHELL.version;
const AT_ONCE = 6;

self.addEventListener("install", (event) => event.waitUntil(precache()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => answer(event));
self.addEventListener("message", (event) => {
  // Only the page knows whether a form is open or a sync is running.
  if (event.data === "take-over") self.skipWaiting();
  if (event.data === "version") event.source?.postMessage({ version: self.SHELL.version });
});

async function precache() {
  try {
    const cache = await caches.open(CACHE);
    const queue = [...self.SHELL.files];
    const take = async () => {
      for (let file = queue.shift(); file; file = queue.shift()) await cache.put(file.url, await genuine(file));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, take));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** The file with exactly the bytes the list names: from an older cache, else from the network. */
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

async function fromCaches(url) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX) || name === CACHE) continue;
    const found = await (await caches.open(name)).match(url);
    if (found) return found;
  }
  return undefined;
}

async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

function answer(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === self.SHELL.page) event.respondWith(kept(self.SHELL.page, request));
    return;
  }
  if (self.SHELL.files.some((file) => file.url === url.pathname)) event.respondWith(kept(url.pathname, request));
}

/** From the shell's cache. When somebody emptied it behind our back: from the network, and kept again. */
async function kept(path, request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(path);
  if (found) return found;
  try {
    const fresh = await genuine(self.SHELL.files.find((file) => file.url === path));
    await cache.put(path, fresh.clone());
    return fresh;
  } catch {
    return fetch(request);
  }
}
