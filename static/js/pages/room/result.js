/** Numbered points on a map: the order of a result, or the places of the agenda. */

import { createRoomMap } from "../../map/rooms/room-map.js";
import { readSettings } from "../../ui/base/settings.js";

const element = document.getElementById("result-map");
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
