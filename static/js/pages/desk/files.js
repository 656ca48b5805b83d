/** Files being written: each count is asked for anew until the file can be fetched. */

import { getJson } from "../../data/base/request.js";
import { needed, parts } from "../../ui/base/parts.js";

/** @typedef {{written: number, is_over: boolean, is_ready: boolean, text: string}} State of a file */

const EVERY = 2000;

for (const row of parts(document, "[data-state]", HTMLElement)) watch(row);

/** @param {HTMLElement} row */
async function watch(row) {
  /** @type {State | null} */
  const state = await getJson(row.dataset.state ?? "").catch(() => null);
  if (state) show(row, state);
  if (!state?.is_over) setTimeout(watch, EVERY, row);
}

/** @param {HTMLElement} row @param {State} state */
function show(row, state) {
  const bar = needed(row, "progress", HTMLProgressElement);
  bar.value = state.written;
  bar.hidden = state.is_over;
  needed(row, "[role=status]", HTMLElement).textContent = state.text;
  needed(row, "[data-when-ready]", HTMLElement).hidden = !state.is_ready;
}
