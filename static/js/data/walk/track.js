/** The walk and its way: points are closed into a record every 100 points or 5 minutes. */

import { uuid7 } from "../base/uuid7.js";
import { everything, save } from "./outbox.js";

/** @import { Making, Walk, WalkDB } from "#types/walk" */

const POINTS = 100;
const SPAN = 300_000;
const APART = 4_000;

/** The walk that is on. @param {WalkDB} db */
export async function openWalk(db) {
  return /** @type {Walk | undefined} */ (await db.get("meta", "walk")) ?? null;
}

/** Begin a walk. @param {WalkDB} db @param {Making & {territory?: number | null}} content @returns {Promise<Walk>} */
export async function startWalk(db, content) {
  const walk = { id: uuid7(), started: Date.now() };
  await save(db, { ...content, id: uuid7(), kind: "walk_start", walk: walk.id });
  await db.put("meta", walk, "walk");
  return walk;
}

/**
 * End the walk: the last points become a record, then the end tells how many records were made.
 * @param {WalkDB} db
 * @param {Walk} walk
 * @param {Making} content
 */
export async function endWalk(db, walk, content) {
  await closeSegment(db, walk, content);
  const captured = (await ofWalk(db, walk.id)).length + 1;
  await save(db, { ...content, id: uuid7(), kind: "walk_end", walk: walk.id, captured });
  await db.delete("meta", "walk");
}

/** Records of a walk on this tablet. @param {WalkDB} db @param {string} walkId */
export async function ofWalk(db, walkId) {
  return (await everything(db)).filter(({ walk }) => walk === walkId);
}

/**
 * Add a position to the way; at most one every four seconds.
 * @param {WalkDB} db
 * @param {Walk} walk
 * @param {{lng: number, lat: number, accuracy: number}} place degrees and metres
 * @param {Making} content
 */
export async function addPoint(db, walk, { lng, lat, accuracy }, content) {
  const points = await db.getAll("track");
  const last = points.at(-1);
  const now = Date.now();
  if (last && now - last[3] < APART) return;
  await db.add("track", [round(lng), round(lat), Math.round(accuracy), now]);
  if (points.length + 1 >= POINTS || (points.length && now - points[0][3] >= SPAN)) await closeSegment(db, walk, content);
}

/** @param {WalkDB} db @param {Walk} walk @param {Making} content */
async function closeSegment(db, walk, content) {
  const keys = await db.getAllKeys("track");
  const newest = keys.at(-1);
  if (newest === undefined) return;
  const points = (await db.getAll("track")).slice(0, keys.length);
  await save(db, { ...content, id: uuid7(), kind: "track", walk: walk.id, points });
  await db.delete("track", IDBKeyRange.upperBound(newest));
}

/** @param {number} degrees */
function round(degrees) {
  return Number(degrees.toFixed(6));
}
