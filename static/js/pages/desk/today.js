/** The job sheet: today's way on the map, and paper. */

import { createDeskMap } from "../../map/rooms/desk-map.js";
import { needed } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";

const box = needed(document, "#way-map", HTMLElement);
const map = createDeskMap(box, readSettings("map-settings"));
map.drawWay(readSettings("way"));

// A map has no size of its own on paper: it takes the sheet's before it is printed, and its own again after.
window.addEventListener("beforeprint", () => fit(true));
window.addEventListener("afterprint", () => fit(false));

const print = needed(document, "#print", HTMLElement);
print.hidden = false;
print.addEventListener("click", () => window.print());

/** @param {boolean} onPaper */
function fit(onPaper) {
  box.classList.toggle("map--on-paper", onPaper);
  map.fitWay();
}
