/** Numbered marks of a ballot or a result on the shared map. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { createMap, toBounds } from "../base/create-map.js";

/** @import { Box, MapSettings } from "#types/map" */

/**
 * @typedef {{label: string, title: string, lat: number, lng: number, kind: string}} RoomMark kind is "place", "item" or "dot"
 * @typedef {Omit<RoomMark, "lat" | "lng"> & {lat: number | null, lng: number | null}} MaybeMark
 */

/**
 * Make the map of a neighbourhood.
 * @param {HTMLElement} element
 * @param {MapSettings} settings
 * @param {Box | null} bounds
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
    /** Mark one place that somebody is about to use; null takes the mark away. @param {{lat: number, lng: number} | null} place */
    point(place) {
      picked.clearLayers();
      if (place) picked.addLayer(markerOf({ label: "+", title: "", ...place, kind: "place" }));
    },
    /** Call `onPick` for a tap on the map, or Enter at its middle. @param {(place: {lat: number, lng: number}) => void} onPick */
    listen(onPick) {
      map.on("click", ({ latlng }) => onPick({ lat: latlng.lat, lng: latlng.lng }));
      element.addEventListener("keydown", ({ key, target }) => {
        if (key === "Enter" && target === element) onPick({ lat: map.getCenter().lat, lng: map.getCenter().lng });
      });
    },
    /**
     * Show marks.
     * @param {MaybeMark[]} marks those without a position are left out
     */
    show(marks) {
      const wanted = JSON.stringify(marks);
      if (wanted === shown) return;
      shown = wanted;
      layer.clearLayers();
      for (const mark of [...marks].reverse()) if (isPlaced(mark)) layer.addLayer(markerOf(mark));
    },
  };
}

/** @param {MaybeMark} mark @returns {mark is RoomMark} */
function isPlaced(mark) {
  return mark.lat !== null;
}

/** @param {RoomMark} mark */
function markerOf({ label, title, lat, lng, kind }) {
  const face = document.createElement("span");
  face.textContent = label;
  const icon = L.divIcon({ className: `room-mark room-mark--${kind}`, html: face, iconSize: undefined });
  const marker = L.marker([lat, lng], {
    icon,
    title,
    alt: `${label} ${title}`.trim(),
    keyboard: kind !== "dot",
    bubblingMouseEvents: true,
  });
  return title ? marker.bindTooltip(titleOf(title)) : marker;
}

/** @param {string} title */
function titleOf(title) {
  const line = document.createElement("span");
  line.textContent = title;
  return line;
}
