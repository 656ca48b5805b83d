/** What the tablet keeps and sends. Positions are degrees, times milliseconds since 1970 unless they are text. */

import type { Feature, FeatureCollection, Geometry, MultiPolygon } from "geojson";
import type { DBSchema, IDBPDatabase } from "idb";
import type { Basemap, MapSettings } from "./map.js";

export interface Position {
  lat: number;
  lng: number;
}

export interface Territory {
  code: number;
  name: string;
  boundary: MultiPolygon;
}

/** A row is [kind, name, lng, lat]. */
export type Place = [string, string, number, number];

/** A row is [id, reference, title, category, status, label, lng, lat]. */
export type KnownRow = [string, string, string, string, string, string, number, number];

export interface Category {
  code: string;
  name: string;
  group: string;
  group_code: string;
  icon: string;
  /** Level of severity that the office suggests. */
  severity: number;
  /** How often it was used in the whole commune. */
  used: number;
  [more: string]: unknown;
}

/** What the server says is known, kept for the time without network. */
export interface Reference {
  boundaries: { id: number; territories: Territory[] };
  categories: Category[];
  issues: KnownRow[];
  places: Place[];
  care_places?: Place[];
  /** Of the index: severity, reach, duration, vulnerability; together 100. */
  weights?: number[];
  fetched?: number;
  for?: number;
  [more: string]: unknown;
}

export interface MapProperties {
  kind: string;
  name?: string;
  code?: number;
  set?: number;
  label?: [number, number];
  [more: string]: unknown;
}

export type MapFeature = Feature<Geometry, MapProperties>;
/** The drawn map. */
export type Orientation = FeatureCollection<Geometry, MapProperties>;

export interface Layers {
  reference?: Reference | null;
  orientation?: Orientation | null;
}

export interface Person {
  id: number;
  name: string;
  may_walk: boolean;
  territories: number[];
}

export interface Walk {
  id: string;
  started: number;
}

export type State = "saved" | "delivered" | "held" | "attention";

/** The server's answer to one record. */
export interface Answer {
  result: string;
  id?: string;
  sha256?: string;
  sentence?: string;
}

/** A record before it is kept: what every one says, and what its kind adds. */
export interface Content {
  id: string;
  kind: string;
  author: number;
  walk?: string | null;
  issue?: string | null;
  title?: string;
  category?: string;
  lat?: number;
  lng?: number;
  at?: string;
  [more: string]: unknown;
}

/** What every record says about its making. */
export interface Making {
  author: number;
  device: string;
  walk: string | null;
  at: string;
  clock_offset_ms: number | null;
  app: number;
}

/** A record as it is kept; `body` is what is sent, and never changes. */
export interface Row {
  id: string;
  kind: string;
  author: number;
  walk: string | null;
  issue: string | null;
  title: string;
  category: string;
  lat?: number;
  lng?: number;
  at?: string;
  made: number;
  state: State;
  attempts: number;
  answer: Answer | null;
  body: string;
  sha256: string;
  photos: string[];
  settled?: number;
  damaged?: boolean;
}

export interface Photo {
  id: string;
  sha256: string;
  size: number;
  bytes: ArrayBuffer;
  type: string;
  flagged: boolean;
}

export interface PhotoRow extends Photo {
  record: string;
  state: State;
  attempts: number;
  answer?: string;
}

export type PhotoFacts = Omit<PhotoRow, "bytes">;

/** An open form. */
export interface Draft {
  id: string;
  made: number;
  title: string;
  category: string;
  levels: Record<string, number>;
  reason: string;
  photos: Photo[];
  position: Position | null;
  /** Accuracy in metres of the GPS that put the cross there; null when a hand did. */
  fix?: number | null;
  severityByHand?: boolean;
  vulnerabilityByHand?: boolean;
  [more: string]: unknown;
}

/** A row of the way is [lng, lat, accuracy in metres, time]. */
export type TrackPoint = [number, number, number, number];

export interface Counted {
  records: number;
  photos: number;
  attention: number;
  made: number;
}

export interface WalkSchema extends DBSchema {
  records: { key: string; value: Row; indexes: { state: string; walk: string; made: number } };
  photos: { key: string; value: PhotoRow; indexes: { state: string; record: string } };
  drafts: { key: string; value: Draft };
  track: { key: number; value: TrackPoint };
  reference: { key: string; value: unknown };
  log: { key: number; value: { at: string; text: string; error?: string } };
  meta: { key: string; value: unknown };
}

export type WalkDB = IDBPDatabase<WalkSchema>;

/** One archive of the base map, whole or in part; `hashes`: one for each piece. */
export interface ArchiveRow {
  sha256: string;
  bytes: number | null;
  hashes: string[];
  received: number;
  whole: boolean;
}

export interface ArchiveSchema extends DBSchema {
  archives: { key: string; value: ArchiveRow };
  pieces: { key: [string, number]; value: ArrayBuffer };
}

export type ArchiveDB = IDBPDatabase<ArchiveSchema>;

/** What the page of the walk was rendered with; walks/app/shell.py writes it. */
export interface WalkSettings extends MapSettings {
  version: number;
  basemap: Basemap;
  urls: Record<
    "worker" | "scope" | "login" | "icons" | "session" | "device" | "reference" | "orientation" | "sync" | "photos" | "reconcile",
    string
  >;
  /** Milliseconds; `gps` until it counts as slow, the others are the sender's. */
  times: Record<string, number>;
  texts: Record<string, string> & { spot: string; spot_part: string };
}
