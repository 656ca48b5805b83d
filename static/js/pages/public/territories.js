/** All neighbourhoods on one map, coloured by problems, people or density; the cards say the same in words. */

import { getJson } from "../../data/base/request.js";
import { createChoropleth } from "../../map/issues/choropleth.js";
import { readSettings } from "../../ui/base/settings.js";

const element = document.getElementById("map");
const cards = [...document.querySelectorAll("[data-territory]")].map((card) => ({
  code: Number(card.dataset.territory),
  name: card.dataset.name,
  open: numberOf(card.dataset.open),
  population: numberOf(card.dataset.population),
  density: numberOf(card.dataset.density),
}));
const choices = document.getElementById("compare");
const words = new Intl.NumberFormat("es-CL", { maximumFractionDigits: 0 });

function numberOf(told) {
  return told === "" || told === undefined ? null : Number(told);
}

function show(map, measure, label) {
  const values = new Map(cards.map((card) => [card.code, card[measure]]));
  const names = new Map(cards.map((card) => [card.code, card.name]));
  map.fill(values, (code) => `${names.get(code)}: ${values.get(code) === null ? "–" : words.format(values.get(code))} ${label}`);
}

const outlines = await getJson(element.dataset.url);
const map = createChoropleth(element, readSettings("map-settings"), outlines);
const chosen = () => choices.querySelector("input:checked");
choices.addEventListener("change", () => show(map, chosen().value, chosen().dataset.unit));
show(map, chosen().value, chosen().dataset.unit);
