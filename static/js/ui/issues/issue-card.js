/** A small card about one problem, for popups. All text goes in as text. */

import { formats } from "../base/formats.js";

/** @import { Statuses } from "../../data/issues/statuses.js" */

/**
 * @param {{reference: string, title: string, status: string, category: string, index: number | null}} issue
 * @param {Statuses} statuses
 */
export function issueCard(issue, statuses) {
  const card = document.createElement("div");
  const link = document.createElement("a");
  link.href = `/problemas/${encodeURIComponent(issue.reference)}/`;
  link.textContent = issue.title;
  const status = document.createElement("span");
  status.className = `status mark--${statuses.markOf(issue.status).name}`;
  status.textContent = statuses.labelOf(issue.status);
  card.append(paragraph(link), paragraph(status), paragraph(factsOf(issue)));
  card.className = "issue-card";
  return card;
}

/** @param {{reference: string, category: string, index: number | null}} issue */
function factsOf({ reference, category, index }) {
  const score = index === null ? [] : [formats.decimal(index)];
  return [category, reference, ...score].join(" · ");
}

/** @param {Node | string} content */
function paragraph(content) {
  const element = document.createElement("p");
  element.append(content);
  return element;
}
