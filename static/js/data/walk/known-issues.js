/** The problems a tablet knows, and how often it used each category. Pure. */

/** @import { Reference, Row } from "#types/walk" */

/**
 * @typedef {object} KnownIssue
 * @property {string} id
 * @property {string} reference
 * @property {string} title
 * @property {string} category
 * @property {string} [categoryName]
 * @property {string} status
 * @property {string} label the words of its status when it was fetched
 * @property {number} lng
 * @property {number} lat
 * @property {boolean} [own] made on this tablet
 */

/**
 * The server's problems, and those made here that it does not list yet; less those taken back.
 * @param {Row[]} rows of the outbox
 * @param {Reference | undefined} reference
 * @returns {KnownIssue[]}
 */
export function knownIssues(rows, reference) {
  const names = new Map((reference?.categories ?? []).map(({ code, name }) => [code, name]));
  const listed = (reference?.issues ?? []).map(([id, number, title, category, status, label, lng, lat]) => {
    return { id, reference: number, title, category, status, label, lng, lat };
  });
  const ids = new Set(listed.map(({ id }) => id));
  const gone = new Set(rows.filter(({ kind }) => kind === "withdraw").map(({ issue }) => issue));
  const mine = rows.filter(({ id, kind }) => kind === "issue" && !ids.has(id)).flatMap(asKnown);
  const all = [...listed, ...mine].filter(({ id }) => !gone.has(id));
  return all.map((one) => ({ ...one, categoryName: names.get(one.category) }));
}

/** How often each category was used in the rows of the outbox. @param {Row[]} rows @returns {Map<string, number>} */
export function usesOf(rows) {
  const uses = new Map();
  for (const { kind, category } of rows) if (kind === "issue") uses.set(category, (uses.get(category) ?? 0) + 1);
  return uses;
}

/** @param {Row} row @returns {KnownIssue[]} none when it has no place */
function asKnown({ id, title, category, lng, lat }) {
  if (lng === undefined || lat === undefined || !Number.isFinite(lng) || !Number.isFinite(lat)) return [];
  return [{ id, reference: "", title, category, status: "registered", label: "", lng, lat, own: true }];
}
