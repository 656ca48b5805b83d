/** The map of one problem, with what lies around it. */

import { createMap } from "../map/basemap.js";
import { IssueLayer, openPopup } from "../map/issues.js";
import { issueCard } from "../ui/issueCard.js";
import { readSettings } from "../ui/settings.js";

const settings = readSettings("page-settings");
const view = { lat: settings.lat, lng: settings.lng, zoom: 16 };
const map = createMap(document.getElementById("map"), { ...readSettings("map-settings"), view }, { scrollWheelZoom: false });
const issues = new IssueLayer(map, settings.map_url);

issues.setFilters(new URLSearchParams());
issues.highlight([settings.lng, settings.lat]);
issues.addEventListener("pick", ({ detail }) => openPopup(map, detail, issueCard(detail, settings.status_labels)));
