/** The map of one neighbourhood and its problems. */

import { Statuses } from "../../data/issues/statuses.js";
import { createMap, toBounds } from "../../map/base/create-map.js";
import { IssueLayer } from "../../map/issues/layer.js";
import { needed, parts } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";
import { openCards } from "./cards.js";

const settings = readSettings("page-settings");
const mapSettings = readSettings("map-settings");
const statuses = new Statuses(mapSettings.statuses);
const map = createMap(needed(document, "#map", HTMLElement), mapSettings, { scrollWheelZoom: false });
const issues = new IssueLayer(map, settings.map_url, statuses);

map.fitBounds(toBounds(settings.bbox), { animate: false });
issues.setFilters(new URLSearchParams(settings.filters));
openCards(issues, mapSettings);
for (const item of parts(document, ".issue-item", HTMLElement)) {
  /** @type {[number, number]} */
  const position = [Number(item.dataset.lng), Number(item.dataset.lat)];
  for (const type of ["mouseenter", "focusin"]) item.addEventListener(type, () => issues.highlight(position));
  for (const type of ["mouseleave", "focusout"]) item.addEventListener(type, () => issues.highlight(null));
}
const orientation = await map.orientation;
orientation?.emphasise(settings.code);
