/** A card at a place of a map. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";

/**
 * Open a popup with an element at a place. Focus moves in; Escape closes it, and focus goes back where it was.
 * @param {L.Map} map
 * @param {{lng: number, lat: number}} place
 * @param {HTMLElement} element
 */
export function openPopup(map, { lng, lat }, element) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const popup = L.popup({ maxWidth: 300, maxHeight: 280, offset: [0, -6], autoPanPadding: [24, 24] });
  popup.setLatLng([lat, lng]).setContent(element).openOn(map);
  const box = /** @type {HTMLElement} */ (popup.getElement());
  box.addEventListener("keydown", (event) => event.key === "Escape" && popup.close());
  popup.on("remove", () => box.contains(document.activeElement) && before?.focus({ preventScroll: true }));
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
