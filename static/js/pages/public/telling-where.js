/** `/informar/` and `/oficina/nuevo/`, first: the place by name, by the person's own position or by a tap. */

import { createRoomMap } from "../../map/rooms/room-map.js";
import { needed, part } from "../../ui/base/parts.js";
import { suggest } from "../../ui/base/search.js";
import { readSettings } from "../../ui/base/settings.js";

/** @import { Place } from "../../ui/base/search.js" */

const settings = readSettings("page-settings");
const note = part(document, "#position-note", HTMLElement);
const channel = new URLSearchParams(location.search).get("origin");
const map = createRoomMap(needed(document, "#map", HTMLElement), readSettings("map-settings"), null);
const POSITION = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 30_000 };

/** @param {{lat: number, lng: number}} place @param {string} [address] */
function choose({ lat, lng }, address = "") {
  const words = new URLSearchParams({
    lat: lat.toFixed(7),
    lng: lng.toFixed(7),
    ...(address && { address }),
    ...(channel && { origin: channel }),
  });
  location.assign(`?${words}`);
}

/** A neighbourhood is no place yet: the map shows it. @param {Place} found */
function chooseNamed({ name, bbox: [west, south, east, north], url, code }) {
  if (typeof code === "number") map.look([west, south, east, north]);
  else if (url) location.assign(url);
  else choose({ lat: (south + north) / 2, lng: (west + east) / 2 }, name);
}

/** @param {HTMLElement} told where the person reads how it goes */
function askPosition(told) {
  told.textContent = told.dataset.wait ?? "";
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => choose({ lat: coords.latitude, lng: coords.longitude }),
    () => {
      told.textContent = told.dataset.failed ?? "";
    },
    POSITION,
  );
}

map.listen((place) => choose(place));
suggest(needed(document, "#where", HTMLInputElement), needed(document, "#where-options", HTMLElement), settings.search_url, chooseNamed);
if (note && navigator.geolocation) {
  needed(document, "#position-card", HTMLElement).hidden = false;
  needed(document, "#position", HTMLElement).addEventListener("click", () => askPosition(note));
}
