/** The longer forms of the tablet: a new problem, its levels, a paper ballot, a minute. */

import { around, needed, part, parts } from "../base/parts.js";
import { asError, showRefusal, whole } from "./desk.js";
import { itemAround, showList } from "./rows.js";
import { panelOf } from "./view.js";

/** @import { BallotItem, Paper, RoomFace, RoomState } from "#types/room" */

const LEVELS = ["severity", "reach", "duration", "vulnerability"];

/**
 * @typedef {{lat: number, lng: number}} Spot degrees
 * @typedef {{point: (place: Spot | null) => void}} PointingMap
 * @typedef {Record<string, FormDataEntryValue>} Values
 * @typedef {(form: HTMLFormElement, action: string, body: object, done?: () => void) => Promise<void>} Send
 */

/**
 * Connect the forms; the returned `pick(place)` is told where the map was touched.
 * @param {HTMLElement} root
 * @param {RoomFace} room
 * @param {PointingMap} map
 * @returns {{pick: (place: Spot) => void}}
 */
export function connectForms(root, room, map) {
  const refusal = needed(root, "#refusal", HTMLElement);
  const picked = needed(root, "[data-map-picked]", HTMLElement);
  /** @type {Spot | null} */
  let place = null;
  /** @param {Spot | null} where */
  const pick = (where) => {
    place = where;
    picked.hidden = !where;
    map.point(where);
  };
  /** @type {Send} */
  const send = async (form, action, body, done = () => form.reset()) => {
    showRefusal(refusal, "");
    try {
      await room.act(action, body);
      done();
    } catch (error) {
      showRefusal(part(form, "[data-row-refusal]", HTMLElement) ?? refusal, asError(error).message);
    }
  };
  on(root, "map", (form, values) =>
    send(form, "map", { ...mapBody(values), lat: place?.lat ?? null, lng: place?.lng ?? null }, () => {
      form.reset();
      pick(null);
    }),
  );
  on(root, "note", (form, values) => send(form, "note", { ...values, due: values.due || null }));
  on(root, "paper", (form, values) => send(form, "paper", paperBody(form, values), () => nextPaper(form, room.state)));
  connectLevels(root, (form, body) => send(form, "levels", body));
  connectPapers(root, room, send);
  return { pick };
}

/** Fill what these forms need. @param {HTMLElement} root @param {RoomState} state */
export function showForms(root, state) {
  showList(panelOf(root, "mapping"), "pairs", pairsOf(state), ({ duplicate, into }) => `${duplicate} ${into}`);
  const isPaper = state.mode === "ballots" && state.state === "voting";
  const vote = panelOf(root, "vote");
  showList(vote, "paper", isPaper ? state.ballot : [], ({ issue }) => issue);
  showList(vote, "papers", state.papers ?? [], ({ number }) => String(number));
  showList(vote, "disputes", disputesOf(state), ({ number }) => String(number));
  const number = needed(vote, "#paper-number", HTMLInputElement);
  if (isPaper && !number.value) number.value = String((state.papers ?? []).length + 1);
}

/** Every two problems that look alike, once; the one on the ballot, or else the better known, stays. @param {RoomState} state */
function pairsOf(state) {
  const onBallot = new Set(state.ballot.map(({ issue }) => issue));
  const seen = new Set();
  const pairs = [];
  for (const { issue, title, like } of state.candidates) {
    for (const other of like) {
      const key = [issue, other.issue].sort().join(" ");
      if (seen.has(key)) continue;
      seen.add(key);
      const keepsOther = onBallot.has(other.issue);
      const [duplicate, into] = keepsOther ? [issue, other.issue] : [other.issue, issue];
      pairs.push({ duplicate, into, one: title, other: other.title });
    }
  }
  return pairs;
}

/** Papers that two tablets typed differently, each version in words. @param {RoomState} state */
function disputesOf({ papers = [], ballot }) {
  /** @param {Record<string, number>} choices */
  const inWords = (choices) =>
    ballot
      .filter(({ issue }) => choices[issue])
      .map(({ issue, title }) => `${title}: ${choices[issue]}`)
      .join("; ");
  return papers.flatMap((paper) => (paper.rival ? [{ ...paper, first: inWords(paper.choices), second: inWords(paper.rival) }] : []));
}

