/** The longer forms of the tablet: a new problem, its levels, a paper ballot, a minute. */

import { showRefusal, whole } from "./desk.js";
import { showList } from "./rows.js";
import { panelOf } from "./view.js";

const LEVELS = ["severity", "reach", "duration", "vulnerability"];

/**
 * Connect the forms; the returned `pick(place)` is told where the map was touched.
 * @returns {{pick: (place: {lat: number, lng: number}) => void}}
 */
export function connectForms(root, room, map) {
  const refusal = root.querySelector("#refusal");
  const picked = root.querySelector("[data-map-picked]");
  let place = null;
  const pick = (where) => {
    place = where;
    picked.hidden = !where;
    map.point(where);
  };
  const send = async (form, action, body, done = () => form.reset()) => {
    showRefusal(refusal, "");
    try {
      await room.act(action, body);
      done();
    } catch (error) {
      showRefusal(form.querySelector("[data-row-refusal]") ?? refusal, error.message);
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

/** Fill what these forms need. */
export function showForms(root, state) {
  showList(panelOf(root, "mapping"), "pairs", pairsOf(state), ({ duplicate, into }) => `${duplicate} ${into}`);
  const isPaper = state.mode === "ballots" && state.state === "voting";
  const vote = panelOf(root, "vote");
  showList(vote, "paper", isPaper ? state.ballot : [], ({ issue }) => issue);
  showList(vote, "papers", state.papers ?? [], ({ number }) => String(number));
  showList(vote, "disputes", disputesOf(state), ({ number }) => String(number));
  const number = vote.querySelector("#paper-number");
  if (isPaper && !number.value) number.value = String((state.papers ?? []).length + 1);
}

/** Every two problems that look alike, once; the one on the ballot, or else the better known, stays. */
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

/** Papers that two tablets typed differently, each version in words. */
function disputesOf({ papers = [], ballot }) {
  const inWords = (choices) =>
    ballot
      .filter(({ issue }) => choices[issue])
      .map(({ issue, title }) => `${title}: ${choices[issue]}`)
      .join("; ");
  const disputed = papers.filter(({ rival }) => rival !== null);
  return disputed.map((paper) => ({ ...paper, first: inWords(paper.choices), second: inWords(paper.rival) }));
}

function on(root, name, act) {
  root.querySelector(`form[data-form="${name}"]`).addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    act(event.target, Object.fromEntries(new FormData(event.target)));
  });
}

function mapBody(values) {
  return { title: values.title, category: values.category, ...levelsOf(values) };
}

function levelsOf(values) {
  return Object.fromEntries(LEVELS.map((name) => [name, values[name] ? Number(values[name]) : null]));
}

function paperBody(form, values) {
  const rows = [...form.querySelectorAll("[data-key]")];
  const given = rows.map((row) => [row.dataset.key, whole(row.querySelector("[data-choice]").value || "0")]);
  const number = whole(values.number);
  return { number, choices: Object.fromEntries(given), before: beforeOf(form, number) };
}

/** What the form showed under this number when somebody opened it; null for a paper typed afresh. */
function beforeOf(form, number) {
  const shown = JSON.parse(form.dataset.shown ?? "null");
  return shown?.number === number ? shown.choices : null;
}

function nextPaper(form, state) {
  delete form.dataset.shown;
  for (const field of form.querySelectorAll("[data-choice]")) field.value = "";
  const numbers = state.papers.map(({ number }) => number);
  form.elements.number.value = String(Math.max(0, ...numbers) + 1);
  showRefusal(form.querySelector("[data-row-refusal]"), "");
  form.querySelector("[data-choice]").focus();
}

function connectPapers(root, room, send) {
  const form = root.querySelector('form[data-form="paper"]');
  root.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.doRow === "paper-show") showPaper(form, button.closest("[data-key]").item);
    if (button?.dataset.doRow === "paper-remove") {
      const number = whole(form.elements.number.value);
      send(form, "paper-remove", { number, before: beforeOf(form, number) }, () => nextPaper(form, room.state));
    }
  });
}

function showPaper(form, { number, choices }) {
  form.dataset.shown = JSON.stringify({ number, choices });
  form.elements.number.value = String(number);
  for (const row of form.querySelectorAll("[data-key]")) row.querySelector("[data-choice]").value = choices[row.dataset.key] ?? "";
  form.querySelector("[data-choice]").focus();
}

function connectLevels(root, send) {
  const dialog = root.querySelector("#levels");
  const form = dialog.querySelector("form");
  let issue = null;
  let before = null;
  root.addEventListener("click", ({ target }) => {
    const button = target.closest('button[data-do-row="levels"]');
    if (!button) return;
    const { item } = button.closest("[data-key]");
    issue = item.issue;
    before = item.levels ?? null;
    dialog.querySelector("[data-levels-title]").textContent = item.title;
    LEVELS.forEach((name, index) => {
      form.elements[name].value = String(item.levels?.[index] ?? 0);
    });
    dialog.showModal();
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.stopPropagation();
    const values = Object.fromEntries(new FormData(form));
    send(form, { issue, before, ...levelsOf(values), evidence: values.evidence });
  });
}
