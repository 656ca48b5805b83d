/** What the walk app asks the server beside sending: who am I, enrol this tablet, what is known. */

import { sha256 } from "../base/canonical.js";
import { uuid7 } from "../base/uuid7.js";
import { together } from "./layers.js";

/** @import { Orientation, Person, Reference, WalkDB } from "#types/walk" */

const DEADLINE = 20_000;

/**
 * @typedef {Record<"session" | "device" | "reference" | "orientation", string>} Urls
 * @typedef {object} Session
 * @property {Person | null} person who is signed in
 * @property {string | null} device which tablet this is
 * @property {string} server_now
 * @property {boolean} revoked
 * @property {number} oldest_app the oldest version of the app that the server takes records from
 */

/** Who is signed in, which tablet this is; null when there is no honest answer. @param {Urls} urls @returns {Promise<Session | null>} */
export async function askSession(urls) {
  const told = await ask(urls.session);
  return told && "person" in told && "server_now" in told ? told : null;
}

/** This tablet's own id, made once. @param {WalkDB} db */
export async function deviceId(db) {
  const known = /** @type {string | undefined} */ (await db.get("meta", "device"));
  if (known) return known;
  const made = uuid7();
  await db.put("meta", made, "device");
  return made;
}

/**
 * Enrol the tablet for the person who is signed in; the server may give it another id.
 * @param {WalkDB} db
 * @param {Urls} urls
 * @returns {Promise<string | null>}
 */
export async function enrol(db, urls) {
  const device = await deviceId(db);
  const told = await ask(urls.device, { method: "POST", body: JSON.stringify({ device }) });
  if (!told?.device) return null;
  if (told.device !== device) await db.put("meta", told.device, "device");
  return told.device;
}

/**
 * Fetch what is needed without network and keep it in one transaction: boundaries and drawn map of one set, or
 * what was kept before.
 * @param {WalkDB} db
 * @param {Urls} urls
 * @returns {Promise<boolean>} whether something new is kept
 */
export async function refreshReference(db, urls) {
  const [reference, orientation] = await Promise.all([ask(urls.reference), askLayer(urls.orientation)]);
  const next = together(await keptReference(db), { reference, orientation });
  if (!next) return false;
  const tx = db.transaction("reference", "readwrite", { durability: "strict" });
  tx.store.put({ ...next.reference, fetched: Date.now() }, "reference");
  if (next.orientation) tx.store.put(next.orientation, "orientation");
  await tx.done;
  return true;
}

/** What is kept on the tablet; either may be missing. @param {WalkDB} db */
export async function keptReference(db) {
  const [reference, orientation] = await Promise.all([db.get("reference", "reference"), db.get("reference", "orientation")]);
  return { reference: /** @type {Reference | undefined} */ (reference), orientation: /** @type {Orientation | undefined} */ (orientation) };
}

/** The drawn map; null unless its bytes have the hash that the server names in the ETag. @param {string} url */
async function askLayer(url) {
  try {
    const response = await get(url);
    const bytes = await response.arrayBuffer();
    const [named] = response.headers.get("ETag")?.match(/[0-9a-f]{32}/) ?? [];
    if (!response.ok || !named || !(await sha256(bytes)).startsWith(named)) return null;
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

/** @param {string} url @param {RequestInit} [options] */
async function ask(url, options) {
  try {
    const response = await get(url, options);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** @param {string} url @param {RequestInit} options */
function get(url, options = {}) {
  return fetch(url, {
    ...options,
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-Mapa-Sync": "1" },
    credentials: "same-origin",
    redirect: "error",
    cache: "no-cache",
    signal: AbortSignal.timeout(DEADLINE),
  });
}
