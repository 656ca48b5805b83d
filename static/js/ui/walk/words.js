/** Sentences of the walk and the small things all its parts draw with. */

import { formats } from "../base/formats.js";

let texts = {};

/** Keep the sentences the page came with. */
export function useWords(words) {
  texts = words;
}

/** A sentence with its {names} filled in. */
export function say(name, values = {}) {
  return (texts[name] ?? "").replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
}

/** An element with text, classes and attributes; text is always text. */
export function make(tag, { text, className, children = [], ...attributes } = {}) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** A button. */
export function button(text, onclick, className = "button") {
  return make("button", { type: "button", text, className, onclick });
}

/** An icon of static/icons/categories.svg. */
export function icon(sprite, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon icon--large");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** Hours and minutes as people read them here. */
export function clock(moment) {
  return formats.hour(new Date(moment));
}

/** The element with an id. */
export const $ = (id) => document.getElementById(id);
