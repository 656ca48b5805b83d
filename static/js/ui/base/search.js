/** A search field with suggestions: the combobox pattern, wholly by keyboard. */

import { getJson } from "../../data/base/request.js";
import { isAborted } from "./parts.js";

/**
 * @typedef {object} Place what /api/v1/search/ finds
 * @property {string} name
 * @property {string} kind
 * @property {string} kind_label
 * @property {string} [url] of the page of a problem
 * @property {number} [code] of a neighbourhood
 * @property {[number, number, number, number]} bbox west, south, east, north, degrees
 */

const WAIT_MS = 180;
const MIN_LENGTH = 2;

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} list an element of role listbox
 * @param {string} url of /api/v1/search/
 * @param {(place: Place) => void} onChoose
 */
export function suggest(input, list, url, onChoose) {
  /** @type {{found: Place[], active: number, timer?: ReturnType<typeof setTimeout>, request: AbortController | null}} */
  const state = { found: [], active: -1, request: null };
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  const close = () => {
    list.hidden = true;
    state.active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  /** @param {number} index */
  const choose = (index) => {
    const place = state.found[index];
    close();
    if (place) onChoose(place);
  };

  /** @param {number} index */
  const activate = (index) => {
    const options = [...list.children];
    state.active = (index + options.length) % options.length;
    for (const [at, option] of options.entries()) option.setAttribute("aria-selected", String(at === state.active));
    input.setAttribute("aria-activedescendant", options[state.active].id);
    options[state.active].scrollIntoView({ block: "nearest" });
  };

  /** The marked one, else the one that is called what was typed; -1 without either. */
  const chosen = () => (state.active >= 0 ? state.active : state.found.findIndex(({ name }) => alike(name, input.value)));

  /** @param {Place[]} found */
  const show = (found) => {
    state.found = found;
    list.replaceChildren(...found.map((place, index) => optionFor(place, index, choose)));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    state.active = -1;
  };

  const ask = async () => {
    state.request?.abort();
    const text = input.value.trim();
    if (text.length < MIN_LENGTH) return close();
    state.request = new AbortController();
    const { signal } = state.request;
    try {
      show(await getJson(`${url}?${new URLSearchParams({ q: text })}`, { signal }));
    } catch (error) {
      if (!isAborted(error)) close();
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") activate(state.active + 1);
    else if (event.key === "ArrowUp") activate(state.active < 0 ? state.found.length - 1 : state.active - 1);
    else if (event.key === "Enter" && chosen() >= 0) choose(chosen());
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
}

/** @param {Place} place @param {number} index @param {(index: number) => void} choose */
function optionFor(place, index, choose) {
  const option = document.createElement("li");
  option.id = `q-option-${index}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const [name, kind] = [document.createElement("span"), document.createElement("span")];
  name.textContent = place.name;
  kind.textContent = place.kind_label;
  option.append(name, kind);
  option.addEventListener("mousedown", (event) => event.preventDefault());
  option.addEventListener("click", () => choose(index));
  return option;
}

/** Whether two names are the same but for accents and capitals. @param {string} name @param {string} typed */
function alike(name, typed) {
  return !name.trim().localeCompare(typed.trim(), undefined, { sensitivity: "base" });
}
