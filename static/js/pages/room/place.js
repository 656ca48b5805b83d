/** Marks the place of a gathering on the map of its form. */

import { createRoomMap } from "../../map/rooms/room-map.js";
import { needed } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";

const field = needed(document, "#id_location", HTMLInputElement);
const element = needed(document, "#place-map", HTMLElement);
const bounds = readSettings("place-bounds");
const map = createRoomMap(element, readSettings("map-settings"), bounds?.length ? bounds : null);

if (field.value) {
  const [lat, lng] = field.value.split(",").map(Number);
  map.point({ lat, lng });
}
map.listen((place) => {
  field.value = `${place.lat.toFixed(6)},${place.lng.toFixed(6)}`;
  map.point(place);
});
