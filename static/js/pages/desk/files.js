/** Files being written: each count is asked for anew until the file can be fetched. */

import { getJson } from "../../data/base/request.js";

const EVERY = 2000;

for (const row of document.querySelectorAll("[data-state]")) watch(row);

async function watch(row) {
  const state = await getJson(row.dataset.state).catch(() => null);
  if (state) show(row, state);
  if (!state?.is_over) setTimeout(watch, EVERY, row);
}

function show(row, state) {
  const bar = row.querySelector("progress");
  bar.value = state.written;
  bar.hidden = state.is_over;
  row.querySelector("[role=status]").textContent = state.text;
  row.querySelector("[data-when-ready]").hidden = !state.is_ready;
}
