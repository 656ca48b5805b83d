/** The configured base map, between the ground and the lines of the orientation layer. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";

const BETWEEN = 2;
const ABOVE = 3;
// A vector map names its streets itself; pictures may have no names at all.
const LIFTED = { vector: ["lines", "spots"], raster: ["lines", "spots", "names"] };

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
    window.addEventListener("online", () => this.failed && this.use(this.basemap));
  }

  /**
   * Show what the settings name in place of what is shown.
   * @param {{kind: "tiles"|"archive"|"", url: string, attribution: string, source: object}} [basemap] `source`:
   *   bytes of an archive that lie elsewhere, see data/walk/archive-store.js
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

  show({ layer }) {
    this.layer = layer.setZIndex(BETWEEN).addTo(this.map);
    this.credit = L.control.attribution({ prefix: false }).addTo(this.map);
    this.credit.addAttribution(layer.credit);
  }

  clear() {
    this.layer?.remove();
    this.credit?.remove();
    this.layer = this.credit = null;
  }
}

function tiles({ url, attribution }, maxZoom, onFail) {
  const layer = L.tileLayer(url, { maxZoom }).on("tileerror", onFail);
  layer.credit = attribution;
  return { kind: "raster", layer };
}
