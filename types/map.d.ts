/** What pages hand to their maps. Boxes are west, south, east, north in degrees. */

import type { Source } from "pmtiles";
import type { StatusTable } from "../static/js/data/issues/statuses.js";
import type { Orientation } from "./walk.js";

export type Box = [number, number, number, number];

export interface Basemap {
  kind: "tiles" | "archive" | "";
  url: string;
  attribution: string;
  /** Address of protomaps-leaflet. */
  library?: string;
  sha256?: string;
  bytes?: number | null;
  /** Bytes of an archive that lie elsewhere, see data/walk/archive-store.js. */
  source?: Source;
}

export interface MapSettings {
  /** Address of the orientation layer (GeoJSON). */
  orientation_url: string;
  /** The layer's GeoJSON itself, e.g. kept on a tablet; then nothing is fetched. */
  orientation?: Orientation | null;
  extent: Box;
  basemap?: Basemap;
  statuses: StatusTable;
  /** What the two buttons and the list of a spot say; the last two with {count} and {shown}. */
  labels?: { zoom_in: string; zoom_out: string; spot: string; spot_part: string };
  /** Start here instead of at the whole commune. */
  view?: { lat: number; lng: number; zoom: number };
}

/** The library of vector maps, which comes as a classic script. */
export type Protomaps = typeof import("protomaps-leaflet");
