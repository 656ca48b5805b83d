/** Vector tiles of the Protomaps schema, drawn as quietly as our own map so that problems stay in front. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";

const COLOURS = [
  "area", "land", "green", "water", "building", "street", "street-case", "street-main", "street-main-case", "label", "halo",
];
const GREEN = new Set([
  "park", "national_park", "nature_reserve", "protected_area", "forest", "wood", "grass", "meadow", "garden", "cemetery",
  "golf_course", "pitch", "playground", "village_green", "allotments", "recreation_ground", "scrub", "grassland",
]);
const SPECIAL = new Set(["school", "university", "college", "kindergarten", "hospital", "industrial", "railway", "military", "pedestrian"]);
const [LINE, POLYGON] = [2, 3];
// Widths in pixels at some zooms, colour, and from which zoom they are drawn; the narrow ones first.
const ROADS = [
  { kinds: ["path", "other"], from: 16, colour: "street", widths: [[16, 1], [19, 5]] },
  { kinds: ["minor_road"], from: 13, colour: "street", widths: [[13, 1], [16, 5], [19, 16]] },
  { kinds: ["major_road", "medium_road"], from: 10, colour: "street-main", widths: [[10, 1], [13, 2.5], [16, 8], [19, 22]] },
  { kinds: ["highway"], from: 8, colour: "street-main", widths: [[8, 1], [13, 4], [16, 11], [19, 28]] },
];
// Names of streets, from the same zooms as those of our own map.
const NAMES = [
  { kinds: ["highway", "major_road", "medium_road"], from: 14 },
  { kinds: ["minor_road", "path", "other"], from: 16 },
];
const FONT = '500 11px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
let loading = null;

/**
 * A layer for the archive; `.refresh()` draws it in the colours of the theme that is on now.
 * @param {PMTiles} archive
 * @param {number} maxDataZoom deepest zoom of the archive
 * @param {string} library address of protomaps-leaflet
 * @param {object} options of L.GridLayer
 */
export async function vectorLayer(archive, maxDataZoom, library, options) {
  const protomaps = await load(library);
  const devicePixelRatio = Math.min(window.devicePixelRatio || 1, 2);
  const more = { url: archive, maxDataZoom, devicePixelRatio, lang: "es", attribution: "" };
  const layer = protomaps.leafletLayer({ ...options, ...more, ...rules(protomaps) });
  layer.refresh = () => {
    Object.assign(layer, rules(protomaps));
    layer.clearLayout();
    layer.rerenderTiles();
  };
  return layer;
}

/** The library is one classic script that finds Leaflet under its global name. */
function load(src) {
  globalThis.L ??= L;
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.addEventListener("load", () => resolve(globalThis.protomapsL));
    script.addEventListener("error", () => reject(new Error(`not loaded: ${src}`)));
    script.src = src;
    document.head.append(script);
  }).catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

function rules(protomaps) {
  const style = getComputedStyle(document.documentElement);
  const colours = Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]));
  const cases = ROADS.filter(({ from }) => from < 16).map((road) => streetOf(protomaps, road, colours[`${road.colour}-case`], 2));
  const streets = ROADS.map((road) => streetOf(protomaps, road, colours[road.colour], 0));
  return {
    paintRules: [...grounds(protomaps, colours), ...cases, ...streets],
    labelRules: NAMES.map((names) => namesOf(protomaps, names, colours)),
  };
}

function grounds({ PolygonSymbolizer, LineSymbolizer, exp }, colours) {
  const fill = (dataLayer, colour, wanted = () => true) => ({
    dataLayer,
    symbolizer: new PolygonSymbolizer({ fill: colours[colour] }),
    filter: (_zoom, { geomType, props }) => geomType === POLYGON && wanted(props.kind),
  });
  const river = new LineSymbolizer({ color: colours.water, width: exp(1.4, [[12, 1], [18, 6]]) });
  return [
    fill("earth", "land"),
    fill("landuse", "area", (kind) => SPECIAL.has(kind)),
    fill("landuse", "green", (kind) => GREEN.has(kind)),
    fill("water", "water"),
    { dataLayer: "water", symbolizer: river, filter: (_zoom, { geomType }) => geomType === LINE },
    { ...fill("buildings", "building"), minzoom: 15 },
  ];
}

function streetOf({ LineSymbolizer, exp }, { kinds, from, widths }, color, more) {
  const width = exp(1.6, widths.map(([zoom, wide]) => [zoom, wide + more]));
  return {
    dataLayer: "roads",
    minzoom: from,
    symbolizer: new LineSymbolizer({ color, width, lineCap: "round", lineJoin: "round" }),
    filter: (_zoom, { props }) => kinds.includes(props.kind),
  };
}

function namesOf({ LineLabelSymbolizer }, { kinds, from }, { label, halo }) {
  const labelProps = ["name:es", "name"];
  return {
    dataLayer: "roads",
    minzoom: from,
    symbolizer: new LineLabelSymbolizer({ labelProps, fill: label, stroke: halo, width: 3.5, font: FONT }),
    filter: (_zoom, { props }) => kinds.includes(props.kind),
  };
}