/** @param {HTMLElement} root @param {string} name @param {(form: HTMLFormElement, values: Values) => void} act */
function on(root, name, act) {
  const form = needed(root, `form[data-form="${name}"]`, HTMLFormElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    act(form, Object.fromEntries(new FormData(form)));
  });
}

/** @param {Values} values */
function mapBody(values) {
  return { title: values.title, category: values.category, ...levelsOf(values) };
}

/** @param {Values} values */
function levelsOf(values) {
  return Object.fromEntries(LEVELS.map((name) => [name, values[name] ? Number(values[name]) : null]));
}

/** @param {HTMLFormElement} form @param {Values} values */
function paperBody(form, values) {
  const given = choiceFields(form).map(([issue, field]) => [issue, whole(field.value || "0")]);
  const number = whole(values.number);
  return { number, choices: Object.fromEntries(given), before: beforeOf(form, number) };
}

/** The fields of a paper by problem. @param {HTMLFormElement} form @returns {[string, HTMLInputElement][]} */
function choiceFields(form) {
  const rows = parts(form, "[data-key]", HTMLElement);
  return rows.map((row) => [row.dataset.key ?? "", needed(row, "[data-choice]", HTMLInputElement)]);
}

/** What the form showed under this number when somebody opened it; null for a paper typed afresh. @param {HTMLFormElement} form @param {unknown} number */
function beforeOf(form, number) {
  const shown = /** @type {Pick<Paper, "number" | "choices"> | null} */ (JSON.parse(form.dataset.shown ?? "null"));
  return shown && shown.number === number ? shown.choices : null;
}

/** @param {HTMLFormElement} form */
function numberOf(form) {
  return needed(form, '[name="number"]', HTMLInputElement);
}

/** @param {HTMLFormElement} form @param {RoomState} state */
function nextPaper(form, state) {
  delete form.dataset.shown;
  for (const [, field] of choiceFields(form)) field.value = "";
  const numbers = (state.papers ?? []).map(({ number }) => number);
  numberOf(form).value = String(Math.max(0, ...numbers) + 1);
  showRefusal(needed(form, "[data-row-refusal]", HTMLElement), "");
  needed(form, "[data-choice]", HTMLInputElement).focus();
}

/** @param {HTMLElement} root @param {RoomFace} room @param {Send} send */
function connectPapers(root, room, send) {
  const form = needed(root, 'form[data-form="paper"]', HTMLFormElement);
  root.addEventListener("click", ({ target }) => {
    const button = around(target, "button", HTMLButtonElement);
    if (button?.dataset.doRow === "paper-show") showPaper(form, /** @type {Paper} */ (itemAround(button)));
    if (button?.dataset.doRow === "paper-remove") {
      const number = whole(numberOf(form).value);
      send(form, "paper-remove", { number, before: beforeOf(form, number) }, () => nextPaper(form, room.state));
    }
  });
}

/** @param {HTMLFormElement} form @param {Paper} paper */
function showPaper(form, { number, choices }) {
  form.dataset.shown = JSON.stringify({ number, choices });
  numberOf(form).value = String(number);
  for (const [issue, field] of choiceFields(form)) field.value = String(choices[issue] ?? "");
  needed(form, "[data-choice]", HTMLInputElement).focus();
}

/** @param {HTMLElement} root @param {(form: HTMLFormElement, body: object) => void} send */
function connectLevels(root, send) {
  const dialog = needed(root, "#levels", HTMLDialogElement);
  const form = needed(dialog, "form", HTMLFormElement);
  const title = needed(dialog, "[data-levels-title]", HTMLElement);
  /** @type {{issue: string | null, before: number[] | null}} */
  let asked = { issue: null, before: null };
  root.addEventListener("click", ({ target }) => {
    const button = around(target, 'button[data-do-row="levels"]', HTMLButtonElement);
    if (!button) return;
    const item = /** @type {BallotItem} */ (itemAround(button));
    asked = { issue: item.issue, before: item.levels ?? null };
    title.textContent = item.title;
    LEVELS.forEach((name, index) => {
      needed(form, `[name="${name}"]`, HTMLSelectElement).value = String(item.levels?.[index] ?? 0);
    });
    dialog.showModal();
  });
  needed(dialog, "[data-close]", HTMLButtonElement).addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.stopPropagation();
    const values = Object.fromEntries(new FormData(form));
    send(form, { ...asked, ...levelsOf(values), evidence: values.evidence });
  });
}
