/** Numbered marks of a ballot or a result on the shared map. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { createMap, toBounds } from "../base/create-map.js";

/**
 * Make the map of a neighbourhood.
 * @param {HTMLElement} element
 * @param {object} settings of the page, see create-map.js
 * @param {[number, number, number, number] | null} bounds west, south, east, north in degrees
 * @param {number | null} code of the neighbourhood to mark
 */
export function createRoomMap(element, settings, bounds, code = null) {
  const map = createMap(element, settings);
  if (bounds) map.fitBounds(toBounds(bounds), { padding: [24, 24] });
  if (code !== null) map.orientation.then((layer) => layer?.emphasise(code));
  const layer = L.layerGroup().addTo(map);
  const picked = L.layerGroup().addTo(map);
  let shown = "";
  return {
    map,
    /** Mark one place that somebody is about to use; null takes the mark away. */
    point(place) {
      picked.clearLayers();
      if (place) picked.addLayer(markerOf({ label: "+", title: "", ...place, kind: "place" }));
    },
    /** Call `onPick({lat, lng})` for a tap on the map, or Enter at its middle. */
    listen(onPick) {
      map.on("click", ({ latlng }) => onPick({ lat: latlng.lat, lng: latlng.lng }));
      element.addEventListener("keydown", ({ key, target }) => {
        if (key === "Enter" && target === element) onPick({ lat: map.getCenter().lat, lng: map.getCenter().lng });
      });
    },
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
  const marker = L.marker([lat, lng], { icon, title, alt: `${label} ${title}`.trim(), keyboard: kind !== "dot", bubblingMouseEvents: true });
  return title ? marker.bindTooltip(titleOf(title)) : marker;
}

function titleOf(title) {
  const line = document.createElement("span");
  line.textContent = title;
  return line;
}
