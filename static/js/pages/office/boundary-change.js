/** A change of the boundaries under way: its count is asked for anew until it is over. */

import { getJson } from "../../data/base/request.js";

const EVERY = 1500;

const change = document.getElementById("boundary-change");
if (change.dataset.state) watch(change);

async function watch(part) {
  const state = await getJson(part.dataset.state).catch(() => null);
  if (state) show(part, state);
  if (!state?.is_over) setTimeout(watch, EVERY, part);
}

function show(part, state) {
  const bar = part.querySelector("progress");
  bar.max = state.total;
  bar.value = state.followed;
  bar.hidden = state.is_over;
  const told = part.querySelector("[role=status]");
  // Said again only when it changed: a reader of the screen would hear it every time.
  if (told.textContent !== state.text) told.textContent = state.text;
  part.querySelector("[data-while-it-lasts]").hidden = state.is_over;
}
