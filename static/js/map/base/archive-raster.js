/** Pictures out of a PMTiles archive as a Leaflet layer. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";

/** @import { PMTiles } from "../../../pmtiles/dist/esm/index.js" */

/** @typedef {HTMLImageElement & {asking: AbortController}} Picture */

export class RasterArchive extends L.GridLayer {
  /** @param {PMTiles} archive @param {string} type of its pictures @param {L.GridLayerOptions} options */
  constructor(archive, type, options) {
    super(options);
    this.archive = archive;
    this.type = type;
    this.on("tileunload", ({ tile }) => /** @type {Picture} */ (tile).asking.abort());
  }

  /** @param {L.Coords} coords @param {L.DoneCallback} done */
  createTile(coords, done) {
    const tile = Object.assign(document.createElement("img"), { alt: "", asking: new AbortController() });
    this.load(tile, coords).then(
      () => done(undefined, tile),
      (error) => done(error, tile),
    );
    return tile;
  }

  /** A picture that is not there, or is none, stays invisible. @param {Picture} tile @param {L.Coords} coords */
  async load(tile, { x, y, z }) {
    const found = await this.archive.getZxy(z, x, y, tile.asking.signal);
    if (!found) throw new Error("no such tile");
    const url = URL.createObjectURL(new Blob([found.data], { type: this.type }));
    try {
      tile.src = url;
      await tile.decode();
    } finally {
      URL.revokeObjectURL(url);
    }
  }
}
