/** Numbered marks of a ballot or a result on the shared map. */

import * as L from "../../leaflet/dist/leaflet-src.esm.js";
import { createMap, toBounds } from "./basemap.js";

/**
 * Make the map of a neighbourhood.
 * @param {HTMLElement} element
 * @param {object} settings of the page, see basemap.js
 * @param {[number, number, number, number] | null} bounds west, south, east, north in degrees
 * @param {number | null} code of the neighbourhood to mark
 */
export function createRoomMap(element, settings, bounds, code = null) {
  const map = createMap(element, settings);
  if (bounds) map.fitBounds(toBounds(bounds), { padding: [24, 24] });
  if (code !== null) map.orientation.then((layer) => layer?.emphasise(code));
  const layer = L.layerGroup().addTo(map);
  let shown = "";
  return {
    map,
    /**
     * Show marks {label, title, lat, lng, kind}; kind is "place", "item" or "dot".
     * @param {object[]} marks those without a position are left out
     */
    show(marks) {
      const wanted = JSON.stringify(marks);
      if (wanted === shown) return;
      shown = wanted;
      layer.clearLayers();
      for (const mark of [...marks].reverse()) if (mark.lat !== null) layer.addLayer(markerOf(mark));
    },
  };
}

function markerOf({ label, title, lat, lng, kind }) {
  const face = document.createElement("span");
  face.textContent = label;
  const icon = L.divIcon({ className: `room-mark room-mark--${kind}`, html: face, iconSize: null });
  return L.marker([lat, lng], { icon, title, alt: `${label} ${title}`.trim(), keyboard: kind !== "dot" }).bindTooltip(titleOf(title));
}

function titleOf(title) {
  const line = document.createElement("span");
  line.textContent = title;
  return line;
}

/**
 * A map on which one point can be picked: by a tap, or by Enter at the middle of the map.
 * @param {HTMLElement} element
 * @param {object} settings of the page, see basemap.js
 * @param {{bounds: number[]|null, start: {lat: number, lng: number}|null, onPick: (place: {lat: number, lng: number}) => void}} options
 */
export function createPlaceMap(element, settings, { bounds, start, onPick }) {
  const { map, show } = createRoomMap(element, settings, bounds?.length ? bounds : null);
  const mark = ({ lat, lng }) => show([{ label: "", title: "", lat, lng, kind: "place" }]);
  const pick = ({ lat, lng }) => {
    mark({ lat, lng });
    onPick({ lat, lng });
  };
  map.on("click", ({ latlng }) => pick(latlng));
  element.addEventListener("keydown", ({ key, target }) => {
    if (key === "Enter" && target === element) pick(map.getCenter());
  });
  if (start) mark(start);
  return { map, pick, clear: () => show([]) };
}
