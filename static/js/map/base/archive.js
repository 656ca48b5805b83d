/** A base map out of one PMTiles archive; fetched only by pages whose base map is one. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { FetchSource, PMTiles, TileType } from "../../../pmtiles/dist/esm/index.js";
import { RasterArchive } from "./archive-raster.js";
import { vectorLayer } from "./archive-vector.js";

/** @import { Basemap } from "#types/map" */

/** @import { Opened } from "./base-map.js" */

/** @import { Header, Source } from "../../../pmtiles/dist/esm/index.js" */

/** @type {Record<number, string>} */
const PICTURES = { [TileType.Png]: "image/png", [TileType.Jpeg]: "image/jpeg", [TileType.Webp]: "image/webp" };
// Layers of the Protomaps schema; a map that has none of them would be drawn as nothing.
const SCHEMA = new Set(["earth", "landuse", "water", "roads", "buildings", "places"]);
const OPENSTREETMAP = "© OpenStreetMap";

/**
 * Open an archive.
 * @param {Basemap} basemap
 * @param {number} maxZoom tiles of the deepest zoom there is are enlarged up to this one
 * @param {() => void} onFail a tile could not be read
 * @returns {Promise<Opened>}
 * @throws {Error} it is not there, cannot be read by ranges, is cut or corrupt, or holds something else
 */
export async function openArchive(basemap, maxZoom, onFail) {
  const archive = new WatchedArchive(basemap.source ?? new FetchSource(basemap.url), onFail);
  const header = await archive.getHeader();
  const metadata = /** @type {Metadata} */ ((await archive.getMetadata()) ?? {});
  const layer = await layerOf(archive, header, metadata, basemap.library ?? "", { maxZoom, ...boundsOf(header) });
  const credit = basemap.attribution || asText(metadata.attribution) || OPENSTREETMAP;
  return { kind: header.tileType === TileType.Mvt ? "vector" : "raster", layer: Object.assign(layer, { credit }) };
}

/** @typedef {{attribution?: unknown, vector_layers?: {id: string}[]}} Metadata what an archive says of itself */

class WatchedArchive extends PMTiles {
  /** @param {Source} source @param {() => void} onFail */
  constructor(source, onFail) {
    super(source);
    this.onFail = onFail;
  }

  /** @param {Parameters<PMTiles["getZxy"]>} asked */
  async getZxy(...asked) {
    try {
      return await super.getZxy(...asked);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) this.onFail();
      throw error;
    }
  }
}

/**
 * @param {PMTiles} archive
 * @param {Header} header
 * @param {Metadata} metadata
 * @param {string} library
 * @param {L.GridLayerOptions} options
 * @returns {Promise<L.GridLayer>}
 */
async function layerOf(archive, header, metadata, library, options) {
  const { tileType, minZoom, maxZoom } = header;
  if (PICTURES[tileType]) {
    const native = { minNativeZoom: minZoom, maxNativeZoom: maxZoom };
    return new RasterArchive(archive, PICTURES[tileType], { ...options, ...native });
  }
  if (tileType !== TileType.Mvt) throw new Error(`neither pictures nor vector tiles: ${tileType}`);
  if (metadata.vector_layers && !metadata.vector_layers.some(({ id }) => SCHEMA.has(id))) throw new Error("another schema");
  return vectorLayer(archive, maxZoom, library, options);
}

/** Outside its rectangle an archive is asked for nothing. @param {Header} header */
function boundsOf({ minLon, minLat, maxLon, maxLat }) {
  return minLon < maxLon && minLat < maxLat ? { bounds: L.latLngBounds([minLat, minLon], [maxLat, maxLon]) } : {};
}

/** What an archive says of itself is HTML of a stranger: only its words. @param {unknown} html */
function asText(html) {
  if (typeof html !== "string") return "";
  const element = document.createElement("span");
  element.textContent = new DOMParser().parseFromString(html, "text/html").body.textContent?.trim() ?? "";
  return element.innerHTML;
}
