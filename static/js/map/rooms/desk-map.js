/** The desk's map: problems as the six shapes of the legend, ringed by priority, and an area drawn by hand. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { Statuses } from "../../data/issues/statuses.js";
import { Aim } from "../base/aim.js";
import { colour } from "../base/colours.js";
import { createMap, visibleBox } from "../base/create-map.js";
import { openPopup } from "../base/popup.js";
import { Stacked } from "../base/stacked.js";
import { clusterMark, lookNow, pickMark } from "../issues/marks.js";
import { ShapeMarker } from "../issues/shapes.js";

/** @import { MapSettings } from "#types/map" */

const CLOSE_PIXELS = 14;
// Two marks closer than this many pixels cover each other.
const REACH = 15;
// Radii in pixels of a problem, and of one that is urgent or among the first places.
const [REST, TOP] = [7, 10];

/**
 * @typedef {{reference: string, title: string, status: string, place: number, urgent: string}} DeskIssue
 * @typedef {GeoJSON.Feature<GeoJSON.Point, DeskIssue>} DeskFeature
 * @typedef {DeskIssue & {lat: number, lng: number}} Problem
 * @typedef {object} Use
 * @property {(reference: string) => boolean} [onPick] one problem was chosen; true when its row is shown
 * @property {(members: Problem[]) => HTMLElement} [cardOf] what a mark opens: needed where problems are shown
 * @typedef {{lat: number, lng: number, reference: string}} Stop
 */

/**
 * @param {HTMLElement} element
 * @param {MapSettings} settings
 * @param {Use} [use]
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
    this.look = lookNow(statuses);
    /** @type {Stacked<Problem>} */
    this.marks = new Stacked(map, REACH, (members) => this.markOf(members));
    /** @type {L.Layer | null} */
    this.ring = null;
    if (use.cardOf) this.aim();
    /** @type {L.LatLngTuple[]} */
    this.way = [];
    /** @type {Drawing | null} */
    this.drawing = null;
  }

  aim() {
    const at = (/** @type {Problem[]} */ [first]) => L.latLng(first.lat, first.lng);
    new Aim(this.map, { all: () => this.marks.stacks, at, ring: (place) => this.ringAt(place), choose: (members) => this.choose(members) });
  }

  /** Show problems and fit the view to them. @param {DeskFeature[]} features the first places first */
  show(features) {
    const problems = features.map(({ geometry, properties }) => ({ ...properties, ...placeOf(geometry) }));
    const bounds = L.latLngBounds(problems.map(({ lat, lng }) => L.latLng(lat, lng)));
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.1), { maxZoom: 16, animate: false });
    this.marks.show(problems);
  }

  /** @param {Problem[]} members that share a mark */
  markOf(members) {
    const [first] = members;
    const at = L.latLng(first.lat, first.lng);
    const mark = members.length > 1 ? this.stackAt(at, members) : new ShapeMarker(at, styleOf(first, this.statuses, this.canvas));
    return mark.on("click", () => this.choose(members));
  }

  /** @param {L.LatLng} at @param {Problem[]} members */
  stackAt(at, members) {
    const stack = { count: members.length, marks: this.statuses.tally(members), urgent: members.some(isUrgent) };
    const mark = clusterMark(at, stack, this.look);
    mark.options.renderer = this.canvas;
    return mark;
  }

  /** The row of one problem, else its card; of several the list. @param {Problem[]} members */
  choose(members) {
    const [first] = members;
    if (members.length === 1) this.highlight(first.reference);
    if (members.length === 1 && this.use.onPick?.(first.reference)) return;
    const card = this.use.cardOf?.(members);
    if (card) openPopup(this.map, first, card);
  }

  /** Ring the problem of a reference, or none. @param {string | null} reference */
  highlight(reference) {
    this.ring?.remove();
    const [first] = this.marks.find((problem) => problem.reference === reference) ?? [];
    this.ring = first ? this.ringAt(L.latLng(first.lat, first.lng)) : null;
  }

  /** On the canvas of the marks: another one above them would swallow the taps. @param {L.LatLng} at */
  ringAt(at) {
    const ring = pickMark(at, this.look);
    ring.options.renderer = this.canvas;
    return ring.addTo(this.map);
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
  const isTop = isUrgent({ urgent }) || place <= 21;
  const radius = isTop ? TOP : REST;
  const weight = isTop ? 3 : 1.5;
  return {
    renderer,
    shape,
    radius,
    weight,
    color: isUrgent({ urgent }) ? colour("bad") : colour("status-edge"),
    fillColor: colour(`status-${name}`),
    fillOpacity: 0.92,
  };
}

/** @param {{urgent: string}} problem */
function isUrgent({ urgent }) {
  return urgent === "true";
}

/** @param {GeoJSON.Point} point */
function placeOf({ coordinates: [lng, lat] }) {
  return { lng, lat };
}

/** @param {number} number */
function numbered(number) {
  const label = document.createElement("span");
  label.className = "place-number";
  label.textContent = String(number);
  return L.divIcon({ html: label, className: "way-stop", iconSize: [36, 36] });
}
