/** The conductor's hands: buttons and forms of the tablet become wishes to the room. */

import { showList, showSentence } from "./rows.js";
import { panelOf } from "./view.js";

/** Connect every button and form of the page with the room. */
export function connectDesk(root, room, ask) {
  const refusal = root.querySelector("#refusal");
  const act = async (action, body) => {
    showRefusal(refusal, "");
    try {
      return await room.act(action, body);
    } catch (error) {
      if (error.code !== "why") return showRefusal(refusal, error.message);
      // Possible with a reason: the room asks, and the same wish goes again with the answer.
      const reason = await ask(error.message, true);
      return reason === null ? undefined : act(action, { ...body, reason });
    }
  };
  root.addEventListener("click", (event) => onClick(event, act, ask));
  root.addEventListener("submit", (event) => onSubmit(event, room, act));
  root.addEventListener("input", ({ target }) => {
    if (target.dataset.input) target.dataset.touched = "1";
    if ("filter" in target.dataset) showCandidates(root, room.state);
  });
  root.addEventListener("change", ({ target }) => {
    if ("mode" in target.dataset) act("mode", { mode: target.value, before: room.state.mode });
  });
}

/** Fill what only the tablet has. */
export function showDesk(root, state) {
  showCandidates(root, state);
  showList(panelOf(root, "attendance"), "organisations", state.organisations, ({ id }) => String(id));
  showList(panelOf(root, "vote"), "counts", state.state === "voting" ? state.ballot : [], ({ issue }) => issue, markDone);
  showProgress(root, state);
  showWitnesses(root, state.witnesses ?? []);
  const mode = root.querySelector("[data-mode]");
  if (mode !== document.activeElement) mode.value = state.mode;
}

function markDone(row, { tokens }) {
  row.toggleAttribute("data-done", tokens !== null && tokens !== undefined);
}

function showProgress(root, state) {
  const typed = state.ballot.filter(({ tokens }) => tokens !== null && tokens !== undefined);
  showSentence(root, "counted", {
    done: typed.length,
    size: state.ballot.length,
    tokens: typed.reduce((sum, { tokens }) => sum + tokens, 0),
    possible: state.voters * state.tokens_each,
  });
}

function showWitnesses(root, names) {
  const fields = root.querySelectorAll('[data-form="witnesses"] input');
  fields.forEach((field, index) => {
    if (field === document.activeElement || ![field.dataset.shown ?? "", ""].includes(field.value)) return;
    field.value = names[index] ?? "";
    field.dataset.shown = field.value;
  });
}

function showCandidates(root, state) {
  const words = root.querySelector("[data-filter]").value.trim().toLowerCase();
  const fits = ({ title, category, address }) => `${title} ${category} ${address}`.toLowerCase().includes(words);
  const items = state.candidates.filter(fits).map((item) => ({ ...item, likes: item.like.map(({ title }) => title).join("», «") }));
  showList(panelOf(root, "ballot"), "candidates", items, ({ issue }) => issue);
}

async function onClick(event, act, ask) {
  const button = event.target.closest("button");
  if (!button) return;
  const row = button.closest("[data-key]");
  const rowAction = ROW_ACTIONS[button.dataset.doRow];
  if (rowAction) await actOnRow(rowAction, row.item, button.dataset.ask, act, ask);
  if (button.dataset.do) await doOne(button, act, ask);
  if (button.dataset.doRow === "add") await act("ballot-add", { issue: row.dataset.key });
  if (button.dataset.doRow === "remove") await act("ballot-remove", { issue: row.dataset.key });
  if (button.dataset.doRow === "leave") {
    await act("attendance", { organisation: row.item.organisation, people: 0, voters: null, before: row.item.people });
  }
}

/** What a button of a row asks for: the action and its body, from the row's item and a word. */
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
};

async function actOnRow(wish, item, question, act, ask) {
  const text = question ? await ask(question, true) : "";
  if (text !== null) await act(...wish(item, text));
}

async function doOne(button, act, ask) {
  const { do: action, confirm: question, ask: wanted } = button.dataset;
  const answer = question || wanted ? await ask(question || wanted, Boolean(wanted)) : "";
  if (answer === null) return;
  button.disabled = true;
  await act(action, wanted ? { reason: answer } : {});
  button.disabled = false;
  // A button that cannot be pressed has no focus.
  if (document.activeElement === document.body) button.focus();
}

async function onSubmit(event, room, act) {
  const form = event.target.closest("form[data-form]");
  if (!form) return;
  event.preventDefault();
  const values = Object.fromEntries(new FormData(form));
  if (form.dataset.form === "total") return typeTotal(form, values, room);
  if (!["alone", "organisation", "witnesses"].includes(form.dataset.form)) return null;
  if (form.dataset.form === "witnesses") return noted(form, await act("witnesses", witnessesBody(form, values)));
  const people = whole(values.people);
  const told =
    form.dataset.form === "alone"
      ? await act("attendance", { organisation: null, people, voters: null, before: shownFor(room.state, null) })
      : await act(...forOrganisation(values.name, people, room.state));
  if (told) {
    form.reset();
    form.querySelector("input").focus();
  }
  return told;
}

/** What was typed into a form that stays filled in is no draft any more. */
function noted(form, told) {
  if (told) form.dispatchEvent(new Event("done", { bubbles: true }));
  return told;
}

function forOrganisation(name, people, state) {
  const known = state.organisations.find((organisation) => organisation.name === name.trim());
  if (known) return ["attendance", { organisation: known.id, people, voters: null, before: shownFor(state, known.id) }];
  const here = state.attendance.lines.find((line) => line.name === name.trim());
  return ["organisation", { name, kind: "", people, voters: null, before: here?.people ?? null }];
}

/** How many the list shows for an organisation, so that nobody's number is written over unseen. */
function shownFor(state, organisation) {
  return state.attendance.lines.find((line) => line.organisation === organisation)?.people ?? null;
}

function witnessesBody(form, { first, second }) {
  const shown = [...form.querySelectorAll("input")].map((field) => field.dataset.shown ?? "");
  return { names: [first, second], before: shown.filter(Boolean) };
}

async function typeTotal(form, values, room) {
  const { item } = form;
  const said = form.querySelector("[data-row-refusal]");
  const body = {
    issue: item.issue,
    tokens: whole(values.tokens),
    people: whole(values.people),
    tokens_before: item.tokens ?? null,
    people_before: item.people ?? null,
  };
  for (const field of form.querySelectorAll("input")) delete field.dataset.touched;
  try {
    await room.act("total", body);
    showRefusal(said, "");
  } catch (error) {
    for (const field of form.querySelectorAll("input")) field.dataset.touched = "1";
    showRefusal(said, error.message);
  }
}

/** "12" → 12; anything that is not a whole number stays as it is, for the server to name. */
export function whole(text) {
  const written = String(text ?? "").trim();
  return /^-?\d{1,9}$/.test(written) ? Number(written) : written || null;
}

export function showRefusal(element, sentence) {
  element.textContent = sentence;
  element.hidden = !sentence;
  if (sentence) element.scrollIntoView({ block: "nearest" });
}
