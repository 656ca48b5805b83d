/** The job sheet: today's way on the map, and paper. */

import { createDeskMap } from "../../map/rooms/desk-map.js";
import { readSettings } from "../../ui/base/settings.js";

const box = document.getElementById("way-map");
const map = createDeskMap(box, readSettings("map-settings"));
map.drawWay(readSettings("way"));

// A map has no size of its own on paper: it takes the sheet's before it is printed, and its own again after.
for (const [name, onPaper] of [
  ["beforeprint", true],
  ["afterprint", false],
]) {
  window.addEventListener(name, () => {
    box.classList.toggle("map--on-paper", onPaper);
    map.fitWay();
  });
}

const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => window.print());
