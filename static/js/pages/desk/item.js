/** One problem on the desk: its place on the map, and the first thing that needs attention in focus. */

import { createDeskMap } from "../../map/rooms/desk-map.js";
import { needed, parts } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";
import { offerTemplates } from "../../ui/desk/templates.js";

const [lng, lat] = readSettings("item-point");
createDeskMap(needed(document, "#item-map", HTMLElement), {
  ...readSettings("map-settings"),
  view: { lat, lng, zoom: 16 },
}).mark(lng, lat);

offerTemplates(parts(document, '.action__form textarea[name="public_text"]', HTMLTextAreaElement), readSettings("templates"));
document.getElementById("refusal")?.scrollIntoView({ block: "start" });
