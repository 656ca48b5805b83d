/** A set of boundaries and what was found in it, drawn over the shared map. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { createMap } from "../base/create-map.js";

/** @import { MapSettings } from "#types/map" */

const OUTLINE = { color: "#0d4a55", weight: 2, fillColor: "#0d4a55", fillOpacity: 0.06 };
/** @type {Record<string, string>} */
const COLOURS = { warning: "#a3201d", note: "#0b6cab" };

/**
 * @typedef {{level: string, text: string, where: [number, number] | null, shape: GeoJSON.Geometry | null}} Problem
 *   `where` is [lng, lat]
 */

/**
 * Draw a preview.
 * @param {HTMLElement} element becomes the map
 * @param {MapSettings} settings
 * @param {GeoJSON.FeatureCollection} outlines degrees, WGS 84
 * @param {Problem[]} problems
 * @returns {{show: (index: number) => void}} `show` moves to a problem and opens its text
 */
export function createPreview(element, settings, outlines, problems) {
  const map = createMap(element, settings);
  const drawn = L.geoJSON(outlines, { style: OUTLINE, onEachFeature: nameIt }).addTo(map);
  const bounds = drawn.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [16, 16] });
  const marks = problems.map((problem) => markOf(problem)?.addTo(map));
  return {
    show(index) {
      const mark = marks[index];
      if (!mark) return;
      map.fitBounds(mark.getBounds(), { maxZoom: 17, padding: [40, 40] });
      mark.openPopup();
    },
  };
}

/** @param {GeoJSON.Feature} feature @param {L.Layer} layer */
function nameIt(feature, layer) {
  layer.bindTooltip(text(`${feature.properties?.code} ${feature.properties?.name}`), { sticky: true });
}

/** @param {Problem} problem */
function markOf(problem) {
  if (!problem.where) return null;
  const style = { color: COLOURS[problem.level], weight: 3, fillOpacity: 0.4 };
  const [lng, lat] = problem.where;
  /** @type {L.Layer[]} */
  const parts = [L.circleMarker([lat, lng], { ...style, radius: 8, fill: false })];
  if (problem.shape) parts.unshift(L.geoJSON(problem.shape, { style }));
  return L.featureGroup(parts).bindPopup(text(problem.text));
}

/** @param {string} words */
function text(words) {
  const element = document.createElement("span");
  element.textContent = words;
  return element;
}
