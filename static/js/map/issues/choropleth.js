/** The neighbourhoods side by side on the shared map, each filled by how much of something it has. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { stepOf } from "../../data/base/steps.js";
import { createMap } from "../base/create-map.js";

/** @import { MapSettings } from "#types/map" */

const COLOUR = "#0d4a55";
const OPACITIES = [0.08, 0.25, 0.42, 0.6, 0.78];

/**
 * @param {HTMLElement} element becomes the map
 * @param {MapSettings} settings
 * @param {GeoJSON.FeatureCollection} outlines of neighbourhoods, degrees, WGS 84, `properties.code`
 * @returns {{fill: (values: Map<number, number|null>, tell: (code: number) => string) => void}}
 *   `fill` colours by value (none: no fill) and names each with the text `tell` gives
 */
export function createChoropleth(element, settings, outlines) {
  const map = createMap(element, settings, { scrollWheelZoom: false });
  const layer = L.geoJSON(outlines).addTo(map);
  if (layer.getBounds().isValid()) map.fitBounds(layer.getBounds(), { padding: [12, 12] });
  return {
    fill(values, tell) {
      const all = [...values.values()].filter((value) => value !== null);
      layer.eachLayer((each) => {
        const shape = /** @type {L.Polygon} */ (each);
        const { code } = shape.feature?.properties ?? {};
        shape.setStyle(styleOf(values.get(code) ?? null, all));
        shape.unbindTooltip().bindTooltip(text(tell(code)), { sticky: true });
      });
    },
  };
}

/** @param {number | null} value @param {number[]} all @returns {L.PathOptions} */
function styleOf(value, all) {
  const fillOpacity = value === null ? 0 : OPACITIES[stepOf(value, all, OPACITIES.length)];
  return { color: COLOUR, weight: 1.5, fillColor: COLOUR, fillOpacity };
}

/** @param {string} words */
function text(words) {
  const element = document.createElement("span");
  element.textContent = words;
  return element;
}
