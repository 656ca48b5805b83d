/** `/listas/<n>/`: the list and its map in step. The list works without it. */

import { createListMap } from "../../map/issues/list-map.js";
import { readSettings } from "../../ui/base/settings.js";

const element = document.getElementById("list-map");
const rows = new Map([...document.querySelectorAll(".place")].map((row) => [Number(row.dataset.place), row]));

if (element) {
  const map = createListMap(element, readSettings("map-settings"), readSettings("list-points"), show);
  for (const [place, row] of rows) {
    row.addEventListener("pointerenter", () => map.highlight(place));
    row.addEventListener("focusin", () => map.highlight(place));
  }
}

function show(place) {
  const row = rows.get(place);
  row.querySelector("details").open = true;
  row.scrollIntoView({ block: "center" });
  row.querySelector("summary").focus({ preventScroll: true });
}
