/** The desk's map: problems as the six shapes of the legend, ringed by priority, and an area drawn by hand. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { Statuses } from "../../data/issues/statuses.js";
import { colour } from "../base/colours.js";
import { createMap, visibleBox } from "../base/create-map.js";
import { ShapeMarker } from "../issues/shapes.js";

/** @import { MapSettings } from "#types/map" */

const CLOSE_PIXELS = 14;
// Radii in pixels of a problem, and of one that is urgent or among the first places.
const [REST, TOP] = [7, 10];

/**
 * @typedef {{reference: string, title: string, status: string, place: number, urgent: string}} DeskIssue
 * @typedef {GeoJSON.Feature<GeoJSON.Point, DeskIssue>} DeskFeature
 * @typedef {{itemUrl?: (reference: string) => string, onPick?: (reference: string) => boolean}} Use
 * @typedef {{lat: number, lng: number, reference: string}} Stop
 */

/**
 * @param {HTMLElement} element
 * @param {MapSettings} settings
 * @param {Use} [use]
 *   itemUrl: address of a problem's page; onPick: a marker was chosen, true when its row is shown
 */
export function createDeskMap(element, settings, use = {}) {
  const map = createMap(element, settings);
  return new DeskMap(map, new Statuses(settings.statuses), use);
}

class DeskMap {
  /** @param {L.Map} map @param {Statuses} statuses @param {Use} use */
  constructor(map, statuses, use) {
    this.map = map;
    this.statuses = statuses;
    this.use = use;
    this.canvas = L.canvas({ padding: 0.3 });
    this.layer = L.layerGroup().addTo(map);
    /** @type {Map<string, ShapeMarker>} */
    this.markers = new Map();
    /** @type {ShapeMarker | null} */
    this.picked = null;
    /** @type {L.LatLngTuple[]} */
    this.way = [];
    /** @type {Drawing | null} */
    this.drawing = null;
  }

  /** Show problems and fit the view to them. @param {DeskFeature[]} features */
  show(features) {
    this.layer.clearLayers();
    for (const feature of [...features].reverse()) this.add(feature);
    const bounds = L.latLngBounds([...this.markers.values()].map((marker) => marker.getLatLng()));
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.1), { maxZoom: 16 });
  }

  /** @param {DeskFeature} feature */
  add({ geometry, properties }) {
    const [lng, lat] = geometry.coordinates;
    const marker = new ShapeMarker([lat, lng], styleOf(properties, this.statuses, this.canvas)).addTo(this.layer);
    marker.on("click", () => this.choose(properties, marker));
    this.markers.set(properties.reference, marker);
  }

  /** @param {DeskIssue} properties @param {ShapeMarker} marker */
  choose(properties, marker) {
    this.highlight(properties.reference);
    if (this.use.onPick?.(properties.reference)) return;
    marker.bindPopup(popupOf(properties, this.statuses, this.use)).openPopup();
  }

  /** Ring the problem of a reference, or none. @param {string | null} reference */
  highlight(reference) {
    const { restWeight, restRadius } = this.picked?.options ?? {};
    this.picked?.setStyle({ weight: restWeight }).setRadius(restRadius ?? REST);
    this.picked = reference === null ? null : (this.markers.get(reference) ?? null);
    if (!this.picked) return;
    this.picked.setStyle({ weight: 5 }).setRadius((this.picked.options.restRadius ?? REST) + 4);
    this.picked.bringToFront();
  }

  /** Mark one point. @param {number} lng @param {number} lat */
  mark(lng, lat) {
    L.circleMarker([lat, lng], { radius: 12, weight: 4, color: colour("map-pick"), fillOpacity: 0.25 }).addTo(this.map);
  }

  /** Draw numbered stops joined in their order. @param {Stop[]} stops */
  drawWay(stops) {
    /** @type {L.LatLngTuple[]} */
    const line = stops.map(({ lat, lng }) => [lat, lng]);
    L.polyline(line, { color: colour("map-pick"), weight: 4, opacity: 0.8 }).addTo(this.map);
    for (const [index, { lat, lng }] of stops.entries()) {
      L.marker([lat, lng], { icon: numbered(index + 1), keyboard: false }).addTo(this.map);
    }
    this.way = line;
    this.fitWay();
  }

  /** Bring the whole way into view, in whatever size the map has now. */
  fitWay() {
    this.map.invalidateSize({ animate: false });
    if (this.way.length) this.map.fitBounds(L.latLngBounds(this.way).pad(0.15), { maxZoom: 17, animate: false });
  }

  /** What is visible as [west, south, east, north]. */
  box() {
    return visibleBox(this.map);
  }

  /** Let the person tap the corners of an area; `done` gets them as [lng, lat] pairs. @param {(corners: [number, number][]) => void} done */
  draw(done) {
    this.stopDrawing();
    this.drawing = new Drawing(this.map, (corners) => {
      this.stopDrawing();
      done(corners);
    });
  }

  stopDrawing() {
    this.drawing?.remove();
    this.drawing = null;
  }
}

