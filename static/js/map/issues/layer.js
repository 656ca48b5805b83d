/** The problems on a map, asked for anew wherever it moves. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { getJson } from "../../data/base/request.js";
import { Aim } from "../base/aim.js";
import { visibleBox } from "../base/create-map.js";
import { clusterMark, issueMark, lookNow, pickMark } from "./marks.js";

/** @import { Drawn } from "./marks.js" */

/** @import { Statuses } from "../../data/issues/statuses.js" */

const CLUSTER_STEP = 2;

/**
 * @typedef {{reference: string, title: string, status: string, category: string, index: number | null, urgent: boolean}} Issue
 * @typedef {{reference: string, title: string, status: string}} Member
 * @typedef {{count: number, marks: number[], members?: Member[]} & Issue} Properties of a cluster, of a spot (with
 *   some of its members) or, with a count of 1, of one problem
 * @typedef {GeoJSON.Feature<GeoJSON.Point, Properties>} Shown
 * @typedef {Properties & {lng: number, lat: number}} Detail
 */

export class IssueLayer extends EventTarget {
  /**
   * Events: `pick` and `hover` with `detail` {reference, title, …, lng, lat} (hover: null when the
   * pointer leaves), `spot` with {count, members, lng, lat}: several problems that share a mark, `loaded` with {total}, `failed` with {message}.
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
    /** @type {Aim<Shown>} */
    this.aim = new Aim(map, {
      all: () => this.features ?? [],
      at: latLngOf,
      ring: (at) => this.ringAt(at),
      choose: (feature) => this.choose(feature),
    });
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
    this.ring = position ? this.ringAt(L.latLng(position[1], position[0])) : null;
  }

  /** On the canvas of the marks: another one above them would swallow the taps. @param {L.LatLng} at */
  ringAt(at) {
    const ring = pickMark(at, this.look);
    ring.options.renderer = this.renderer;
    return ring.addTo(this.map);
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
    this.aim.take();
  }

  /** @param {Shown} feature */
  add(feature) {
    const { properties } = feature;
    const at = latLngOf(feature);
    const mark = properties.count > 1 ? clusterMark(at, properties, this.look) : issueMark(at, properties, this.look);
    mark.options.renderer = this.renderer;
    mark.on("click", () => this.choose(feature));
    if (properties.count === 1 || properties.members) this.listen(mark, detailOf(feature));
    mark.addTo(this.group);
  }

  /** Tell of the problem or the spot; where coming closer still parts a cluster, come closer. @param {Shown} feature */
  choose(feature) {
    const { count, members } = feature.properties;
    if (count === 1) this.tell("pick", detailOf(feature));
    else if (members && (members.length === count || this.map.getZoom() === this.map.getMaxZoom())) this.tell("spot", detailOf(feature));
    else this.map.setView(latLngOf(feature), this.map.getZoom() + CLUSTER_STEP);
  }

  /** @param {Drawn} mark @param {Detail} detail */
  listen(mark, detail) {
    mark.on("mouseover", () => this.tell("hover", detail));
    mark.on("mouseout", () => this.tell("hover", null));
  }

  /** @param {string} type @param {Detail | null} detail */
  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @param {Shown} feature */
function latLngOf({ geometry }) {
  const [lng, lat] = geometry.coordinates;
  return L.latLng(lat, lng);
}

/** @param {Shown} feature @returns {Detail} */
function detailOf({ geometry, properties }) {
  const [lng, lat] = geometry.coordinates;
  return { ...properties, lng, lat };
}
