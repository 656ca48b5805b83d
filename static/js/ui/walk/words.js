/** Sentences of the walk and the small things all its parts draw with. */

import { fill } from "../../data/base/patterns.js";
import { formats } from "../base/formats.js";
import { needed } from "../base/parts.js";

/** @typedef {Record<string, string | number>} Values */

/** @type {Record<string, string>} */
let texts = {};

/** Keep the sentences the page came with. @param {Record<string, string>} words */
export function useWords(words) {
  texts = words;
}

/** A sentence with its {names} filled in. @param {string} name @param {Values} values */
export function say(name, values = {}) {
  return fill(texts[name] ?? "", values);
}

/**
 * @typedef {object} Made
 * @property {string} [text]
 * @property {string} [className]
 * @property {Node[]} [children]
 * @property {(event: Event) => void} [onclick]
 */

/**
 * An element with text, classes and attributes; text is always text.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Made & Record<string, unknown>} [about] every other name is an attribute
 */
export function make(tag, { text, className, children = [], onclick, ...attributes } = {}) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  if (onclick) element.addEventListener("click", onclick);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** A button. @param {string} text @param {(event: Event) => void} onclick */
export function button(text, onclick, className = "button") {
  return make("button", { type: "button", text, className, onclick });
}

/** An icon of static/icons/categories.svg. @param {string} sprite @param {string} name */
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

/** Hours and minutes as people read them here. @param {number} moment */
export function clock(moment) {
  return formats.hour(new Date(moment));
}

/** The element with an id. @param {string} id */
export const $ = (id) => needed(document, `#${id}`, HTMLElement);

/** The field with an id. @param {string} id */
export const field = (id) => needed(document, `#${id}`, HTMLInputElement);
