/** `/informar/`, second page: the chosen point, which a tap corrects. */

import { createRoomMap } from "../../map/rooms/room-map.js";
import { needed, part } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";

const REACH_DEGREES = 0.002;
const { lat, lng } = readSettings("page-settings");
const fields = { lat: needed(document, "#lat", HTMLInputElement), lng: needed(document, "#lng", HTMLInputElement) };
/** @type {[number, number, number, number]} */
const around = [lng - REACH_DEGREES, lat - REACH_DEGREES, lng + REACH_DEGREES, lat + REACH_DEGREES];
const map = createRoomMap(needed(document, "#map", HTMLElement), readSettings("map-settings"), around);

map.point({ lat, lng });
map.listen((place) => {
  fields.lat.value = place.lat.toFixed(7);
  fields.lng.value = place.lng.toFixed(7);
  map.point(place);
});
part(document, "#refusal", HTMLElement)?.scrollIntoView({ block: "start" });
