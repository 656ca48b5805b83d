/** `/gestion/`: table and map in step, facet counts, keys. Everything works without it, but for the map. */

import { getJson } from "../../data/base/request.js";
import { Statuses } from "../../data/issues/statuses.js";
import { createDeskMap } from "../../map/rooms/desk-map.js";
import { formats } from "../../ui/base/formats.js";
import { needed, part } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";
import { fillFacets, startFilters } from "../../ui/desk/filters.js";
import { startKeys } from "../../ui/desk/keys.js";
import { RowPicker, startMarks } from "../../ui/desk/rows.js";
import { linkLine, spotCard } from "../../ui/issues/spot-card.js";

/** @import { Member } from "../../map/issues/layer.js" */

const settings = readSettings("desk-settings");
const mapSettings = readSettings("map-settings");
const statuses = new Statuses(mapSettings.statuses);
const note = needed(document, "#map-note", HTMLElement);

startFilters(needed(document, "#filter-form", HTMLFormElement), needed(document, "#filters", HTMLDetailsElement));
startMarks(part(document, ".desk-table", HTMLTableElement), part(document, "#bulk-count", HTMLElement));
start();
getJson(settings.facets_url).then(fillFacets, () => undefined);

async function start() {
  const map = createDeskMap(needed(document, "#desk-map", HTMLElement), mapSettings, {
    cardOf: (members) => spotCard({ count: members.length, members }, mapSettings.labels, lineOf),
    onPick: (reference) => rows.show(reference),
  });
  /** @param {string | null} reference */
  const pick = (reference) => map.highlight(reference);
  const keysWanted = startKeys(part(document, "#keys", HTMLDetailsElement));
  const rows = new RowPicker(part(document, ".desk-table tbody", HTMLTableSectionElement), pick, keysWanted);
  offerTools(map);
  try {
    const collection = await getJson(settings.map_url);
    map.show(collection.features);
    if (collection.features.length >= settings.max_on_map) {
      note.textContent = `El mapa muestra los primeros ${formats.whole(settings.max_on_map)}.`;
    }
  } catch (error) {
    note.textContent = (error instanceof Error && error.message) || "El mapa no pudo cargar los problemas. La tabla sigue completa.";
  }
}

/** @param {Member} problem */
function lineOf(problem) {
  return linkLine(problem, statuses, `${settings.item_url}${encodeURIComponent(problem.reference)}/`);
}

/** @param {ReturnType<typeof createDeskMap>} map */
function offerTools(map) {
  const here = needed(document, "#search-here", HTMLElement);
  const draw = needed(document, "#draw-area", HTMLElement);
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

/** @param {string} name @param {string} value */
function go(name, value) {
  const url = new URL(window.location.href);
  url.searchParams.delete("cursor");
  url.searchParams.set(name, value);
  window.location.assign(url);
}
