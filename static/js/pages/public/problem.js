/** The map of one problem, with what lies around it. */

import { Statuses } from "../../data/issues/statuses.js";
import { createMap } from "../../map/base/create-map.js";
import { IssueLayer } from "../../map/issues/layer.js";
import { needed } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";
import { openCards } from "./cards.js";

const settings = readSettings("page-settings");
const mapSettings = readSettings("map-settings");
const statuses = new Statuses(mapSettings.statuses);
const view = { lat: settings.lat, lng: settings.lng, zoom: 16 };
const map = createMap(needed(document, "#map", HTMLElement), { ...mapSettings, view }, { scrollWheelZoom: false });
const issues = new IssueLayer(map, settings.map_url, statuses);

issues.setFilters(new URLSearchParams());
issues.highlight([settings.lng, settings.lat]);
openCards(issues, mapSettings);
