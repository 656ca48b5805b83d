/** All neighbourhoods on one map, coloured by problems, people or density; the cards say the same in words. */

import { getJson } from "../../data/base/request.js";
import { createChoropleth } from "../../map/issues/choropleth.js";
import { formats } from "../../ui/base/formats.js";
import { needed, parts } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";

/** @typedef {"open" | "population" | "density"} Measure */

const element = needed(document, "#map", HTMLElement);
const cards = parts(document, "[data-territory]", HTMLElement).map((card) => ({
  code: Number(card.dataset.territory),
  name: card.dataset.name,
  open: numberOf(card.dataset.open),
  population: numberOf(card.dataset.population),
  density: numberOf(card.dataset.density),
}));
const choices = needed(document, "#compare", HTMLElement);

/** @param {string | undefined} told */
function numberOf(told) {
  return told === "" || told === undefined ? null : Number(told);
}

/** @param {number | null | undefined} value */
function told(value) {
  return value === null || value === undefined ? "–" : formats.whole(value);
}

const outlines = await getJson(element.dataset.url ?? "");
const map = createChoropleth(element, readSettings("map-settings"), outlines);
choices.addEventListener("change", show);
show();

function show() {
  const chosen = needed(choices, "input:checked", HTMLInputElement);
  const measure = /** @type {Measure} */ (chosen.value);
  const values = new Map(cards.map((card) => [card.code, card[measure]]));
  const names = new Map(cards.map((card) => [card.code, card.name]));
  map.fill(values, (code) => `${names.get(code)}: ${told(values.get(code))} ${chosen.dataset.unit}`);
}
