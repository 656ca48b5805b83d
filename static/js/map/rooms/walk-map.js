/** The map of the walk: moves under a fixed cross, shows where one stands and what is known. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { Statuses } from "../../data/issues/statuses.js";
import { colour } from "../base/colours.js";
import { createMap, toBounds } from "../base/create-map.js";
import { openPopup } from "../base/popup.js";
import { Stacked } from "../base/stacked.js";
import { clusterMark, lookNow } from "../issues/marks.js";
import { ShapeMarker } from "../issues/shapes.js";

/** @import { Orientation, Position } from "#types/walk" */

/** @import { KnownIssue } from "../../data/walk/known-issues.js" */
/** @import { Basemap, Box, MapSettings } from "#types/map" */

const CLOSE = 18;
// Two marks closer than this many pixels cover each other under a finger.
const REACH = 18;

/**
 * @typedef {object} WalkMapEvents
 * @property {(position: Position) => void} onMove the map rests
 * @property {() => void} onHand a finger moved it
 * @property {(issue: KnownIssue) => void} onPick a known problem was touched
 * @property {(members: KnownIssue[], onPick: (issue: KnownIssue) => void) => HTMLElement} cardOf the list of those on one spot
 * @typedef {ReturnType<typeof makeWalkMap>} WalkMap
 */

/**
 * @param {HTMLElement} element
 * @param {MapSettings} settings
 * @param {WalkMapEvents} events
 */
export function makeWalkMap(element, settings, events) {
  const map = createMap(element, settings, { zoomSnap: 1, tapTolerance: 20 });
  const statuses = new Statuses(settings.statuses);
  const renderer = L.canvas({ padding: 0.3, tolerance: 12 });
  // On the same canvas as the problems: another one above them would swallow the taps.
  const circle = L.circle([0, 0], { renderer, radius: 1, interactive: false });
  const dot = L.circleMarker([0, 0], { renderer, radius: 7, interactive: false });
  const look = lookNow(statuses);
  let shown = "";
  /** @type {Stacked<KnownIssue>} */
  const known = new Stacked(map, REACH, (members) => {
    const mark = members.length > 1 ? stackOf(members) : spotOf(members[0], statuses, renderer);
    return mark.on("click", () => choose(members));
  });
  map.on("dragstart", () => events.onHand());
  element.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && events.onHand());
  map.on("moveend", () => events.onMove(centre()));
  // The cross stands in the middle of the element: Leaflet must know its size at every moment.
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(element);

  /** @param {KnownIssue[]} members */
  function stackOf(members) {
    const [{ lat, lng }] = members;
    const mark = clusterMark(L.latLng(lat, lng), { count: members.length, marks: statuses.tally(members) }, look);
    mark.options.renderer = renderer;
    return mark;
  }

  /** @param {KnownIssue[]} members */
  function choose(members) {
    if (members.length === 1) return events.onPick(members[0]);
    openPopup(map, members[0], events.cardOf(members, pick));
  }

  /** @param {KnownIssue} issue */
  function pick(issue) {
    map.closePopup();
    events.onPick(issue);
  }

  function centre() {
    const { lat, lng } = map.getCenter();
    return { lat: Number(lat.toFixed(7)), lng: Number(lng.toFixed(7)) };
  }

  return {
    map,
    centre,
    /** Show a rectangle. */
    fit: (/** @type {Box} */ extent) => map.fitBounds(toBounds(extent), { animate: false }),
    /** Put the cross on a position; close enough to tell one hole from the next. */
    goTo: (/** @type {Position} */ { lat, lng }, zoom = Math.max(map.getZoom(), CLOSE)) =>
      map.setView([lat, lng], zoom, { animate: false }),
    /** Draw another map: a new boundary set came, or the first one. */
    useLayer: async (/** @type {Orientation} */ data) => (await map.orientation)?.setData(data),
    /** Show another base map, see base-map.js. */
    useBase: (/** @type {Basemap} */ basemap) => map.base.use(basemap),
    /** Mark the own neighbourhood. */
    emphasise: async (/** @type {number | null} */ code) => (await map.orientation)?.emphasise(code),
    /** Where the tablet is, with the circle of its accuracy in metres. @param {Position & {accuracy: number}} me */
    showMe({ lat, lng, accuracy }) {
      const blue = colour("status-new");
      circle.setStyle({ color: blue, weight: 1.5, fillColor: blue, fillOpacity: 0.12 });
      dot.setStyle({ color: "#fff", weight: 3, fillColor: blue, fillOpacity: 1 });
      circle.setLatLng([lat, lng]).setRadius(accuracy).addTo(map);
      dot.setLatLng([lat, lng]).addTo(map);
    },
    /** Known problems, on one canvas; drawn again only when one of them changed. @param {KnownIssue[]} issues */
    showKnown(issues) {
      const wanted = issues.map(keyOf).join("\n");
      if (wanted === shown) return;
      shown = wanted;
      known.show(issues);
    },
  };
}

/** @param {KnownIssue} issue */
function keyOf({ id, status, title, lat, lng, own = false }) {
  return JSON.stringify([id, status, title, lat, lng, own]);
}

/** Those made here are round and stand out; the others look as everywhere. @param {KnownIssue} issue @param {Statuses} statuses @param {L.Renderer} renderer */
function spotOf({ status, lat, lng, own }, statuses, renderer) {
  const mark = statuses.markOf(status);
  const style = { renderer, color: colour("surface"), weight: 2, fillOpacity: 0.95 };
  if (own) return L.circleMarker([lat, lng], { ...style, radius: 9, fillColor: colour("clay") });
  return new ShapeMarker([lat, lng], {
    ...style,
    radius: 7,
    shape: mark.shape,
    fillColor: colour(`status-${mark.name}`),
  });
}
