/** The map of the walk: moves under a fixed cross, shows where one stands and what is known. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { Statuses } from "../../data/issues/statuses.js";
import { colour } from "../base/colours.js";
import { createMap, toBounds } from "../base/create-map.js";
import { ShapeMarker } from "../issues/shapes.js";

const CLOSE = 18;

/**
 * @param {HTMLElement} element
 * @param {object} settings extent, basemap and, when kept, the orientation layer itself
 * @param {{onMove: Function, onHand: Function, onPick: Function}} told onMove(position) when the map
 *   rests, onHand() when a finger moved it, onPick(issue) when a known problem was touched
 */
export function makeWalkMap(element, settings, told) {
  const map = createMap(element, settings, { zoomSnap: 1, tapTolerance: 20 });
  const statuses = new Statuses(settings.statuses);
  const known = new Map();
  const renderer = L.canvas({ padding: 0.3, tolerance: 12 });
  // On the same canvas as the problems: another one above them would swallow the taps.
  const circle = L.circle([0, 0], { renderer, radius: 1, interactive: false });
  const dot = L.circleMarker([0, 0], { renderer, radius: 7, interactive: false });
  map.on("dragstart", () => told.onHand());
  element.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && told.onHand());
  map.on("moveend", () => told.onMove(centre()));
  // The cross stands in the middle of the element: Leaflet must know its size at every moment.
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(element);

  function centre() {
    const { lat, lng } = map.getCenter();
    return { lat: Number(lat.toFixed(7)), lng: Number(lng.toFixed(7)) };
  }

  return {
    map,
    centre,
    /** Show a rectangle [west, south, east, north]. */
    fit: (extent) => map.fitBounds(toBounds(extent), { animate: false }),
    /** Put the cross on a position; close enough to tell one hole from the next. */
    goTo: ({ lat, lng }, zoom = Math.max(map.getZoom(), CLOSE)) => map.setView([lat, lng], zoom, { animate: false }),
    /** Draw another map: a new boundary set came, or the first one. */
    useLayer: async (data) => (await map.orientation)?.setData(data),
    /** Show another base map, see base-map.js. */
    useBase: (basemap) => map.base.use(basemap),
    /** Mark the own neighbourhood. */
    emphasise: async (code) => (await map.orientation)?.emphasise(code),
    /** Where the tablet is, with the circle of its accuracy in metres. */
    showMe({ lat, lng, accuracy }) {
      const blue = colour("status-new");
      circle.setStyle({ color: blue, weight: 1.5, fillColor: blue, fillOpacity: 0.12 });
      dot.setStyle({ color: "#fff", weight: 3, fillColor: blue, fillOpacity: 1 });
      circle.setLatLng([lat, lng]).setRadius(accuracy).addTo(map);
      dot.setLatLng([lat, lng]).addTo(map);
    },
    /** Known problems, {id, status, lat, lng, own}; on one canvas, and only what changed is drawn anew. */
    showKnown(issues) {
      const shown = new Map(issues.map((issue) => [keyOf(issue), issue]));
      for (const [key, spot] of known) {
        if (!shown.has(key)) known.delete(key) && spot.remove();
      }
      for (const [key, issue] of shown) {
        if (!known.has(key)) known.set(key, spotOf(issue, statuses, renderer).addTo(map));
        known.get(key).off("click").on("click", () => told.onPick(issue));
      }
    },
  };
}

function keyOf({ id, status, lat, lng, own = false }) {
  return `${id} ${status} ${lat} ${lng} ${own}`;
}

/** Those made here are round and stand out; the others look as everywhere. */
function spotOf({ status, lat, lng, own }, statuses, renderer) {
  const mark = statuses.markOf(status);
  const style = { renderer, color: colour("surface"), weight: 2, fillOpacity: 0.95 };
  if (own) return L.circleMarker([lat, lng], { ...style, radius: 9, fillColor: colour("clay") });
  return new ShapeMarker([lat, lng], { ...style, radius: 7, shape: mark.shape, fillColor: colour(`status-${mark.name}`) });
}
