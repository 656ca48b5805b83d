/** Marks with the numbers of a list or a ballot; several on one spot show their numbers together. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";

const SHOWN = 2;

/**
 * A mark that is no stop of the Tab key: the list says the same, and the map has its own way by keyboard.
 * @param {{lat: number, lng: number}} place degrees
 * @param {{label: string, title: string}[]} names of one or more
 * @param {string} className
 * @param {L.MarkerOptions} [options]
 */
export function numberedMark({ lat, lng }, names, className, options = {}) {
  const face = document.createElement("span");
  face.textContent = labelOf(names.map(({ label }) => label).filter(Boolean));
  const icon = L.divIcon({ className, html: face, iconSize: undefined });
  const alt = names.map(({ label, title }) => `${label} ${title}`.trim()).join("; ");
  const marker = L.marker([lat, lng], { icon, alt, keyboard: false, ...options });
  return names.some(({ title }) => title) ? marker.bindTooltip(linesOf(names)) : marker;
}

/** «3», «3 · 7», «3 · 7 +4». @param {string[]} labels */
function labelOf(labels) {
  const more = labels.length > SHOWN ? ` +${labels.length - SHOWN}` : "";
  return labels.slice(0, SHOWN).join(" · ") + more;
}

/** @param {{label: string, title: string}[]} names */
function linesOf(names) {
  const box = document.createElement("div");
  for (const { label, title } of names) {
    const line = document.createElement("div");
    line.textContent = names.length > 1 ? `${label} ${title}`.trim() : title;
    box.append(line);
  }
  return box;
}
