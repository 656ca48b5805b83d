/** The conductor's hands: buttons and forms of the tablet become wishes to the room. */

import { RequestFailed } from "../../data/base/request.js";
import { around, needed, parts } from "../base/parts.js";
import { itemAround, showList, showSentence } from "./rows.js";
import { panelOf } from "./view.js";

/** @import { Ask, AttendanceLine, BallotItem, RoomFace, RoomState } from "#types/room" */

/**
 * @typedef {(action: string, body?: object) => Promise<RoomState | undefined>} Act undefined when it was refused
 * @typedef {[action: string, body: object]} Wish
 * @typedef {Record<string, FormDataEntryValue>} Values
 */

const TYPING_MS = 250;
/** As many as a small ballot has, where each person gets three tokens. */
const FIRST = 6;
/** What the server found for which words, by the field that asked. @type {WeakMap<HTMLElement, { words: string, items: BallotItem[] }>} */
const FOUND = new WeakMap();

/** Connect every button and form of the page with the room. @param {HTMLElement} root @param {RoomFace} room @param {Ask} ask */
export function connectDesk(root, room, ask) {
  const refusal = needed(root, "#refusal", HTMLElement);
  /** @type {Act} */
  const act = async (action, body) => {
    showRefusal(refusal, "");
    try {
      return await room.act(action, body);
    } catch (error) {
      const { message } = asError(error);
      if (!isQuestion(error)) {
        showRefusal(refusal, message);
        return undefined;
      }
      // Possible with a reason: the room asks, and the same wish goes again with the answer.
      const reason = await ask(message, true);
      return reason === null ? undefined : act(action, { ...body, reason });
    }
  };
  root.addEventListener("click", (event) => onClick(event, act, ask));
  root.addEventListener("click", ({ target }) => {
    const button = around(target, "[data-fill]", HTMLButtonElement);
    if (button) fill(button, room.state, act);
  });
  root.addEventListener("submit", (event) => onSubmit(event, room, act));
  root.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    if (target.dataset.input) target.dataset.touched = "1";
    if (target instanceof HTMLInputElement && "filter" in target.dataset) search(root, room, target);
  });
  root.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLSelectElement && "mode" in target.dataset) act("mode", { mode: target.value, before: room.state.mode });
  });
}

/** Whether the room would do it, with a reason. @param {unknown} error @returns {error is RequestFailed} */
export function isQuestion(error) {
  return error instanceof RequestFailed && error.code === "why";
}

/** What went wrong, as something that has a sentence. @param {unknown} error */
export function asError(error) {
  return error instanceof Error ? error : new Error(String(error));
}

/** Fill what only the tablet has. @param {HTMLElement} root @param {RoomState} state */
export function showDesk(root, state) {
  showCandidates(root, state);
  showList(panelOf(root, "attendance"), "organisations", state.organisations, ({ id }) => String(id));
  showList(panelOf(root, "vote"), "counts", state.state === "voting" ? state.ballot : [], ({ issue }) => issue, markDone);
  showProgress(root, state);
  showWitnesses(root, state.witnesses ?? []);
  const mode = needed(root, "[data-mode]", HTMLSelectElement);
  if (mode !== document.activeElement) mode.value = state.mode;
}

/** @param {HTMLElement} row @param {BallotItem} item */
function markDone(row, { tokens }) {
  row.toggleAttribute("data-done", tokens !== null && tokens !== undefined);
}

/** @param {HTMLElement} root @param {RoomState} state */
function showProgress(root, state) {
  const typed = state.ballot.flatMap(({ tokens }) => tokens ?? []);
  showSentence(root, "counted", {
    done: typed.length,
    size: state.ballot.length,
    tokens: typed.reduce((sum, tokens) => sum + tokens, 0),
    possible: state.voters * state.tokens_each,
  });
}

/** @param {HTMLElement} root @param {string[]} names */
function showWitnesses(root, names) {
  const fields = parts(root, '[data-form="witnesses"] input', HTMLInputElement);
  fields.forEach((field, index) => {
    if (field === document.activeElement || ![field.dataset.shown ?? "", ""].includes(field.value)) return;
    field.value = names[index] ?? "";
    field.dataset.shown = field.value;
  });
}

/**
 * Ask the server for what is searched; what a slower answer to older words says is not shown.
 * @param {HTMLElement} root @param {RoomFace} room @param {HTMLInputElement} field
 */
