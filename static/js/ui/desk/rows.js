/** The rows of a table picked by pointer and keys: j and k or the arrows move, Enter opens, x marks. */

import { around, part, parts } from "../base/parts.js";

export class RowPicker {
  /**
   * @param {HTMLTableSectionElement|null} body of the table; rows carry data-reference
   * @param {(reference: string|null) => void} onPick told when a row is pointed at or focused
   * @param {() => boolean} keysWanted whether keys of one letter are wanted now
   */
  constructor(body, onPick, keysWanted) {
    this.body = body;
    this.onPick = onPick;
    this.keysWanted = keysWanted;
    /** @type {HTMLTableRowElement | null} */
    this.current = null;
    if (!body) return;
    for (const name of ["pointerover", "focusin"]) body.addEventListener(name, (event) => this.pick(rowOf(event.target)));
    body.addEventListener("pointerleave", () => this.pick(null));
    document.addEventListener("keydown", (event) => this.press(event));
  }

  /** Bring the row of a reference into view and focus its link; false when it is not on this page. @param {string} reference */
  show(reference) {
    const row = this.body?.querySelector(`tr[data-reference="${CSS.escape(reference)}"]`);
    if (!row) return false;
    row.scrollIntoView({ block: "center" });
    part(row, "th a", HTMLElement)?.focus();
    return true;
  }

  /** @param {HTMLTableRowElement | null} row */
  pick(row) {
    if (row === this.current) return;
    this.current?.classList.remove("is-picked");
    row?.classList.add("is-picked");
    this.current = row;
    this.onPick(row?.dataset.reference ?? null);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!this.keysWanted() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "j") this.step(1);
    else if (event.key === "k") this.step(-1);
    else if (event.key === "x") this.toggle();
    else if (event.key === "/") focusSearch(event);
  }

  /** @param {number} by */
  step(by) {
    const rows = [...(this.body?.rows ?? [])];
    const at = this.current ? rows.indexOf(this.current) : -1;
    const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))];
    part(next, "th a", HTMLElement)?.focus();
  }

  toggle() {
    part(this.current, 'input[type="checkbox"]', HTMLElement)?.click();
  }
}

/** @param {EventTarget | null} target */
function rowOf(target) {
  return around(target, "tr[data-reference]", HTMLTableRowElement);
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return Boolean(around(target, "input:not([type=checkbox]), textarea, select, [contenteditable], .leaflet-container", Element));
}

/** @param {KeyboardEvent} event */
function focusSearch(event) {
  const search = document.getElementById("q");
  if (!search) return;
  event.preventDefault();
  search.closest("details")?.setAttribute("open", "");
  search.focus();
}

/**
 * The boxes of a table: one marks the whole page, and how many are marked is told.
 * @param {HTMLTableElement | null} table
 * @param {HTMLElement | null} count
 */
export function startMarks(table, count) {
  const boxes = parts(table, 'tbody input[name="reference"]', HTMLInputElement);
  const all = part(document, "#mark-all", HTMLInputElement);
  if (!table || !all) return;
  const tell = () => {
    const marked = boxes.filter((box) => box.checked).length;
    if (count) count.textContent = marked ? `(${marked})` : "";
    all.checked = marked === boxes.length;
    all.indeterminate = marked > 0 && marked < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  table.addEventListener("change", tell);
  tell();
}
