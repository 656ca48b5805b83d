/** The problems on a map, asked for anew wherever it moves. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { getJson } from "../../data/base/request.js";
import { visibleBox } from "../base/create-map.js";
import { clusterMark, issueMark, lookNow, pickMark } from "./marks.js";

/** @import { Drawn } from "./marks.js" */

/** @import { Statuses } from "../../data/issues/statuses.js" */

const CLUSTER_STEP = 2;

/**
 * @typedef {{reference: string, title: string, status: string, category: string, index: number | null, urgent: boolean}} Issue
 * @typedef {{count: number, marks: number[]} & Issue} Properties of a cluster or, with a count of 1, of one problem
 * @typedef {GeoJSON.Feature<GeoJSON.Point, Properties>} Shown
 */

export class IssueLayer extends EventTarget {
  /**
   * Events: `pick` and `hover` with `detail` {reference, title, …, lng, lat} (hover: null when the
   * pointer leaves), `loaded` with {total}, `failed` with {message}.
   * @param {L.Map} map
   * @param {string} url of /api/v1/map/
   * @param {Statuses} statuses
   */
  constructor(map, url, statuses) {
    super();
    this.map = map;
    this.url = url;
    this.statuses = statuses;
    this.filters = new URLSearchParams();
    this.renderer = L.canvas({ padding: 0.2, tolerance: 8 });
    this.group = L.layerGroup().addTo(map);
    this.look = lookNow(this.statuses);
    /** @type {Shown[] | undefined} */
    this.features = undefined;
    /** @type {Drawn | null} */
    this.ring = null;
    /** @type {AbortController | undefined} */
    this.request = undefined;
    this.isAsked = false;
    map.on("moveend", () => this.isAsked && this.load());
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  /** Show only what these parameters ask for. @param {URLSearchParams | Record<string, string>} filters */
  setFilters(filters) {
    this.isAsked = true;
    this.filters = new URLSearchParams(filters);
    for (const name of ["bbox", "cursor", "ordering", "part"]) this.filters.delete(name);
    return this.load();
  }

  /** Ring the problem at a place [lng, lat], or none with null. @param {[number, number] | null} position */
  highlight(position) {
    this.ring?.remove();
    this.ring = position ? pickMark(L.latLng(position[1], position[0]), this.look) : null;
    this.ring?.addTo(this.map);
  }

  async load() {
    this.request?.abort();
    if (this.map.getSize().x === 0) return;
    this.request = new AbortController();
    try {
      const data = await getJson(this.address(), { signal: this.request.signal });
      this.draw(data.features);
      this.dispatchEvent(new CustomEvent("loaded", { detail: { total: data.total } }));
    } catch (error) {
      if (!(error instanceof Error) || error.name === "AbortError") return;
      this.dispatchEvent(new CustomEvent("failed", { detail: { message: error.message } }));
    }
  }

  address() {
    const query = new URLSearchParams(this.filters);
    query.set("bbox", visibleBox(this.map).join(","));
    query.set("zoom", this.map.getZoom().toFixed(1));
    return `${this.url}?${query}`;
  }

  redraw() {
    this.look = lookNow(this.statuses);
    if (this.features) this.draw(this.features);
  }

  /** @param {Shown[]} features */
  draw(features) {
    this.features = features;
    this.group.clearLayers();
    // The heaviest last, so that they lie on top; what is closed lies below its open neighbours.
    const weight = (/** @type {Shown} */ { properties: { count, index, status } }) =>
      count * 1000 + (index ?? 0) - (status === "closed" ? 500 : 0);
    for (const feature of [...features].sort((a, b) => weight(a) - weight(b))) this.add(feature);
  }

  /** @param {Shown} feature */
  add({ geometry, properties }) {
    const [lng, lat] = geometry.coordinates;
    const at = L.latLng(lat, lng);
    const mark = properties.count > 1 ? clusterMark(at, properties, this.look) : issueMark(at, properties, this.look);
    mark.options.renderer = this.renderer;
    if (properties.count > 1) mark.on("click", () => this.map.setView(at, this.map.getZoom() + CLUSTER_STEP));
    else this.listen(mark, { ...properties, lng, lat });
    mark.addTo(this.group);
  }

  /** @param {Drawn} mark @param {Issue & {lng: number, lat: number}} issue */
  listen(mark, issue) {
    const tell = (/** @type {string} */ type, /** @type {object | null} */ detail) => this.dispatchEvent(new CustomEvent(type, { detail }));
    mark.on("click", () => tell("pick", issue));
    mark.on("mouseover", () => tell("hover", issue));
    mark.on("mouseout", () => tell("hover", null));
  }
}

/**
 * Open a popup with an element at a place.
 * @param {L.Map} map
 * @param {{lng: number, lat: number}} place
 * @param {HTMLElement} element
 */
export function openPopup(map, { lng, lat }, element) {
  L.popup({ maxWidth: 300, offset: [0, -6], autoPanPadding: [24, 24] })
    .setLatLng([lat, lng])
    .setContent(element)
    .openOn(map);
}
