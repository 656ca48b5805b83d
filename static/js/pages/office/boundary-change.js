/** A change of the boundaries under way: its count is asked for anew until it is over. */

import { getJson } from "../../data/base/request.js";
import { needed } from "../../ui/base/parts.js";

const EVERY = 1500;

/** @typedef {{total: number, followed: number, is_over: boolean, text: string}} State of a change */

const change = needed(document, "#boundary-change", HTMLElement);
if (change.dataset.state) watch(change);

/** @param {HTMLElement} part */
async function watch(part) {
  /** @type {State | null} */
  const state = await getJson(part.dataset.state ?? "").catch(() => null);
  if (state) show(part, state);
  if (!state?.is_over) setTimeout(watch, EVERY, part);
}

/** @param {HTMLElement} part @param {State} state */
function show(part, state) {
  const bar = needed(part, "progress", HTMLProgressElement);
  bar.max = state.total;
  bar.value = state.followed;
  bar.hidden = state.is_over;
  const told = needed(part, "[role=status]", HTMLElement);
  // Said again only when it changed: a reader of the screen would hear it every time.
  if (told.textContent !== state.text) told.textContent = state.text;
  needed(part, "[data-while-it-lasts]", HTMLElement).hidden = state.is_over;
}
