/** The desk's map: problems as the six shapes of the legend, ringed by priority, and an area drawn by hand. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { Statuses } from "../../data/issues/statuses.js";
import { colour } from "../base/colours.js";
import { createMap, visibleBox } from "../base/create-map.js";
import { ShapeMarker } from "../issues/shapes.js";

const CLOSE_PIXELS = 14;

/**
 * @param {HTMLElement} element
 * @param {object} settings as createMap takes them
 * @param {object} [use]
 * @param {(reference: string) => string} [use.itemUrl] address of a problem's page
 * @param {(reference: string) => boolean} [use.onPick] a marker was chosen; true when its row is shown
 */
export function createDeskMap(element, settings, use = {}) {
  const map = createMap(element, settings);
  return new DeskMap(map, new Statuses(settings.statuses), use);
}

class DeskMap {
  constructor(map, statuses, use) {
    this.map = map;
    this.statuses = statuses;
    this.use = use;
    this.canvas = L.canvas({ padding: 0.3 });
    this.layer = L.layerGroup().addTo(map);
    this.markers = new Map();
    this.picked = null;
  }

  /** Show GeoJSON features of the desk and fit the view to them. */
  show(features) {
    this.layer.clearLayers();
    for (const feature of [...features].reverse()) this.add(feature);
    const bounds = L.latLngBounds([...this.markers.values()].map((marker) => marker.getLatLng()));
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.1), { maxZoom: 16 });
  }

  add({ geometry, properties }) {
    const [lng, lat] = geometry.coordinates;
    const marker = new ShapeMarker([lat, lng], styleOf(properties, this.statuses, this.canvas)).addTo(this.layer);
    marker.on("click", () => this.choose(properties, marker));
    this.markers.set(properties.reference, marker);
  }

  choose(properties, marker) {
    this.highlight(properties.reference);
    if (this.use.onPick?.(properties.reference)) return;
    marker.bindPopup(popupOf(properties, this.statuses, this.use)).openPopup();
  }

  /** Ring the problem of a reference, or none. */
  highlight(reference) {
    this.picked?.setStyle({ weight: this.picked.options.restWeight, radius: this.picked.options.restRadius });
    this.picked = this.markers.get(reference) ?? null;
    this.picked?.setStyle({ weight: 5 }).setRadius(this.picked.options.restRadius + 4).bringToFront();
  }

  /** Mark one point. */
  mark(lng, lat) {
    L.circleMarker([lat, lng], { radius: 12, weight: 4, color: colour("map-pick"), fillOpacity: 0.25 }).addTo(this.map);
  }

  /** Draw numbered stops {lng, lat, reference} joined in their order. */
  drawWay(stops) {
    const line = stops.map(({ lat, lng }) => [lat, lng]);
    L.polyline(line, { color: colour("map-pick"), weight: 4, opacity: 0.8 }).addTo(this.map);
    stops.forEach(({ lat, lng }, index) => L.marker([lat, lng], { icon: numbered(index + 1), keyboard: false }).addTo(this.map));
    this.way = line;
    this.fitWay();
  }

  /** Bring the whole way into view, in whatever size the map has now. */
  fitWay() {
    this.map.invalidateSize({ animate: false });
    if (this.way?.length) this.map.fitBounds(L.latLngBounds(this.way).pad(0.15), { maxZoom: 17, animate: false });
  }

  /** What is visible as [west, south, east, north]. */
  box() {
    return visibleBox(this.map);
  }

  /** Let the person tap the corners of an area; `done` gets them as [lng, lat] pairs. */
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
  constructor(map, done) {
    this.map = map;
    this.done = done;
    this.corners = [];
    this.line = L.polyline([], { color: colour("map-pick"), weight: 3, dashArray: "6 6" }).addTo(map);
    this.onClick = (event) => this.add(event.latlng);
    map.on("click", this.onClick);
    map.getContainer().classList.add("is-drawing");
  }

  add(corner) {
    if (this.corners.length > 2 && this.isFirst(corner)) {
      this.done(this.corners.map(({ lat, lng }) => [Number(lng.toFixed(6)), Number(lat.toFixed(6))]));
      return;
    }
    this.corners.push(corner);
    this.line.setLatLngs(this.corners);
    if (this.corners.length === 1) L.circleMarker(corner, { radius: 7, color: colour("map-pick") }).addTo(this.map);
  }

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

function styleOf({ status, place, urgent }, statuses, renderer) {
  const { name, shape } = statuses.markOf(status);
  const isTop = urgent === "true" || place <= 21;
  const radius = isTop ? 10 : 7;
  const weight = isTop ? 3 : 1.5;
  return {
    renderer, shape, radius, weight, restRadius: radius, restWeight: weight,
    color: urgent === "true" ? colour("bad") : colour("status-edge"),
    fillColor: colour(`status-${name}`),
    fillOpacity: 0.92,
  };
}

function numbered(number) {
  const label = document.createElement("span");
  label.className = "place-number";
  label.textContent = String(number);
  return L.divIcon({ html: label, className: "way-stop", iconSize: [36, 36] });
}

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
