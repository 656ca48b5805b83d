/** Vector tiles of the Protomaps schema, drawn in the quiet colours of our own map so that problems stay in front. */

import * as L from "../../leaflet/dist/leaflet-src.esm.js";

// Which of our colours each kind of thing is drawn in.
const FLAVOUR = {
  area: ["background", "earth", "pedestrian", "glacier", "sand", "beach"],
  land: ["hospital", "industrial", "school", "aerodrome", "zoo", "military", "pier"],
  green: ["park_a", "park_b", "wood_a", "wood_b", "scrub_a", "scrub_b"],
  water: ["water"],
  building: ["buildings"],
  street: [
    "other", "minor_service", "minor_a", "minor_b", "tunnel_other", "tunnel_minor", "bridges_other", "bridges_minor", "runway",
  ],
  "street-main": [
    "link", "major", "highway", "tunnel_link", "tunnel_major", "tunnel_highway", "bridges_link", "bridges_major", "bridges_highway",
  ],
  "street-case": [
    "minor_service_casing", "minor_casing", "tunnel_other_casing", "tunnel_minor_casing", "bridges_other_casing",
    "bridges_minor_casing", "railway", "boundaries",
  ],
  "street-main-case": [
    "link_casing", "major_casing_early", "major_casing_late", "highway_casing_early", "highway_casing_late",
    "tunnel_link_casing", "tunnel_major_casing", "tunnel_highway_casing", "bridges_link_casing", "bridges_major_casing",
    "bridges_highway_casing",
  ],
  label: [
    "roads_label_minor", "roads_label_major", "ocean_label", "subplace_label", "city_label", "state_label", "country_label",
    "address_label",
  ],
  halo: [
    "roads_label_minor_halo", "roads_label_major_halo", "subplace_label_halo", "city_label_halo", "state_label_halo",
    "address_label_halo",
  ],
};
let loading = null;

/**
 * A layer for the archive; `.refresh()` draws it in the colours of the theme that is on now.
 * @param {PMTiles} archive
 * @param {number} maxDataZoom deepest zoom of the archive
 * @param {string} library address of protomaps-leaflet
 * @param {object} options of L.GridLayer
 */
export async function vectorLayer(archive, maxDataZoom, library, options) {
  const { leafletLayer, paintRules, labelRules } = await load(library);
  const rules = () => {
    const flavour = readFlavour();
    return { paintRules: paintRules(flavour), labelRules: labelRules(flavour, "es") };
  };
  const devicePixelRatio = Math.min(window.devicePixelRatio || 1, 2);
  const layer = leafletLayer({ ...options, ...rules(), url: archive, maxDataZoom, devicePixelRatio, lang: "es", attribution: "" });
  layer.refresh = () => {
    Object.assign(layer, rules());
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

function readFlavour() {
  const style = getComputedStyle(document.documentElement);
  const pairs = Object.entries(FLAVOUR).flatMap(([token, names]) => {
    const colour = style.getPropertyValue(`--map-${token}`).trim();
    return names.map((name) => [name, colour]);
  });
  return Object.fromEntries(pairs);
}