async function search(root, room, field) {
  const words = field.value.trim();
  if (words) {
    await new Promise((resolve) => setTimeout(resolve, TYPING_MS));
    if (field.value.trim() !== words) return;
    const items = await room.search(words).catch(() => null);
    if (field.value.trim() !== words) return;
    if (items) FOUND.set(field, { words, items });
    else FOUND.delete(field);
  }
  showCandidates(root, room.state);
}

/** @param {HTMLElement} root @param {RoomState} state */
function showCandidates(root, state) {
  const field = needed(root, "[data-filter]", HTMLInputElement);
  const words = field.value.trim();
  /** @param {BallotItem} item */
  const fits = ({ title, category, address }) => `${title} ${category} ${address}`.toLowerCase().includes(words.toLowerCase());
  const onBallot = new Set(state.ballot.map(({ issue }) => issue));
  const found = FOUND.get(field);
  const known = words && found?.words === words ? found.items : state.candidates.filter(fits);
  const more = words ? 0 : (state.pending ?? 0) - state.candidates.length;
  needed(root, '[data-pattern-of="more-pending"]', HTMLElement).hidden = more < 1;
  showSentence(root, "more-pending", { more });
  needed(root, "[data-fill]", HTMLElement).hidden = words !== "" || state.ballot.length > 0 || known.length < FIRST;
  const items = known
    .filter(({ issue }) => !onBallot.has(issue))
    .map((item) => ({ ...item, likes: item.like.map(({ title }) => title).join("», «") }));
  showList(panelOf(root, "ballot"), "candidates", items, ({ issue }) => issue);
}

/** Put the first of those that wait on the ballot, one after another. @param {HTMLButtonElement} button @param {RoomState} state @param {Act} act */
async function fill(button, { candidates }, act) {
  button.disabled = true;
  for (const { issue } of candidates.slice(0, FIRST)) if (!(await act("ballot-add", { issue }))) break;
  button.disabled = false;
}

/** @param {Event} event @param {Act} act @param {Ask} ask */
async function onClick(event, act, ask) {
  const button = around(event.target, "button", HTMLButtonElement);
  if (!button) return;
  const item = /** @type {Named} */ (itemAround(button));
  const rowAction = ROW_ACTIONS[button.dataset.doRow ?? ""];
  if (rowAction) await actOnRow(rowAction, item, button.dataset.ask, act, ask);
  if (button.dataset.do) await doOne(button, act, ask);
}

/** @typedef {Pick<BallotItem, "issue"> & AttendanceLine & {id: string, duplicate: string, into: string, number: number, rival: object}} Named */

/** What a button of a row asks for: the action and its body, from the row's item and a word. @type {Record<string, (item: Named, text: string) => Wish>} */
const ROW_ACTIONS = {
  "judge-done": ({ id }) => ["judge", { issue: id, is_done: true, text: "" }],
  "judge-not": ({ id }, text) => ["judge", { issue: id, is_done: false, text }],
  appeal: ({ id }, text) => ["appeal", { issue: id, text }],
  "same-yes": ({ duplicate, into }) => ["same", { duplicate, into, is_same: true }],
  "same-no": ({ duplicate, into }) => ["same", { duplicate, into, is_same: false }],
  "paper-first": ({ number, rival }) => ["paper-settle", { number, rival, keep: "first" }],
  "paper-second": ({ number, rival }) => ["paper-settle", { number, rival, keep: "second" }],
  "paper-both": ({ number, rival }) => ["paper-settle", { number, rival, keep: "both" }],
  strike: ({ id }) => ["strike", { minute: id }],
  add: ({ issue }) => ["ballot-add", { issue }],
  remove: ({ issue }) => ["ballot-remove", { issue }],
  leave: ({ organisation, people }) => ["attendance", { organisation, people: 0, voters: null, before: people }],
};

/** @param {(item: Named, text: string) => Wish} wish @param {Named} item @param {string | undefined} question @param {Act} act @param {Ask} ask */
async function actOnRow(wish, item, question, act, ask) {
  const text = question ? await ask(question, true) : "";
  if (text !== null) await act(...wish(item, text));
}

/** @param {HTMLButtonElement} button @param {Act} act @param {Ask} ask */
async function doOne(button, act, ask) {
  const { do: action = "", confirm: confirmed, ask: wanted } = button.dataset;
  const question = confirmed || wanted;
  const answer = question ? await ask(question, Boolean(wanted)) : "";
  if (answer === null) return;
  button.disabled = true;
  if (action !== "close" || (await noteWitnesses(act))) await act(action, wanted ? { reason: answer } : {});
  button.disabled = false;
  // A button that cannot be pressed has no focus.
  if (document.activeElement === document.body) button.focus();
}

