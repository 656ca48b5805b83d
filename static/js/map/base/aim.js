/** Choosing a mark by keyboard: what lies nearest to the middle of the focused map is ringed, Enter chooses it. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";

/**
 * @template T
 * @typedef {object} Aimed
 * @property {() => T[]} all what is drawn
 * @property {(one: T) => L.LatLng} at
 * @property {(at: L.LatLng) => L.Layer} ring drawn on the map
 * @property {(one: T) => void} choose
 */

/** @template T */
export class Aim {
  /** @param {L.Map} map @param {Aimed<T>} use */
  constructor(map, use) {
    this.map = map;
    this.use = use;
    /** @type {L.Layer | null} */
    this.ring = null;
    this.listen(map.getContainer());
  }

  /** @param {HTMLElement} element */
  listen(element) {
    for (const type of ["focus", "blur"]) element.addEventListener(type, () => this.take());
    this.map.on("moveend", () => this.take());
    element.addEventListener("keydown", (event) => {
      const target = event.key === "Enter" && event.target === element && this.nearest();
      if (target) this.use.choose(target);
    });
  }

  /** Ring the nearest while the map has the focus of a keyboard, else nothing. */
  take() {
    this.ring?.remove();
    const target = this.map.getContainer().matches(":focus-visible") && this.nearest();
    this.ring = target ? this.use.ring(this.use.at(target)) : null;
  }

  nearest() {
    const centre = this.map.getCenter();
    const away = (/** @type {T} */ one) => centre.distanceTo(this.use.at(one));
    return [...this.use.all()].sort((a, b) => away(a) - away(b))[0];
  }
}
