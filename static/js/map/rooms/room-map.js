/** Numbered marks of a ballot or a result on the shared map. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { createMap, toBounds } from "../base/create-map.js";
import { Stacked } from "../base/stacked.js";
import { numberedMark } from "../issues/numbered.js";

/** @import { Box, MapSettings } from "#types/map" */

const REACH = 32;

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
  /** @type {Stacked<RoomMark>} */
  const layer = new Stacked(map, REACH, markOf);
  const picked = L.layerGroup().addTo(map);
  let shown = "";
  return {
    map,
    /** Mark one place that somebody is about to use; null takes the mark away. @param {{lat: number, lng: number} | null} place */
    point(place) {
      picked.clearLayers();
      if (place) picked.addLayer(markOf([{ label: "+", title: "", ...place, kind: "place" }]));
    },
    /** Look at a part of it. @param {Box} box */
    look(box) {
      map.fitBounds(toBounds(box));
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
      layer.show(marks.filter(isPlaced));
    },
  };
}

/** @param {MaybeMark} mark @returns {mark is RoomMark} */
function isPlaced(mark) {
  return mark.lat !== null;
}

/** Several that cover each other are one mark, which looks like the first of them. @param {RoomMark[]} marks */
function markOf(marks) {
  const [first] = marks;
  const options = { bubblingMouseEvents: true, title: marks.map(({ title }) => title).join("; ") };
  return numberedMark(first, marks, `room-mark room-mark--${first.kind}`, options);
}
