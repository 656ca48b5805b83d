/** What was made on this tablet, each with its own truth: saved here, received there, or why not. */

import { metresBetween } from "../../data/geo/distance.js";
import { dropDraft, otherDrafts } from "../../data/walk/drafts.js";
import { everything } from "../../data/walk/outbox.js";
import { $, button, clock, make, say } from "./words.js";

const NEARBY = 200;
const NEARBY_SHOWN = 6;

/** @import { Draft, Position, Row, WalkDB } from "#types/walk" */
/** @import { KnownIssue } from "../../data/walk/known-issues.js" */

/** @typedef {KnownIssue & {metres: number}} Near */

/**
 * @typedef {object} ListUse
 * @property {WalkDB} db
 * @property {string | undefined} openDraft id of the draft in the form
 * @property {KnownIssue[]} known
 * @property {Position} here where the cross stands
 * @property {(issue: KnownIssue) => void} onPick
 * @property {(draft: Draft) => void} onOpen
 * @property {(row: Row) => void} onAnother
 * @property {(row: Row) => void} onUndo
 */

/** Draw drafts and records, newest first. @param {ListUse} use */
export async function showList(use) {
  const [rows, drafts, photos] = await Promise.all([
    everything(use.db),
    otherDrafts(use.db, use.openDraft),
    use.db.getAllFromIndex("photos", "state", "saved"),
  ]);
  /** @type {Map<string, number>} */
  const waiting = new Map();
  for (const { record } of photos) waiting.set(record, (waiting.get(record) ?? 0) + 1);
  const undone = new Set(rows.filter(({ kind }) => kind === "withdraw").map(({ issue }) => issue));
  const shown = rows.filter(({ kind }) => kind !== "track").slice(0, 300);
  const items = [
    ...drafts.map((draft) => draftItem(use, draft)),
    ...shown.map((row) => rowItem(use, row, waiting.get(row.id) ?? 0, undone)),
  ];
  showNearby(use, rows);
  $("list").replaceChildren(...(items.length ? items : [make("li", { text: say("nothing_yet") })]));
}

/** The known problems around the cross as a list: a map of dots is of no use to a keyboard. @param {ListUse} use @param {Row[]} rows */
function showNearby({ here, known, onPick }, rows) {
  const listed = new Set(rows.map(({ id }) => id));
  const others = known.filter(({ id }) => !listed.has(id));
  const measured = others.map((issue) => ({ ...issue, metres: metresBetween(here, issue) }));
  const near = measured.filter(({ metres }) => metres <= NEARBY).sort((a, b) => a.metres - b.metres);
  const items = near.slice(0, NEARBY_SHOWN).map((issue) => make("li", { children: [nearby(issue, onPick)] }));
  $("nearby").replaceChildren(...items);
  $("nearby-box").hidden = !items.length;
}

/** @param {Near} issue @param {(issue: KnownIssue) => void} onPick */
function nearby(issue, onPick) {
  const facts = [say("metres", { n: Math.round(issue.metres) }), issue.categoryName, issue.label].filter(Boolean);
  const open = button("", () => onPick(issue), "button walk-nearby__one");
  open.append(make("strong", { text: issue.title }), make("span", { className: "walk-hint", text: facts.join(" · ") }));
  return open;
}

/** @param {ListUse} use @param {Draft} draft */
function draftItem(use, draft) {
  const open = button(say("continue"), () => use.onOpen(draft), "button button--primary");
  const drop = button(say("undo"), async () => {
    await dropDraft(use.db, draft.id);
    await showList(use);
  });
  return make("li", {
    className: "walk-item",
    children: [
      make("p", { className: "walk-item__title", text: `${say("draft")}: ${draft.title || say("untitled")}` }),
      make("p", { className: "walk-actions", children: [open, drop] }),
    ],
  });
}

/** @param {ListUse} use @param {Row} row @param {number} photos @param {Set<string | null>} undone */
function rowItem(use, row, photos, undone) {
  const title = row.title || say(`kind_${row.kind}`);
  const state = make("p", {
    className: "walk-item__state",
    text: stateWords(row, photos),
    "data-state": photos && row.state !== "attention" ? "saved" : row.state,
  });
  const item = make("li", {
    className: "walk-item",
    "data-id": row.id,
    children: [make("p", { className: "walk-item__title", text: title }), make("p", { className: "walk-hint", text: facts(row) }), state],
  });
  const actions = actionsOf(use, row, undone);
  if (actions.length) item.append(make("p", { className: "walk-actions", children: actions }));
  return item;
}

/** @param {Row} row @param {number} photos */
function stateWords(row, photos) {
  const words = [say(`state_${row.state}`)];
  if (photos) words.push(photos === 1 ? say("photo_waiting") : say("photos_waiting", { n: photos }));
  if (row.damaged) words.push(say("photo_damaged"));
  if (row.state !== "delivered" && row.answer) words.push(row.answer.sentence || say(`answer_${row.answer.result}`));
  return words.filter(Boolean).join(" · ");
}

/** @param {Row} row */
function facts(row) {
  return [say(`kind_${row.kind}`), clock(row.made)].join(" · ");
}

/** @param {ListUse} use @param {Row} row @param {Set<string | null>} undone */
function actionsOf(use, row, undone) {
  /** @type {HTMLElement[]} */
  const actions = [];
  if (row.kind !== "issue") return actions;
  actions.push(button(say("another_here"), () => use.onAnother(row)));
  if (undone.has(row.id)) actions.push(make("span", { className: "walk-hint", text: say("undone") }));
  else if (isToday(row.made)) actions.push(button(say("undo"), () => use.onUndo(row)));
  return actions;
}

/** @param {number} moment */
function isToday(moment) {
  return new Date(moment).toDateString() === new Date().toDateString();
}
