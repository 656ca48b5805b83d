/** `/listas/<n>/`: the list and its map in step. The list works without it. */

import { createListMap } from "../../map/issues/list-map.js";
import { needed, parts } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";
import { choiceLine, spotCard } from "../../ui/issues/spot-card.js";

/** @import { ListPoint } from "../../map/issues/list-map.js" */

const element = document.getElementById("list-map");
const rows = new Map(parts(document, ".place", HTMLElement).map((row) => [Number(row.dataset.place), row]));

if (element) {
  const settings = readSettings("map-settings");
  const map = createListMap(element, settings, readSettings("list-points"), {
    onPick: show,
    cardOf: (members) => spotCard({ count: members.length, members }, settings.labels, lineOf),
  });
  for (const [place, row] of rows) {
    row.addEventListener("pointerenter", () => map.highlight(place));
    row.addEventListener("focusin", () => map.highlight(place));
  }
}

/** @param {ListPoint} point */
function lineOf({ place, title }) {
  return choiceLine(`${place}. ${title}`, "", () => show(place));
}

/** @param {number} place */
function show(place) {
  const row = rows.get(place);
  if (!row) return;
  needed(row, "details", HTMLDetailsElement).open = true;
  row.scrollIntoView({ block: "center" });
  needed(row, "summary", HTMLElement).focus({ preventScroll: true });
}
