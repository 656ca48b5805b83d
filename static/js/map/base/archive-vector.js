/** Vector tiles of the Protomaps schema, drawn as quietly as our own map so that problems stay in front. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";

/** @import { Protomaps } from "#types/map" */

/** @import { Feature, Filter, LabelRule, LeafletLayerOptions, PaintRule } from "protomaps-leaflet" */

/** @import { PMTiles } from "../../../pmtiles/dist/esm/index.js" */

const COLOURS = ["area", "land", "green", "water", "building", "street", "street-case", "street-main", "street-main-case", "label", "halo"];
const GREEN = new Set([
  "park",
  "national_park",
  "nature_reserve",
  "protected_area",
  "forest",
  "wood",
  "grass",
  "meadow",
  "garden",
  "cemetery",
  "golf_course",
  "pitch",
  "playground",
  "village_green",
  "allotments",
  "recreation_ground",
  "scrub",
  "grassland",
]);
const SPECIAL = new Set(["school", "university", "college", "kindergarten", "hospital", "industrial", "railway", "military", "pedestrian"]);
const [LINE, POLYGON] = [2, 3];
// Widths in pixels at some zooms, colour, and from which zoom they are drawn; the narrow ones first.
/** @type {Road[]} */
const ROADS = [
  {
    kinds: ["path", "other"],
    from: 16,
    colour: "street",
    widths: [
      [16, 1],
      [19, 5],
    ],
  },
  {
    kinds: ["minor_road"],
    from: 13,
    colour: "street",
    widths: [
      [13, 1],
      [16, 5],
      [19, 16],
    ],
  },
  {
    kinds: ["major_road", "medium_road"],
    from: 10,
    colour: "street-main",
    widths: [
      [10, 1],
      [13, 2.5],
      [16, 8],
      [19, 22],
    ],
  },
  {
    kinds: ["highway"],
    from: 8,
    colour: "street-main",
    widths: [
      [8, 1],
      [13, 4],
      [16, 11],
      [19, 28],
    ],
  },
];
// Names of streets, from the same zooms as those of our own map.
const NAMES = [
  { kinds: ["highway", "major_road", "medium_road"], from: 14 },
  { kinds: ["minor_road", "path", "other"], from: 16 },
];
const FONT = '500 11px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
/**
 * @typedef {{kinds: string[], from: number, colour: string, widths: [number, number][]}} Road
 * @typedef {{kinds: string[], from: number}} Named
 * @typedef {Record<string, string>} Colours
 * @typedef {{clearLayout: () => void, rerenderTiles: () => void}} Redrawn what a layer of the library can do besides
 */

/** @type {Promise<Protomaps> | null} */
let loading = null;

/**
 * A layer for the archive; `.refresh()` draws it in the colours of the theme that is on now.
 * @param {PMTiles} archive
 * @param {number} maxDataZoom deepest zoom of the archive
 * @param {string} library address of protomaps-leaflet
 * @param {L.GridLayerOptions} options
 * @returns {Promise<L.GridLayer & {refresh: () => void}>}
 */
export async function vectorLayer(archive, maxDataZoom, library, options) {
  const protomaps = await load(library);
  const devicePixelRatio = Math.min(window.devicePixelRatio || 1, 2);
  // The library asks an archive for getZxy alone; its types name the version before ours.
  const url = /** @type {LeafletLayerOptions["url"]} */ (/** @type {unknown} */ (archive));
  const more = { url, maxDataZoom, devicePixelRatio, lang: "es", attribution: "" };
  const made = protomaps.leafletLayer({ ...options, ...more, ...rules(protomaps) });
  const layer = /** @type {L.GridLayer & Redrawn} */ (/** @type {unknown} */ (made));
  const refresh = () => {
    Object.assign(layer, rules(protomaps));
    layer.clearLayout();
    layer.rerenderTiles();
  };
  return Object.assign(layer, { refresh });
}

/** The library is one classic script that finds Leaflet under its global name. @param {string} src */
function load(src) {
  const page = /** @type {typeof globalThis & {L?: typeof L, protomapsL: Protomaps}} */ (globalThis);
  page.L ??= L;
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.addEventListener("load", () => resolve(page.protomapsL));
    script.addEventListener("error", () => reject(new Error(`not loaded: ${src}`)));
    script.src = src;
    document.head.append(script);
  }).catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** @param {Protomaps} protomaps */
function rules(protomaps) {
  const style = getComputedStyle(document.documentElement);
  /** @type {Colours} */
  const colours = Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]));
  const cases = ROADS.filter(({ from }) => from < 16).map((road) => streetOf(protomaps, road, colours[`${road.colour}-case`], 2));
  const streets = ROADS.map((road) => streetOf(protomaps, road, colours[road.colour], 0));
  return {
    paintRules: [...grounds(protomaps, colours), ...cases, ...streets],
    labelRules: NAMES.map((names) => namesOf(protomaps, names, colours)),
  };
}

/** @param {Protomaps} protomaps @param {Colours} colours @returns {PaintRule[]} */
function grounds({ PolygonSymbolizer, LineSymbolizer, exp }, colours) {
  const fill = (
    /** @type {string} */ dataLayer,
    /** @type {string} */ colour,
    /** @type {(kind: string) => boolean} */ wanted = () => true,
  ) => ({
    dataLayer,
    symbolizer: new PolygonSymbolizer({ fill: colours[colour] }),
    filter: only(({ geomType, props }) => geomType === POLYGON && wanted(String(props.kind))),
  });
  const river = new LineSymbolizer({
    color: colours.water,
    width: exp(1.4, [
      [12, 1],
      [18, 6],
    ]),
  });
  return [
    fill("earth", "land"),
    fill("landuse", "area", (kind) => SPECIAL.has(kind)),
    fill("landuse", "green", (kind) => GREEN.has(kind)),
    fill("water", "water"),
    { dataLayer: "water", symbolizer: river, filter: only(({ geomType }) => geomType === LINE) },
    { ...fill("buildings", "building"), minzoom: 15 },
  ];
}

/** @param {Protomaps} protomaps @param {Road} road @param {string} color @param {number} more pixels of width @returns {PaintRule} */
function streetOf({ LineSymbolizer, exp }, { kinds, from, widths }, color, more) {
  const width = exp(
    1.6,
    widths.map(([zoom, wide]) => [zoom, wide + more]),
  );
  return {
    dataLayer: "roads",
    minzoom: from,
    symbolizer: new LineSymbolizer({ color, width, lineCap: "round", lineJoin: "round" }),
    filter: only(({ props }) => kinds.includes(String(props.kind))),
  };
}

/** @param {Protomaps} protomaps @param {Named} names @param {Colours} colours @returns {LabelRule} */
function namesOf({ LineLabelSymbolizer }, { kinds, from }, { label, halo }) {
  const labelProps = ["name:es", "name"];
  return {
    dataLayer: "roads",
    minzoom: from,
    symbolizer: new LineLabelSymbolizer({ labelProps, fill: label, stroke: halo, width: 3.5, font: FONT }),
    filter: only(({ props }) => kinds.includes(String(props.kind))),
  };
}

/** @param {(feature: Feature) => boolean} wanted @returns {Filter} */
function only(wanted) {
  return (_zoom, feature) => wanted(feature);
}
