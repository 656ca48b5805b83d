/** Pictures out of a PMTiles archive as a Leaflet layer. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";

export const RasterArchive = L.GridLayer.extend({
  /** @param {PMTiles} archive; @param {string} type of its pictures; @param {object} options of L.GridLayer */
  initialize(archive, type, options) {
    L.GridLayer.prototype.initialize.call(this, options);
    this.archive = archive;
    this.type = type;
    this.on("tileunload", ({ tile }) => tile.asking.abort());
  },

  createTile(coords, done) {
    const tile = document.createElement("img");
    tile.alt = "";
    tile.asking = new AbortController();
    this.load(tile, coords).then(() => done(null, tile), (error) => done(error, tile));
    return tile;
  },

  /** A picture that is not there, or is none, stays invisible. */
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
  },
});
