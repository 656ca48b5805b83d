/** Marks the place of a gathering on the map of its form. */

import { createPlaceMap } from "../map/room_map.js";
import { readSettings } from "../ui/settings.js";

const field = document.getElementById("id_location");
const [lat, lng] = field.value.split(",").map(Number);

createPlaceMap(document.getElementById("place-map"), readSettings("map-settings"), {
  bounds: readSettings("place-bounds"),
  start: field.value ? { lat, lng } : null,
  onPick: (place) => {
    field.value = `${place.lat.toFixed(6)},${place.lng.toFixed(6)}`;
  },
});
