/** The places of a published list as numbered marks on the shared map. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { Aim } from "../base/aim.js";
import { colour } from "../base/colours.js";
import { createMap } from "../base/create-map.js";
import { openPopup } from "../base/popup.js";
import { Stacked } from "../base/stacked.js";
import { numberedMark } from "./numbered.js";

/** @import { MapSettings } from "#types/map" */

const REACH = 30;

/**
 * @typedef {{place: number, title: string, lat: number, lng: number}} ListPoint degrees
 * @typedef {object} ListUse
 * @property {(place: number) => void} onPick a place was chosen
 * @property {(members: ListPoint[]) => HTMLElement} cardOf what several on one spot open
 */

/**
 * Make the map of a list.
 * @param {HTMLElement} element becomes the map
 * @param {MapSettings} settings
 * @param {ListPoint[]} places
 * @param {ListUse} use
 * @returns {{highlight: (place: number|null) => void}}
 */
export function createListMap(element, settings, places, use) {
  const map = createMap(element, settings);
  if (places.length) map.fitBounds(L.latLngBounds(places.map(latLngOf)), { padding: [28, 28], maxZoom: 16 });
  /** @type {number | null} */
  let current = null;
  /** @param {ListPoint[]} members */
  const choose = (members) => (members.length > 1 ? openPopup(map, members[0], use.cardOf(members)) : use.onPick(members[0].place));
  /** @type {Stacked<ListPoint>} */
  const marks = new Stacked(map, REACH, (members) => {
    const isCurrent = members.some(({ place }) => place === current);
    const names = members.map(({ place, title }) => ({ label: String(place), title }));
    return numberedMark(members[0], names, `list-mark${isCurrent ? " list-mark--current" : ""}`, { riseOnHover: true }).on("click", () =>
      choose(members),
    );
  });
  marks.show(places);
  new Aim(map, { all: () => marks.stacks, at: ([first]) => latLngOf(first), ring: (at) => ringAt(at).addTo(map), choose });
  return {
    highlight(place) {
      current = place;
      marks.redraw();
      const found = places.find((each) => each.place === place);
      if (found && !map.getBounds().pad(-0.08).contains(latLngOf(found))) map.panTo(latLngOf(found));
    },
  };
}

/** @param {{lat: number, lng: number}} point */
function latLngOf({ lat, lng }) {
  return L.latLng(lat, lng);
}

/** @param {L.LatLng} at */
function ringAt(at) {
  return L.circleMarker(at, { radius: 22, weight: 4, color: colour("ink"), fill: false, interactive: false });
}
