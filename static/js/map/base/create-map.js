/** Makes every Leaflet map of the project. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { getJson } from "../../data/base/request.js";
import { BaseMap } from "./base-map.js";
import { OrientationLayer } from "./orientation.js";

/** @import { Box, MapSettings } from "#types/map" */

const MIN_ZOOM = 11;
const MAX_ZOOM = 19;

/**
 * Make a Leaflet map with the project's own orientation layer (neighbourhoods, streets, squares,
 * stations, crossings) and, when one is configured, a base map between its ground and its lines.
 *
 *     import { createMap } from "../../map/base/create-map.js";
 *     import { readSettings } from "../../ui/base/settings.js";
 *     const map = createMap(document.getElementById("map"), readSettings("map-settings"));
 *     await map.orientation;                       // OrientationLayer, or null when it did not come
 *
 * The template renders `{{ map_settings|json_script:"map-settings" }}` (from maps.context), links
 * leaflet/dist/leaflet.css and css/base/map.css, and gives the element a height and an aria-label.
 *
 * @param {HTMLElement} element becomes the map; focusable, arrows move it, + and - zoom
 * @param {MapSettings} settings
 * @param {L.MapOptions} [options] more options of L.Map
 * @returns {L.Map} `map.orientation` is a promise of the layer: `.emphasise(code|null)` marks a
 *   neighbourhood, `.refresh()` redraws it after a change of theme; `map.base` is the BaseMap
 */
export function createMap(element, settings, options = {}) {
  const bounds = toBounds(settings.extent);
  const map = L.map(element, {
    zoomControl: false,
    attributionControl: false,
    preferCanvas: true,
    minZoom: MIN_ZOOM,
    maxZoom: MAX_ZOOM,
    maxBounds: bounds.pad(0.35),
    maxBoundsViscosity: 0.8,
    zoomSnap: 0.5,
    ...options,
  });
  const { zoom_in: zoomInTitle = "+", zoom_out: zoomOutTitle = "−" } = settings.labels ?? {};
  L.control.zoom({ position: "topright", zoomInTitle, zoomOutTitle }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  showStart(map, bounds, settings.view);
  map.orientation = addOrientation(map, settings);
  map.base = new BaseMap(map, MAX_ZOOM);
  map.base.use(settings.basemap);
  followTheme(map);
  return map;
}

/** west, south, east, north in degrees → L.LatLngBounds; the one place where the axes are swapped. @param {Box} box */
export function toBounds([west, south, east, north]) {
  return L.latLngBounds([south, west], [north, east]);
}

/** What the map shows now as [west, south, east, north], degrees, six decimals. @param {L.Map} map */
export function visibleBox(map) {
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((value) => Number(value.toFixed(6)));
}

/** @param {L.Map} map @param {L.LatLngBounds} bounds @param {MapSettings["view"]} view */
function showStart(map, bounds, view) {
  if (view) map.setView([view.lat, view.lng], view.zoom);
  else map.fitBounds(bounds.pad(-0.12));
}

/** @param {L.Map} map @param {MapSettings} settings */
async function addOrientation(map, settings) {
  try {
    const data = settings.orientation ?? (await getJson(settings.orientation_url));
    return new OrientationLayer(data, { zIndex: 1 }).addTo(map);
  } catch {
    return null;
  }
}

/** @param {L.Map} map */
function followTheme(map) {
  const refresh = () => {
    map.orientation.then((layer) => layer?.refresh());
    map.base.refresh();
  };
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  new MutationObserver(refresh).observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
}
