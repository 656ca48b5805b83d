/** The rules of a count, as in gatherings/tokens.py: numbers and plain objects only. */

const SMALL_BALLOT = 6;
export const BALLOT_MAX = 12;

/** A count that cannot have happened; `kind` names the rule, `facts` the numbers. */
export class ImpossibleCount extends Error {
  /** @param {string} kind @param {Record<string, unknown>} facts */
  constructor(kind, facts) {
    super(kind);
    this.kind = kind;
    this.facts = facts;
  }
}

/**
 * @typedef {{each: number, cap: number}} Rules
 * @typedef {{title: string, tokens: number, people: number}} Counted
 */

/** Tokens of each person and how many may lie on one problem, for a ballot of so many problems. @param {number} size @returns {Rules} */
export function rulesFor(size) {
  if (size < 1 || size > BALLOT_MAX) throw new ImpossibleCount("size", { size, most: BALLOT_MAX });
  return size <= SMALL_BALLOT ? { each: 3, cap: 1 } : { each: 5, cap: 2 };
}

/** How many tokens one person still has; below zero for too many given. @param {number[]} given @param {number} each */
export function tokensLeft(given, each) {
  return each - given.reduce((sum, tokens) => sum + tokens, 0);
}

/**
 * Refuse totals that cannot have happened.
 * @param {Counted[]} items those counted so far
 * @param {number} voters
 * @param {Rules} rules
 * @throws {ImpossibleCount}
 */
export function checkCount(items, voters, { each, cap }) {
  for (const { title: problem, tokens, people } of items) {
    const facts = { problem, tokens, people };
    if (!Number.isInteger(tokens) || !Number.isInteger(people)) throw new ImpossibleCount("not_whole", facts);
    if (tokens < 0 || people < 0) throw new ImpossibleCount("negative", facts);
    if (people > voters) throw new ImpossibleCount("people_over_voters", { ...facts, most: voters });
    if (people > tokens) throw new ImpossibleCount("people_over_tokens", { ...facts, most: tokens });
    if (tokens > cap * people) throw new ImpossibleCount("cap", { ...facts, most: cap * people });
  }
  const given = items.reduce((sum, { tokens }) => sum + tokens, 0);
  if (given > each * voters) throw new ImpossibleCount("total", { tokens: given, most: each * voters });
}

/**
 * From first to last: tokens, people, index, reference; never a draw.
 * @template {Counted & {index: number | null, reference: string}} T
 * @param {T[]} items
 */
export function ranked(items) {
  return [...items].sort(
    (a, b) => b.tokens - a.tokens || b.people - a.people || (b.index ?? 0) - (a.index ?? 0) || a.reference.localeCompare(b.reference),
  );
}
