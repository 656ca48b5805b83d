/**
 * A witness outside the database: how much waits to be sent. A browser that finds its database broken makes a new,
 * empty one without a word; the witness then tells what is missing.
 */

/** @import { Counted, WalkDB } from "#types/walk" */

const KEY = "caminata-waiting";

/** Remember how many records and photos only this tablet has. @param {Omit<Counted, "made">} counted */
export function testify({ records, photos, attention }) {
  try {
    localStorage.setItem(KEY, String(records + photos + attention));
  } catch {
    // Without it only the warning is missing; nothing else depends on it.
  }
}

/** How many things waited in a database that is gone; 0 when the open one is the old one. @param {WalkDB} db */
export async function missing(db) {
  if (await db.get("meta", "device")) return 0;
  try {
    return Number(localStorage.getItem(KEY)) || 0;
  } catch {
    return 0;
  }
}
