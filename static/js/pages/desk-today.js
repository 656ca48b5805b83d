/** The job sheet: today's way on the map, and paper. */

import { createDeskMap } from "../map/desk.js";
import { readSettings } from "../ui/settings.js";

createDeskMap(document.getElementById("way-map"), readSettings("map-settings")).drawWay(readSettings("way"));

const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => window.print());
