/** The places of a published list as numbered marks on the shared map. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { createMap } from "../base/create-map.js";

/** @import { MapSettings } from "#types/map" */

/** @typedef {{place: number, title: string, lat: number, lng: number}} ListPoint degrees */

/**
 * Make the map of a list.
 * @param {HTMLElement} element becomes the map
 * @param {MapSettings} settings
 * @param {ListPoint[]} places
 * @param {(place: number) => void} onPick a mark was chosen
 * @returns {{highlight: (place: number|null) => void}}
 */
export function createListMap(element, settings, places, onPick) {
  const map = createMap(element, settings);
  const marks = new Map([...places].reverse().map((each) => [each.place, markOf(each, onPick).addTo(map)]));
  if (places.length) map.fitBounds(L.latLngBounds(places.map(({ lat, lng }) => L.latLng(lat, lng))), { padding: [28, 28], maxZoom: 16 });
  /** @type {number | null} */
  let current = null;
  return {
    highlight(place) {
      if (current !== null) toggle(marks.get(current), false);
      current = place;
      const mark = place === null ? undefined : marks.get(place);
      toggle(mark, true);
      if (mark && !map.getBounds().pad(-0.08).contains(mark.getLatLng())) map.panTo(mark.getLatLng());
    },
  };
}

/** @param {ListPoint} point @param {(place: number) => void} onPick */
function markOf({ place, title, lat, lng }, onPick) {
  const face = document.createElement("span");
  face.textContent = String(place);
  const icon = L.divIcon({ className: "list-mark", html: face, iconSize: undefined });
  const name = document.createElement("span");
  name.textContent = title;
  const marker = L.marker([lat, lng], { icon, alt: `${place}. ${title}`, keyboard: true, riseOnHover: true });
  return marker.bindTooltip(name).on("click", () => onPick(place));
}

/** @param {L.Marker | undefined} mark @param {boolean} on */
function toggle(mark, on) {
  if (!mark) return;
  mark.getElement()?.classList.toggle("list-mark--current", on);
  mark.setZIndexOffset(on ? 1000 : 0);
}
