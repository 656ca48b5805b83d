/** Open forms, written at every change, so that a page killed behind the camera loses nothing. */

import { uuid7 } from "./uuid7.js";

/** A new empty draft; its id becomes the problem's id, so that saving twice saves once. */
export function newDraft(more = {}) {
  return { id: uuid7(), made: Date.now(), title: "", category: "", levels: {}, reason: "", photos: [], position: null, ...more };
}

/** The draft that was open last, or a new one. */
export async function currentDraft(db) {
  const id = await db.get("meta", "draft");
  return (id && (await db.get("drafts", id))) || newDraft();
}

/** Keep the open draft. */
export async function keepDraft(db, draft) {
  const tx = db.transaction(["drafts", "meta"], "readwrite");
  tx.objectStore("drafts").put(draft);
  tx.objectStore("meta").put(draft.id, "draft");
  await tx.done;
}

/** Forget a draft: it was saved, or the person dropped it. */
export async function dropDraft(db, id) {
  await db.delete("drafts", id);
}

/** Drafts with something in them, except the open one, newest first. */
export async function otherDrafts(db, openId) {
  const drafts = await db.getAll("drafts");
  return drafts.filter((draft) => draft.id !== openId && isTouched(draft)).sort((a, b) => b.made - a.made);
}

/** Whether somebody put anything into a draft. */
export function isTouched({ title, category, photos }) {
  return Boolean(title || category || photos.length);
}
