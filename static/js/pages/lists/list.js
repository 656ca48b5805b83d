/** `/listas/<n>/`: the list and its map in step. The list works without it. */

import { createListMap } from "../../map/issues/list-map.js";
import { readSettings } from "../../ui/base/settings.js";
import { choiceLine, spotCard } from "../../ui/issues/spot-card.js";

const element = document.getElementById("list-map");
const rows = new Map([...document.querySelectorAll(".place")].map((row) => [Number(row.dataset.place), row]));

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

function lineOf({ place, title }) {
  return choiceLine(`${place}. ${title}`, "", () => show(place));
}

function show(place) {
  const row = rows.get(place);
  row.querySelector("details").open = true;
  row.scrollIntoView({ block: "center" });
  row.querySelector("summary").focus({ preventScroll: true });
}
