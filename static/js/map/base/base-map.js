/** The configured base map, between the ground and the lines of the orientation layer. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";

/** @import { Part } from "./orientation.js" */

/** @import { Basemap } from "#types/map" */

const BETWEEN = 2;
const ABOVE = 3;
// A vector map names its streets itself; pictures may have no names at all.
/** @type {Record<Opened["kind"], Part[]>} */
const LIFTED = { vector: ["lines", "spots"], raster: ["lines", "spots", "names"] };

/**
 * @typedef {L.GridLayer & {credit: string, refresh?: () => void}} BaseLayer `credit`: HTML of whom the map is from
 * @typedef {{kind: "vector" | "raster", layer: BaseLayer}} Opened
 */

/**
 * Shows one base map at a time. A tile that fails leaves the orientation layer visible beneath it, and so does a
 * map that cannot be opened: never a grey map. When the network comes back, what failed is tried again.
 * The map's element says in `data-basemap` what is shown: "vector", "raster", "failed", or "" for none.
 */
export class BaseMap {
  /** @param {L.Map} map with `map.orientation`; @param {number} maxZoom of the map */
  constructor(map, maxZoom) {
    this.map = map;
    this.maxZoom = maxZoom;
    this.turn = 0;
    this.failed = false;
    /** @type {Basemap | undefined} */
    this.basemap = undefined;
    /** @type {BaseLayer | null} */
    this.layer = null;
    /** @type {L.Control.Attribution | null} */
    this.credit = null;
    window.addEventListener("online", () => this.failed && this.use(this.basemap));
  }

  /**
   * Show what the settings name in place of what is shown.
   * @param {Basemap} [basemap]
   */
  async use(basemap) {
    this.basemap = basemap;
    this.turn += 1;
    const { turn } = this;
    const [opened, orientation] = await Promise.all([this.open(basemap), this.map.orientation]);
    if (turn !== this.turn) return;
    this.clear();
    this.failed = Boolean(basemap?.kind) && !opened;
    if (opened) this.show(opened);
    orientation?.lift(opened ? LIFTED[opened.kind] : [], ABOVE);
    this.map.getContainer().dataset.basemap = opened?.kind ?? (this.failed ? "failed" : "");
  }

  /** Draw again in the colours of the theme that is on now. */
  refresh() {
    this.layer?.refresh?.();
  }

  /** @param {Basemap | undefined} basemap @returns {Promise<Opened | null>} */
  async open(basemap) {
    const onFail = () => {
      this.failed = true;
    };
    try {
      if (basemap?.kind === "tiles") return tiles(basemap, this.maxZoom, onFail);
      if (basemap?.kind !== "archive" || !(basemap.url || basemap.source)) return null;
      const { openArchive } = await import("./archive.js");
      return await openArchive(basemap, this.maxZoom, onFail);
    } catch (error) {
      console.warn("base map", error);
      return null;
    }
  }

  /** @param {Opened} opened */
  show({ layer }) {
    this.layer = layer.setZIndex(BETWEEN).addTo(this.map);
    this.credit = L.control.attribution({ prefix: false }).addTo(this.map);
    this.credit.addAttribution(layer.credit);
  }

  clear() {
    this.layer?.remove();
    this.credit?.remove();
    this.layer = null;
    this.credit = null;
  }
}

/** @param {Basemap} basemap @param {number} maxZoom @param {() => void} onFail @returns {Opened} */
function tiles({ url, attribution }, maxZoom, onFail) {
  const layer = L.tileLayer(url, { maxZoom }).on("tileerror", onFail);
  return { kind: "raster", layer: Object.assign(layer, { credit: attribution }) };
}
