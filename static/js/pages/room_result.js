/** The public result of a gathering: its order on the map. */

import { createRoomMap } from "../map/room_map.js";
import { readSettings } from "../ui/settings.js";

const element = document.getElementById("result-map");
const points = readSettings("result-points");
createRoomMap(element, readSettings("map-settings"), readSettings("result-bounds")).show(
  points.map(({ place, title, lat, lng }) => ({ label: String(place), title, lat, lng, kind: "place" })),
);
