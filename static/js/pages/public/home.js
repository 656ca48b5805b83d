/** The public map: filter form, list and map in step. */

import { Statuses } from "../../data/issues/statuses.js";
import { createMap, toBounds, visibleBox } from "../../map/base/create-map.js";
import { IssueLayer } from "../../map/issues/layer.js";
import { suggest } from "../../ui/base/search.js";
import { readSettings } from "../../ui/base/settings.js";
import { readFilters, showInAddress } from "../../ui/issues/filters.js";
import { Results } from "../../ui/issues/results.js";
import { openCards } from "./cards.js";

const CHANGE_WAIT_MS = 120;
const SPOT_ZOOM = 17;
// Wide enough, in pixels, to leave the legend a place of its own.
const ROOMY = 700;

const settings = readSettings("page-settings");
const mapSettings = readSettings("map-settings");
const statuses = new Statuses(mapSettings.statuses);
const form = document.getElementById("filters");
const follow = document.getElementById("follow");
const home = document.getElementById("home");
const map = createMap(document.getElementById("map"), mapSettings);
const issues = new IssueLayer(map, settings.map_url, statuses);
const results = new Results(document.getElementById("results"), settings.home_url);
const orientation = await map.orientation;

start();

function start() {
  document.getElementById("follow-choice").hidden = false;
  form.elements.bbox?.remove();
  showStart();
  if (window.matchMedia("(max-width: 48rem)").matches) document.querySelector(".map-legend").open = false;
  emphasiseTerritory();
  issues.setFilters(readFilters(form));
  form.addEventListener("submit", onSubmit);
  form.addEventListener("change", onChange);
  map.on("moveend", onMove);
  map.on("popupclose", () => results.pick([]));
  connect();
  for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => show(button.dataset.show));
  suggest(form.elements.q, document.getElementById("q-options"), settings.search_url, goTo);
}

function showStart() {
  const isRoomy = map.getSize().x > ROOMY && !location.search.includes("bbox=");
  const left = isRoomy ? document.querySelector(".map-legend").offsetWidth : 8;
  map.fitBounds(toBounds(settings.start ?? settings.extent), {
    animate: false,
    paddingTopLeft: [left, 8],
    paddingBottomRight: [8, 8],
  });
}

function connect() {
  results.addEventListener("look", ({ detail }) => issues.highlight(detail ? [detail.lng, detail.lat] : null));
  openCards(issues, mapSettings);
  for (const type of ["hover", "pick", "spot"])
    issues.addEventListener(type, ({ detail }) => results.pick(referencesOf(detail), { scroll: true }));
  for (const type of ["mouseover", "focusin"]) map.getContainer().addEventListener(type, pickLine);
}

function referencesOf(detail) {
  return detail?.members?.map(({ reference }) => reference) ?? [detail?.reference];
}

/** A line of a spot's list marks its line in the list beside the map. */
function pickLine({ target }) {
  const line = target.closest?.(".spot-card [data-reference]");
  if (line) results.pick([line.dataset.reference], { scroll: true });
}

function onSubmit(event) {
  event.preventDefault();
  apply();
}

function onChange(event) {
  if (event.target === form.elements.q) return;
  if (event.target === form.elements.territory) zoomToTerritory();
  clearTimeout(onChange.timer);
  onChange.timer = setTimeout(apply, CHANGE_WAIT_MS);
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
  const code = Number(form.elements.territory.selectedOptions[0]?.dataset.code ?? 0);
  orientation?.emphasise(code || null);
  return settings.territories.find((territory) => territory.code === code);
}

function goTo(place) {
  if (place.url && place.kind === "issue") {
    location.assign(place.url);
    return;
  }
  form.elements.q.value = "";
  if (place.kind === "territory") chooseTerritory(place.code);
  show("map");
  const box = toBounds(place.bbox);
  map.fitBounds(box, { maxZoom: SPOT_ZOOM });
}

function chooseTerritory(code) {
  const option = form.querySelector(`#territory option[data-code="${Number(code)}"]`);
  if (!option) return;
  option.selected = true;
  emphasiseTerritory();
  apply();
}

function show(view) {
  home.dataset.view = view;
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === view));
}