/** Who closes means the witnesses that stand there, noted or not; false when they were refused. @param {Act} act */
async function noteWitnesses(act) {
  const form = needed(document, '[data-form="witnesses"]', HTMLFormElement);
  const fields = parts(form, "input", HTMLInputElement);
  if (fields.every(({ value, dataset }) => value === (dataset.shown ?? ""))) return true;
  const values = Object.fromEntries(new FormData(form));
  return Boolean(noted(form, await act("witnesses", witnessesBody(form, values))));
}

/** @param {SubmitEvent} event @param {RoomFace} room @param {Act} act */
async function onSubmit(event, room, act) {
  const form = around(event.target, "form[data-form]", HTMLFormElement);
  const name = form?.dataset.form ?? "";
  if (!form) return;
  event.preventDefault();
  const values = Object.fromEntries(new FormData(form));
  if (name === "total") return typeTotal(form, values, room);
  if (!["alone", "organisation", "witnesses"].includes(name)) return null;
  if (name === "witnesses") return noted(form, await act("witnesses", witnessesBody(form, values)));
  const people = whole(values.people);
  const told =
    name === "alone"
      ? await act("attendance", { organisation: null, people, voters: null, before: shownFor(room.state, null) })
      : await act(...forOrganisation(String(values.name), people, room.state));
  if (told) {
    form.reset();
    needed(form, "input", HTMLInputElement).focus();
  }
  return told;
}

/**
 * What was typed into a form that stays filled in is no draft any more.
 * @template T
 * @param {HTMLFormElement} form
 * @param {T} told
 */
function noted(form, told) {
  if (told) form.dispatchEvent(new Event("done", { bubbles: true }));
  return told;
}

/** @param {string} name @param {number | string | null} people @param {RoomState} state @returns {Wish} */
function forOrganisation(name, people, state) {
  const known = state.organisations.find((organisation) => organisation.name === name.trim());
  if (known) return ["attendance", { organisation: known.id, people, voters: null, before: shownFor(state, known.id) }];
  const here = state.attendance.lines.find((line) => line.name === name.trim());
  return ["organisation", { name, kind: "", people, voters: null, before: here?.people ?? null }];
}

/** How many the list shows for an organisation, so that nobody's number is written over unseen. @param {RoomState} state @param {number | null} organisation */
function shownFor(state, organisation) {
  return state.attendance.lines.find((line) => line.organisation === organisation)?.people ?? null;
}

/** @param {HTMLFormElement} form @param {Values} values */
function witnessesBody(form, { first, second }) {
  const shown = parts(form, "input", HTMLInputElement).map((field) => field.dataset.shown ?? "");
  return { names: [first, second], before: shown.filter(Boolean) };
}

/** @param {HTMLFormElement} form @param {Values} values @param {RoomFace} room */
async function typeTotal(form, values, room) {
  const item = /** @type {BallotItem} */ (itemAround(form));
  const said = needed(form, "[data-row-refusal]", HTMLElement);
  const fields = parts(form, "input", HTMLInputElement);
  const body = {
    issue: item.issue,
    tokens: whole(values.tokens),
    people: whole(values.people),
    tokens_before: item.tokens ?? null,
    people_before: item.people ?? null,
  };
  for (const field of fields) delete field.dataset.touched;
  try {
    await room.act("total", body);
    showRefusal(said, "");
    goOn(form);
  } catch (error) {
    for (const field of fields) field.dataset.touched = "1";
    showRefusal(said, asError(error).message);
  }
}

/** On to the next problem, unless somebody is elsewhere already. @param {HTMLFormElement} form */
function goOn(form) {
  const next = form.nextElementSibling;
  const { activeElement } = document;
  if (next && (form.contains(activeElement) || activeElement === document.body)) needed(next, "input", HTMLInputElement).focus();
}

/** "12" → 12; anything that is not a whole number stays as it is, for the server to name. @param {FormDataEntryValue | null | undefined} text */
export function whole(text) {
  const written = String(text ?? "").trim();
  return /^-?\d{1,9}$/.test(written) ? Number(written) : written || null;
}

/** @param {HTMLElement} element @param {string} sentence */
export function showRefusal(element, sentence) {
  element.textContent = sentence;
  element.hidden = !sentence;
  if (sentence) element.scrollIntoView({ block: "nearest" });
}