class Drawing {
  /** @param {L.Map} map @param {(corners: [number, number][]) => void} done */
  constructor(map, done) {
    this.map = map;
    this.done = done;
    /** @type {L.LatLng[]} */
    this.corners = [];
    this.line = L.polyline([], { color: colour("map-pick"), weight: 3, dashArray: "6 6" }).addTo(map);
    this.onClick = (/** @type {L.LeafletMouseEvent} */ event) => this.add(event.latlng);
    map.on("click", this.onClick);
    map.getContainer().classList.add("is-drawing");
  }

  /** @param {L.LatLng} corner */
  add(corner) {
    if (this.corners.length > 2 && this.isFirst(corner)) {
      this.done(this.corners.map(({ lat, lng }) => [Number(lng.toFixed(6)), Number(lat.toFixed(6))]));
      return;
    }
    this.corners.push(corner);
    this.line.setLatLngs(this.corners);
    if (this.corners.length === 1) L.circleMarker(corner, { radius: 7, color: colour("map-pick") }).addTo(this.map);
  }

  /** @param {L.LatLng} corner */
  isFirst(corner) {
    const [a, b] = [this.corners[0], corner].map((each) => this.map.latLngToContainerPoint(each));
    return a.distanceTo(b) <= CLOSE_PIXELS;
  }

  remove() {
    this.map.off("click", this.onClick);
    this.line.remove();
    this.map.getContainer().classList.remove("is-drawing");
  }
}

/** @param {DeskIssue} issue @param {Statuses} statuses @param {L.Renderer} renderer @returns {L.CircleMarkerOptions} */
function styleOf({ status, place, urgent }, statuses, renderer) {
  const { name, shape } = statuses.markOf(status);
  const isTop = urgent === "true" || place <= 21;
  const radius = isTop ? TOP : REST;
  const weight = isTop ? 3 : 1.5;
  return {
    renderer,
    shape,
    radius,
    weight,
    restRadius: radius,
    restWeight: weight,
    color: urgent === "true" ? colour("bad") : colour("status-edge"),
    fillColor: colour(`status-${name}`),
    fillOpacity: 0.92,
  };
}

/** @param {number} number */
function numbered(number) {
  const label = document.createElement("span");
  label.className = "place-number";
  label.textContent = String(number);
  return L.divIcon({ html: label, className: "way-stop", iconSize: [36, 36] });
}

/** @param {DeskIssue} issue @param {Statuses} statuses @param {Use} use */
function popupOf({ reference, title, status }, statuses, { itemUrl }) {
  const box = document.createElement("div");
  const link = document.createElement("a");
  link.href = itemUrl?.(reference) ?? "#";
  link.textContent = title;
  const words = document.createElement("p");
  words.textContent = `${reference} · ${statuses.labelOf(status)}`;
  box.append(link, words);
  return box;
}
