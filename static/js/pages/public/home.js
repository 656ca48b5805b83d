/** The public map: filter form, list and map in step. */

import { Statuses } from "../../data/issues/statuses.js";
import { createMap, toBounds, visibleBox } from "../../map/base/create-map.js";
import { IssueLayer } from "../../map/issues/layer.js";
import { around, hear, needed, part, parts } from "../../ui/base/parts.js";
import { suggest } from "../../ui/base/search.js";
import { readSettings } from "../../ui/base/settings.js";
import { readFilters, showInAddress } from "../../ui/issues/filters.js";
import { Results } from "../../ui/issues/results.js";
import { openCards } from "./cards.js";

/** @import { Detail } from "../../map/issues/layer.js" */
/** @import { Place } from "../../ui/base/search.js" */
/** @typedef {{code: number, bbox: [number, number, number, number]}} Neighbourhood degrees */

const CHANGE_WAIT_MS = 120;
const SPOT_ZOOM = 17;
// Wide enough, in pixels, to leave the legend a place of its own.
const ROOMY = 700;

const settings = readSettings("page-settings");
const mapSettings = readSettings("map-settings");
const statuses = new Statuses(mapSettings.statuses);
const form = needed(document, "#filters", HTMLFormElement);
const words = needed(form, "[name=q]", HTMLInputElement);
const territories = needed(form, "[name=territory]", HTMLSelectElement);
const follow = needed(document, "#follow", HTMLInputElement);
const home = needed(document, "#home", HTMLElement);
const legend = needed(document, ".map-legend", HTMLDetailsElement);
const buttons = parts(document, "[data-show]", HTMLElement);
const map = createMap(needed(document, "#map", HTMLElement), mapSettings);
const issues = new IssueLayer(map, settings.map_url, statuses);
const results = new Results(needed(document, "#results", HTMLElement), settings.home_url);
const orientation = await map.orientation;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

start();

function start() {
  needed(document, "#follow-choice", HTMLElement).hidden = false;
  form.querySelector("[name=bbox]")?.remove();
  showStart();
  if (window.matchMedia("(max-width: 48rem)").matches) legend.open = false;
  emphasiseTerritory();
  issues.setFilters(readFilters(form));
  form.addEventListener("submit", onSubmit);
  form.addEventListener("change", onChange);
  map.on("moveend", onMove);
  map.on("popupclose", () => results.pick([]));
  connect();
  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.show ?? ""));
  suggest(words, needed(document, "#q-options", HTMLElement), settings.search_url, goTo);
}

function showStart() {
  const isRoomy = map.getSize().x > ROOMY && !location.search.includes("bbox=");
  const left = isRoomy ? legend.offsetWidth : 8;
  map.fitBounds(toBounds(settings.start ?? settings.extent), {
    animate: false,
    paddingTopLeft: [left, 8],
    paddingBottomRight: [8, 8],
  });
}

function connect() {
  /** @param {{lng: number, lat: number} | null} line */
  const ring = (line) => issues.highlight(line ? [line.lng, line.lat] : null);
  /** @param {Detail | null} mark */
  const pick = (mark) => results.pick(referencesOf(mark), { scroll: true });
  hear(results, "look", ring);
  openCards(issues, mapSettings);
  for (const type of ["hover", "pick", "spot"]) hear(issues, type, pick);
  for (const type of ["mouseover", "focusin"]) map.getContainer().addEventListener(type, pickLine);
}

/** @param {Detail | null} detail */
function referencesOf(detail) {
  return detail?.members?.map(({ reference }) => reference) ?? [detail?.reference];
}

/** A line of a spot's list marks its line in the list beside the map. @param {Event} event */
function pickLine({ target }) {
  const line = around(target, ".spot-card [data-reference]", HTMLElement);
  if (line) results.pick([line.dataset.reference], { scroll: true });
}

/** @param {Event} event */
function onSubmit(event) {
  event.preventDefault();
  apply();
}

/** @param {Event} event */
function onChange(event) {
  if (event.target === words) return;
  if (event.target === territories) zoomToTerritory();
  clearTimeout(waiting);
  waiting = setTimeout(apply, CHANGE_WAIT_MS);
}

function onMove() {
  if (follow.checked) refreshList();
}

function apply() {
  issues.setFilters(readFilters(form));
  refreshList();
}

function refreshList() {
  const query = readFilters(form);
  if (follow.checked) query.set("bbox", visibleBox(map).join(","));
  showInAddress(query);
  results.load(query);
}

function zoomToTerritory() {
  const territory = emphasiseTerritory();
  map.fitBounds(toBounds(territory?.bbox ?? settings.town));
}

function emphasiseTerritory() {
  const code = Number(territories.selectedOptions[0]?.dataset.code ?? 0);
  orientation?.emphasise(code || null);
  /** @type {Neighbourhood[]} */
  const known = settings.territories;
  return known.find((territory) => territory.code === code);
}

/** @param {Place} place */
function goTo(place) {
  if (place.url && place.kind === "issue") {
    location.assign(place.url);
    return;
  }
  words.value = "";
  if (place.kind === "territory") chooseTerritory(Number(place.code));
  show("map");
  const box = toBounds(place.bbox);
  map.fitBounds(box, { maxZoom: SPOT_ZOOM });
}

/** @param {number} code */
function chooseTerritory(code) {
  const option = part(form, `#territory option[data-code="${code}"]`, HTMLOptionElement);
  if (!option) return;
  option.selected = true;
  emphasiseTerritory();
  apply();
}

/** @param {string} view */
function show(view) {
  home.dataset.view = view;
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.show === view));
}
