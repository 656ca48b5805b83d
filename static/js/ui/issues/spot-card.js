/** The list of the problems that share a mark on a map, for popups. All text goes in as text. */

/** @import { Statuses } from "../../data/issues/statuses.js" */

/**
 * @param {{count: number, members: {reference: string, title: string, status: string}[]}} spot
 * @param {Statuses} statuses
 * @param {{spot: string, spot_part: string}} labels sentences with {count} and {shown}
 * @param {(reference: string) => string} [addressOf] of a problem's page
 */
export function spotCard({ count, members }, statuses, labels, addressOf = publicAddress) {
  const card = document.createElement("div");
  const heading = document.createElement("h2");
  const sentence = members.length < count ? labels.spot_part : labels.spot;
  heading.textContent = sentence.replace("{count}", String(count)).replace("{shown}", String(members.length));
  const list = document.createElement("ul");
  list.append(...members.map((member) => lineOf(member, statuses, addressOf)));
  card.append(heading, list);
  card.className = "spot-card";
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", heading.textContent);
  return card;
}

/** @param {string} reference */
function publicAddress(reference) {
  return `/problemas/${encodeURIComponent(reference)}/`;
}

/** @param {{reference: string, title: string, status: string}} member @param {Statuses} statuses @param {(reference: string) => string} addressOf */
function lineOf({ reference, title, status }, statuses, addressOf) {
  const line = document.createElement("li");
  line.dataset.reference = reference;
  const link = document.createElement("a");
  link.href = addressOf(reference);
  link.textContent = title;
  const facts = document.createElement("span");
  facts.textContent = `${reference} · ${statuses.labelOf(status)}`;
  line.append(link, facts);
  return line;
}
