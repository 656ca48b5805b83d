/** `/informar/`, first page: the place by name, by the person's own position or by a tap. */

import { createRoomMap } from "../../map/rooms/room-map.js";
import { suggest } from "../../ui/base/search.js";
import { readSettings } from "../../ui/base/settings.js";

const settings = readSettings("page-settings");
const note = document.getElementById("position-note");
const POSITION = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 30_000 };

/** @param {{lat: number, lng: number}} place @param {string} [address] */
function choose({ lat, lng }, address = "") {
  const words = new URLSearchParams({ lat: lat.toFixed(7), lng: lng.toFixed(7), ...(address && { address }) });
  location.assign(`?${words}`);
}

/** @param {{name: string, bbox: [number, number, number, number], url: string}} found */
function chooseNamed({ name, bbox: [west, south, east, north], url }) {
  if (url) location.assign(url);
  else choose({ lat: (south + north) / 2, lng: (west + east) / 2 }, name);
}

function askPosition() {
  note.textContent = note.dataset.wait;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => choose({ lat: coords.latitude, lng: coords.longitude }),
    () => {
      note.textContent = note.dataset.failed;
    },
    POSITION,
  );
}

createRoomMap(document.getElementById("map"), readSettings("map-settings"), null).listen((place) => choose(place));
suggest(document.getElementById("where"), document.getElementById("where-options"), settings.search_url, chooseNamed);
if (navigator.geolocation) {
  document.getElementById("position-card").hidden = false;
  document.getElementById("position").addEventListener("click", askPosition);
}
