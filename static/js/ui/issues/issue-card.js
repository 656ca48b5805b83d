/** A small card about one problem, for popups. All text goes in as text. */

/** @param {{reference, title, status, category, index}} issue  @param {Record<string, string>} statusLabels */
export function issueCard(issue, statusLabels) {
  const card = document.createElement("div");
  const link = document.createElement("a");
  link.href = `/problemas/${encodeURIComponent(issue.reference)}/`;
  link.textContent = issue.title;
  const status = document.createElement("span");
  status.className = `status status--${issue.status}`;
  status.textContent = statusLabels[issue.status] ?? issue.status;
  card.append(paragraph(link), paragraph(status), paragraph(factsOf(issue)));
  card.className = "issue-card";
  return card;
}

function factsOf({ reference, category, index }) {
  const score = index === null ? [] : [index.toLocaleString("es-CL", { minimumFractionDigits: 1 })];
  return [category, reference, ...score].join(" · ");
}

function paragraph(content) {
  const element = document.createElement("p");
  element.append(content);
  return element;
}
