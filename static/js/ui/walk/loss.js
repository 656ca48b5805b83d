/** What is said when the tablet lost something, or can keep nothing. */

import { needed } from "../base/parts.js";
import { notice } from "./status.js";
import { $, say } from "./words.js";

/** @import { WalkDB } from "#types/walk" */

/** Said until somebody says «Entendido», also after a reload. @param {WalkDB} db @param {number} lost how many things */
export async function sayLoss(db, lost) {
  if (lost) await db.put("meta", lost, "lost");
  const n = /** @type {number | undefined} */ (await db.get("meta", "lost"));
  if (n) notice("lost", say("lost_storage", { n }), [say("understood"), () => forgetLoss(db)]);
}

/** @param {WalkDB} db */
async function forgetLoss(db) {
  await db.delete("meta", "lost");
  notice("lost", "");
}

/** Nothing can be kept here: say so, and let nobody type into the void. @param {unknown} error @param {boolean} isOpen the form is there */
export function sayBroken(error, isOpen) {
  const isNewer = error instanceof DOMException && error.name === "VersionError";
  notice("blocked", "");
  notice("broken", say(isNewer ? "newer_storage" : "no_storage"), [say("reload"), () => location.reload()]);
  $("state-text").textContent = say("cannot_keep");
  if (!isOpen) needed(document, ".walk-layout", HTMLElement).hidden = true;
  console.error(error);
}
