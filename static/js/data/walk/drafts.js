/** Open forms, written at every change, so that a page killed behind the camera loses nothing. */

import { uuid7 } from "../base/uuid7.js";

/** @import { Draft, WalkDB } from "#types/walk" */

/**
 * A new empty draft; its id becomes the problem's id, so that saving twice saves once.
 * @param {Partial<Draft>} more
 * @returns {Draft}
 */
export function newDraft(more = {}) {
  return {
    id: uuid7(),
    made: Date.now(),
    title: "",
    category: "",
    levels: {},
    reason: "",
    photos: [],
    position: null,
    ...more,
  };
}

/** The draft that was open last, or a new one. One that became a record before it could be dropped is none. @param {WalkDB} db */
export async function currentDraft(db) {
  const id = /** @type {string | undefined} */ (await db.get("meta", "draft"));
  const draft = id && (await db.get("drafts", id));
  if (!id || !draft) return newDraft();
  if (!(await db.get("records", id))) return draft;
  await dropDraft(db, id);
  return newDraft();
}

/** Keep the open draft. @param {WalkDB} db @param {Draft} draft */
export async function keepDraft(db, draft) {
  const tx = db.transaction(["drafts", "meta"], "readwrite");
  tx.objectStore("drafts").put(draft);
  tx.objectStore("meta").put(draft.id, "draft");
  await tx.done;
}

/** Forget a draft: it was saved, or the person dropped it. @param {WalkDB} db @param {string} id */
export async function dropDraft(db, id) {
  await db.delete("drafts", id);
}

/** Drafts with something in them, except the open one, newest first. @param {WalkDB} db @param {string | undefined} openId */
export async function otherDrafts(db, openId) {
  const [drafts, saved] = await Promise.all([db.getAll("drafts"), db.getAllKeys("records")]);
  const made = new Set(saved);
  return drafts.filter((draft) => draft.id !== openId && isTouched(draft) && !made.has(draft.id)).sort((a, b) => b.made - a.made);
}

/** Whether somebody put anything into a draft. @param {Pick<Draft, "title" | "category" | "photos">} draft */
export function isTouched({ title, category, photos }) {
  return Boolean(title || category || photos.length);
}
