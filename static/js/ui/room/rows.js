/** Fills the empty parts of a server-rendered page with values; every word stays in the template. */

import { formats } from "../base/formats.js";

/** "{people} personas" and {people: 3} → "3 personas". */
export function filled(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * Show a list with the template beside it; rows with the same key stay the same element, so that a
 * field somebody types in is never replaced.
 * @param {HTMLElement} panel holds [data-list=name] and template[data-row=name]
 * @param {string} name
 * @param {object[]} items
 * @param {(item: object) => string} keyOf
 * @param {(row: HTMLElement, item: object) => void} [finish] called after the row was filled
 */
export function showList(panel, name, items, keyOf, finish = () => {}) {
  const list = panel.querySelector(`[data-list="${name}"]`);
  const template = panel.querySelector(`template[data-row="${name}"]`);
  const known = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const rows = items.map((item) => {
    const key = keyOf(item);
    const row = known.get(key) ?? template.content.firstElementChild.cloneNode(true);
    row.dataset.key = key;
    row.item = item;
    fillRow(row, item);
    finish(row, item);
    return row;
  });
  for (const row of [...list.children]) if (!rows.includes(row)) remove(row, panel);
  order(list, rows);
  const empty = panel.querySelector(`[data-empty="${name}"]`);
  if (empty) empty.hidden = items.length > 0;
}

/** Put rows in order; the one in which somebody is at work is never taken out of the page, others go round it. */
function order(list, rows) {
  const held = rows.find((row) => row.contains(document.activeElement));
  let place = list.firstElementChild;
  for (const row of rows) {
    while (row === held && place !== held) {
      const before = place;
      place = place.nextElementSibling;
      list.append(before);
    }
    if (row === place) place = place.nextElementSibling;
    else list.insertBefore(row, place);
  }
}

/** Take a row away; who was in it finds the same button in the row that follows, or the panel's beginning. */
function remove(row, panel) {
  const had = row.contains(document.activeElement) ? document.activeElement.dataset.doRow : null;
  const near = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  if (had === null) return;
  const next = near?.querySelector(`[data-do-row="${had}"]:not([hidden])`) ?? panel.querySelector("h2");
  next?.focus();
}

/** Put one item's values into the marked parts of a row. */
export function fillRow(row, item) {
  each(row, "[data-text]", (part) => write(part, item[part.dataset.text] || part.dataset.default || ""));
  each(row, "[data-number]", (part) => write(part, number(item[part.dataset.number])));
  each(row, "[data-value]", (part) => part.setAttribute("value", item[part.dataset.value] ?? ""));
  each(row, "[data-pattern]:not([data-date])", (part) => write(part, filled(part.dataset.pattern, item)));
  each(row, "[data-date]", (part) => showDate(part, item[part.dataset.date]));
  each(row, "[data-if]", (part) => {
    const value = item[part.dataset.if];
    part.hidden = value === null || value === false || value?.length === 0;
  });
  each(row, "[data-meter]", (part) => {
    part.value = item[part.dataset.meter] ?? 0;
    part.setAttribute("aria-label", `${number(item.support)} %`);
  });
  each(row, "[data-status]", (part) => {
    part.className = `status mark--${item.mark}`;
    write(part, item.status_label ?? "");
  });
  each(row, "[data-input]", (part) => showInput(part, item[part.dataset.input]));
}

/** Show parts marked data-when="open voting" only in those moments. */
export function showMoment(root, moment) {
  each(root, "[data-when]", (part) => {
    part.hidden = !part.dataset.when.split(" ").includes(moment);
  });
}

/** Show parts marked data-modes="tokens hands" only when people vote that way. */
export function showMode(root, mode) {
  each(root, "[data-modes]", (part) => {
    part.hidden = !part.dataset.modes.split(" ").includes(mode);
  });
}

/** Show parts marked data-if-state=name only when the room tells that. */
export function showKnown(root, state) {
  each(root, "[data-if-state]", (part) => {
    part.hidden = state[part.dataset.ifState] === null || state[part.dataset.ifState] === undefined;
  });
}

/** Fill the sentences marked data-pattern-of=name. */
export function showSentence(root, name, values) {
  each(root, `[data-pattern-of="${name}"]`, (part) => write(part, filled(part.dataset.pattern, values)));
}

/** A number as Chile writes it. */
export function number(value) {
  return value === null || value === undefined ? "" : formats.short(value);
}

function showDate(part, iso) {
  part.hidden = !iso;
  if (iso) write(part, filled(part.dataset.pattern ?? "{date}", { date: formats.day(new Date(`${iso}T00:00:00Z`)) }));
}

function showInput(part, value) {
  if (part === document.activeElement || part.dataset.touched) return;
  part.value = value ?? "";
}

function write(part, text) {
  if (part.textContent !== String(text)) part.textContent = text;
}

function each(root, selector, act) {
  if (root.matches?.(selector)) act(root);
  for (const part of root.querySelectorAll(selector)) act(part);
}
