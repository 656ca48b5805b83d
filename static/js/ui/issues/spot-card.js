/** The list of the problems that share a mark on a map, for popups. All text goes in as text. */

import { fill } from "../../data/base/patterns.js";

/** @import { Statuses } from "../../data/issues/statuses.js" */

/**
 * @template T
 * @param {{count: number, members: T[]}} spot
 * @param {{spot: string, spot_part: string}} labels sentences with {count} and {shown}
 * @param {(member: T) => HTMLElement} lineOf
 */
export function spotCard({ count, members }, labels, lineOf) {
  const card = document.createElement("div");
  const heading = document.createElement("h2");
  const sentence = members.length < count ? labels.spot_part : labels.spot;
  heading.textContent = fill(sentence, { count, shown: members.length });
  const list = document.createElement("ul");
  list.append(...members.map(lineOf));
  card.append(heading, list);
  card.className = "spot-card";
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", heading.textContent);
  return card;
}

/**
 * A line that leads to the page of a problem.
 * @param {{reference: string, title: string, status: string}} problem
 * @param {Statuses} statuses
 * @param {string} address
 */
export function linkLine({ reference, title, status }, statuses, address) {
  const link = document.createElement("a");
  link.href = address;
  const line = lineWith(link, title, `${reference} · ${statuses.labelOf(status)}`);
  line.dataset.reference = reference;
  return line;
}

/** A line that is chosen here. @param {string} title @param {string} facts @param {() => void} onPick */
export function choiceLine(title, facts, onPick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button";
  button.addEventListener("click", onPick);
  return lineWith(button, title, facts);
}

/** @param {HTMLElement} way @param {string} title @param {string} facts */
function lineWith(way, title, facts) {
  const line = document.createElement("li");
  const words = document.createElement("span");
  way.textContent = title;
  words.textContent = facts;
  line.append(way, words);
  return line;
}
