/** The places of a published list as numbered marks on the shared map. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { createMap } from "../base/create-map.js";

/**
 * Make the map of a list.
 * @param {HTMLElement} element becomes the map
 * @param {object} settings see create-map.js
 * @param {{place: number, title: string, lat: number, lng: number}[]} places degrees
 * @param {(place: number) => void} onPick a mark was chosen
 * @returns {{highlight: (place: number|null) => void}}
 */
export function createListMap(element, settings, places, onPick) {
  const map = createMap(element, settings);
  const marks = new Map([...places].reverse().map((each) => [each.place, markOf(each, onPick).addTo(map)]));
  if (places.length) map.fitBounds(places.map(({ lat, lng }) => [lat, lng]), { padding: [28, 28], maxZoom: 16 });
  let current = null;
  return {
    highlight(place) {
      toggle(marks.get(current), false);
      current = place;
      const mark = marks.get(place);
      toggle(mark, true);
      if (mark && !map.getBounds().pad(-0.08).contains(mark.getLatLng())) map.panTo(mark.getLatLng());
    },
  };
}

function markOf({ place, title, lat, lng }, onPick) {
  const face = document.createElement("span");
  face.textContent = String(place);
  const icon = L.divIcon({ className: "list-mark", html: face, iconSize: null });
  const name = document.createElement("span");
  name.textContent = title;
  const marker = L.marker([lat, lng], { icon, alt: `${place}. ${title}`, keyboard: true, riseOnHover: true });
  return marker.bindTooltip(name).on("click", () => onPick(place));
}

function toggle(mark, on) {
  if (!mark) return;
  mark.getElement()?.classList.toggle("list-mark--current", on);
  mark.setZIndexOffset(on ? 1000 : 0);
}
