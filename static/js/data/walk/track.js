/** The walk and its way: points are closed into a record every 100 points or 5 minutes. */

import { everything, save } from "./outbox.js";
import { uuid7 } from "../base/uuid7.js";

const POINTS = 100;
const SPAN = 300_000;
const APART = 4_000;

/** The walk that is on, {id, started}, or null. */
export async function openWalk(db) {
  return (await db.get("meta", "walk")) ?? null;
}

/** Begin a walk; `content` carries author, device and time as every record does. */
export async function startWalk(db, content) {
  const walk = { id: uuid7(), started: Date.now() };
  await save(db, { ...content, id: uuid7(), kind: "walk_start", walk: walk.id });
  await db.put("meta", walk, "walk");
  return walk;
}

/** End the walk: the last points become a record, then the end tells how many records were made. */
export async function endWalk(db, walk, content) {
  await closeSegment(db, walk, content);
  const captured = (await ofWalk(db, walk.id)).length + 1;
  await save(db, { ...content, id: uuid7(), kind: "walk_end", walk: walk.id, captured });
  await db.delete("meta", "walk");
}

/** Records of a walk on this tablet. */
export async function ofWalk(db, walkId) {
  return (await everything(db)).filter(({ walk }) => walk === walkId);
}

/** Add a position to the way; at most one every four seconds. */
export async function addPoint(db, walk, { lng, lat, accuracy }, content) {
  const points = await db.getAll("track");
  const last = points.at(-1);
  const now = Date.now();
  if (last && now - last[3] < APART) return;
  await db.add("track", [round(lng), round(lat), Math.round(accuracy), now]);
  if (points.length + 1 >= POINTS || (points.length && now - points[0][3] >= SPAN)) await closeSegment(db, walk, content);
}

async function closeSegment(db, walk, content) {
  const keys = await db.getAllKeys("track");
  if (!keys.length) return;
  const points = (await db.getAll("track")).slice(0, keys.length);
  await save(db, { ...content, id: uuid7(), kind: "track", walk: walk.id, points });
  await db.delete("track", IDBKeyRange.upperBound(keys.at(-1)));
}

function round(degrees) {
  return Number(degrees.toFixed(6));
}
