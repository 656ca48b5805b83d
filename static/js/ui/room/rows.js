/** Fills the empty parts of a server-rendered page with values; every word stays in the template. */

import { fill } from "../../data/base/patterns.js";
import { formats } from "../base/formats.js";
import { needed, part, parts } from "../base/parts.js";

/** What each row shows. @type {WeakMap<Element, object>} */
const shownIn = new WeakMap();

/** What the row around a part of the page shows. @param {Element} inner @returns {object} */
export function itemAround(inner) {
  const row = inner.closest("[data-key]");
  return (row && shownIn.get(row)) ?? {};
}

/**
 * Show a list with the template beside it; rows with the same key stay the same element, so that a
 * field somebody types in is never replaced.
 * @template {object} T
 * @param {HTMLElement} panel holds [data-list=name] and template[data-row=name]
 * @param {string} name
 * @param {T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(row: HTMLElement, item: T) => void} [finish] called after the row was filled
 */
export function showList(panel, name, items, keyOf, finish = () => {}) {
  const list = needed(panel, `[data-list="${name}"]`, HTMLElement);
  const known = new Map(parts(list, ":scope > *", HTMLElement).map((row) => [row.dataset.key, row]));
  const rows = items.map((item) => {
    const key = keyOf(item);
    const row = known.get(key) ?? newRow(panel, name);
    row.dataset.key = key;
    shownIn.set(row, item);
    fillRow(row, item);
    finish(row, item);
    return row;
  });
  for (const row of parts(list, ":scope > *", HTMLElement)) if (!rows.includes(row)) remove(row, panel);
  order(list, rows);
  const empty = part(panel, `[data-empty="${name}"]`, HTMLElement);
  if (empty) empty.hidden = items.length > 0;
}

/**
 * Put rows in order; the one in which somebody is at work is never taken out of the page, others go round it.
 * @param {HTMLElement} list @param {HTMLElement[]} rows
 */
function order(list, rows) {
  const held = rows.find((row) => row.contains(document.activeElement));
  let place = list.firstElementChild;
  for (const row of rows) {
    while (row === held && place && place !== held && held.parentElement === list) {
      const before = place;
      place = place.nextElementSibling;
      list.append(before);
    }
    if (row === place) place = place.nextElementSibling;
    else list.insertBefore(row, place);
  }
}

/**
 * Take a row away; who was in it finds the same button in the row that follows, or the panel's beginning.
 * @param {HTMLElement} row @param {HTMLElement} panel
 */
function remove(row, panel) {
  const active = document.activeElement;
  const had = active instanceof HTMLElement && row.contains(active) ? active.dataset.doRow : null;
  const near = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  if (had === null) return;
  const next = part(near, `[data-do-row="${had}"]:not([hidden])`, HTMLElement) ?? part(panel, "h2", HTMLElement);
  next?.focus();
}

/** @param {HTMLElement} panel @param {string} name */
function newRow(panel, name) {
  const { content } = needed(panel, `template[data-row="${name}"]`, HTMLTemplateElement);
  const row = content.firstElementChild?.cloneNode(true);
  if (!(row instanceof HTMLElement)) throw new TypeError(`no row in the template of ${name}`);
  return row;
}

/** Put one item's values into the marked parts of a row. @param {HTMLElement} row @param {object} item */
export function fillRow(row, item) {
  each(row, "text", (part, name) => write(part, named(item, name) || part.dataset.default || ""));
  each(row, "number", (part, name) => write(part, number(named(item, name))));
  each(row, "value", (part, name) => part.setAttribute("value", String(named(item, name) ?? "")));
  each(row, "pattern", (part, pattern) => {
    if (part.dataset.date === undefined) write(part, fill(pattern, item));
  });
  each(row, "date", (part, name) => showDate(part, named(item, name)));
  each(row, "if", (part, name) => {
    part.hidden = isNothing(named(item, name));
  });
  each(row, "meter", (part, name) => showMeter(part, named(item, name), item));
  each(row, "status", (part) => {
    part.className = `status mark--${named(item, "mark")}`;
    write(part, named(item, "status_label") ?? "");
  });
  each(row, "input", (part, name) => showInput(part, named(item, name)));
}

/** @param {unknown} value */
function isNothing(value) {
  return value === null || value === false || (Array.isArray(value) && value.length === 0) || value === "";
}

/** Show parts marked data-when="open voting" only in those moments. @param {HTMLElement} root @param {string} moment */
export function showMoment(root, moment) {
  each(root, "when", (part, moments) => {
    part.hidden = !moments.split(" ").includes(moment);
  });
}

/** Show parts marked data-modes="tokens hands" only when people vote that way. @param {HTMLElement} root @param {string} mode */
export function showMode(root, mode) {
  each(root, "modes", (part, modes) => {
    part.hidden = !modes.split(" ").includes(mode);
  });
}

/** Show parts marked data-if-state=name only when the room tells that. @param {HTMLElement} root @param {object} state */
export function showKnown(root, state) {
  each(root, "if-state", (part, name) => {
    part.hidden = named(state, name) === null || named(state, name) === undefined;
  });
}

/** Fill the sentences marked data-pattern-of=name. @param {HTMLElement} root @param {string} name @param {object} values */
export function showSentence(root, name, values) {
  each(root, "pattern-of", (part, wanted) => {
    if (wanted === name) write(part, fill(part.dataset.pattern ?? "", values));
  });
}

/** A number as the language of the page writes it. @param {unknown} value */
export function number(value) {
  return value === null || value === undefined ? "" : formats.short(Number(value));
}

/** @param {HTMLElement} part @param {unknown} iso */
function showDate(part, iso) {
  part.hidden = !iso;
  if (iso) write(part, fill(part.dataset.pattern ?? "{date}", { date: formats.day(new Date(`${iso}T00:00:00Z`)) }));
}

/** @param {HTMLElement} part @param {unknown} value @param {object} item */
function showMeter(part, value, item) {
  if (part instanceof HTMLMeterElement) part.value = Number(value ?? 0);
  part.setAttribute("aria-label", `${number(named(item, "support"))} %`);
}

/** @param {HTMLElement} part @param {unknown} value */
function showInput(part, value) {
  if (!(part instanceof HTMLInputElement) || part === document.activeElement || part.dataset.touched) return;
  part.value = String(value ?? "");
}

/** @param {HTMLElement} part @param {unknown} text */
function write(part, text) {
  if (part.textContent !== String(text)) part.textContent = String(text);
}

/** One value of an item whose names stand in the template. @param {object} item @param {string} name @returns {unknown} */
function named(item, name) {
  return /** @type {Record<string, unknown>} */ (item)[name];
}

/**
 * Each part that has data-<mark>, the root too, with what stands there.
 * @param {HTMLElement} root @param {string} mark @param {(part: HTMLElement, said: string) => void} act
 */
function each(root, mark, act) {
  const [attribute, selector] = [`data-${mark}`, `[data-${mark}]`];
  const own = root.matches(selector) ? [root] : [];
  for (const part of [...own, ...parts(root, selector, HTMLElement)]) act(part, part.getAttribute(attribute) ?? "");
}
