/** Numbered points on a map: the order of a result, or the places of the agenda. */

import { createRoomMap } from "../../map/rooms/room-map.js";
import { needed } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";

/** @typedef {{place?: number, number?: number, title: string, lat: number, lng: number}} Point of a result, or of an agenda */

const element = needed(document, "#result-map", HTMLElement);
/** @type {Point[]} */
const points = readSettings("result-points");
createRoomMap(element, readSettings("map-settings"), readSettings("result-bounds")).show(
  points.map(({ place, number, title, lat, lng }) => ({
    label: String(place ?? number),
    title,
    lat,
    lng,
    kind: "place",
  })),
);
