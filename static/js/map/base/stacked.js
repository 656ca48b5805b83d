/** Places of a map of which those that would cover each other share a mark; after each zoom it is found out again. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { stacksOf } from "../../data/geo/stacks.js";

/** @typedef {{lat: number, lng: number}} Place degrees */

/** @template {Place} T */
export class Stacked {
  /**
   * @param {L.Map} map
   * @param {number} reach pixels within which two marks would cover each other
   * @param {(members: T[]) => L.Layer} draw the mark of one or more, at the place of the first
   */
  constructor(map, reach, draw) {
    this.map = map;
    this.reach = reach;
    this.draw = draw;
    this.group = L.layerGroup().addTo(map);
    /** @type {T[]} */
    this.items = [];
    /** @type {T[][]} */
    this.stacks = [];
    map.on("zoomend", () => this.redraw());
  }

  /** @param {T[]} items the most important first */
  show(items) {
    this.items = items;
    this.redraw();
  }

  redraw() {
    const points = this.items.map((item) => ({ item, ...this.pixels(item) }));
    this.stacks = stacksOf(points, this.reach).map((stack) => stack.map(({ item }) => item));
    this.group.clearLayers();
    for (const members of [...this.stacks].reverse()) this.group.addLayer(this.draw(members));
  }

  /** @param {T} item */
  pixels({ lat, lng }) {
    const { x, y } = this.map.project([lat, lng]);
    return { x, y };
  }

  /** Those that share the mark of the one for which `isIt` holds. @param {(item: T) => boolean} isIt */
  find(isIt) {
    return this.stacks.find((members) => members.some(isIt));
  }
}
