/** `/gestion/`: table and map in step, facet counts, keys. Everything works without it, but for the map. */

import { getJson } from "../../data/base/request.js";
import { Statuses } from "../../data/issues/statuses.js";
import { createDeskMap } from "../../map/rooms/desk-map.js";
import { readSettings } from "../../ui/base/settings.js";
import { fillFacets, startFilters } from "../../ui/desk/filters.js";
import { startKeys } from "../../ui/desk/keys.js";
import { RowPicker, startMarks } from "../../ui/desk/rows.js";
import { linkLine, spotCard } from "../../ui/issues/spot-card.js";

const settings = readSettings("desk-settings");
const mapSettings = readSettings("map-settings");
const statuses = new Statuses(mapSettings.statuses);
const note = document.getElementById("map-note");

startFilters(document.getElementById("filter-form"), document.getElementById("filters"));
startMarks(document.querySelector(".desk-table"), document.getElementById("bulk-count"));
start();
getJson(settings.facets_url).then(fillFacets, () => undefined);

async function start() {
  const map = createDeskMap(document.getElementById("desk-map"), mapSettings, {
    cardOf: (members) => spotCard({ count: members.length, members }, mapSettings.labels, lineOf),
    onPick: (reference) => rows.show(reference),
  });
  const pick = (reference) => map.highlight(reference);
  const rows = new RowPicker(document.querySelector(".desk-table tbody"), pick, startKeys(document.getElementById("keys")));
  offerTools(map);
  try {
    const collection = await getJson(settings.map_url);
    map.show(collection.features);
    if (collection.features.length >= settings.max_on_map) {
      note.textContent = `El mapa muestra los primeros ${settings.max_on_map.toLocaleString("es-CL")}.`;
    }
  } catch (error) {
    note.textContent = error.message || "El mapa no pudo cargar los problemas. La tabla sigue completa.";
  }
}

function lineOf(problem) {
  return linkLine(problem, statuses, `${settings.item_url}${encodeURIComponent(problem.reference)}/`);
}

function offerTools(map) {
  const here = document.getElementById("search-here");
  const draw = document.getElementById("draw-area");
  here.hidden = false;
  draw.hidden = false;
  here.addEventListener("click", () => go("bbox", map.box().join(",")));
  draw.addEventListener("click", () => {
    const drawing = draw.getAttribute("aria-pressed") === "false";
    draw.setAttribute("aria-pressed", String(drawing));
    if (!drawing) {
      map.stopDrawing();
      return;
    }
    note.textContent = "Marca las esquinas en el mapa y vuelve a tocar la primera para cerrar.";
    map.draw((corners) => go("area", corners.map((corner) => corner.join(",")).join(";")));
  });
}

function go(name, value) {
  const url = new URL(window.location.href);
  url.searchParams.delete("cursor");
  url.searchParams.set(name, value);
  window.location.assign(url);
}
