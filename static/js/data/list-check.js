/**
 * Checks a published list: the third implementation of the rules, for the browser, knowing neither
 * the page nor a language. Findings are {code, ...facts}; rankings/verifier_words.py has the sentences.
 */

import { sha256 } from "./sha256.js";

export const FORMAT = "mapa-barrial/lista/1";
const LARGEST_FILE = 64 * 1024 * 1024;
const REFERENCE = /^[A-Z]{1,8}-[0-9]{4}-[0-9]{1,12}$/;
const WEIGHTS = ["severity", "reach", "duration", "vulnerability"];

/** A file that cannot be read as a list at all. */
export class Broken extends Error {
  constructor(code, facts = {}) {
    super(code);
    this.finding = { code, ...facts };
  }
}

/** Read the bytes of lista.json (Uint8Array): {document, text}. Throws Broken. */
export function readList(bytes) {
  if (bytes.length > LARGEST_FILE) throw new Broken("too_large");
  const text = decoded(bytes);
  const list = parsed(text);
  if (!isRow(list) || list.format !== FORMAT) throw new Broken("not_list");
  checkShape(list);
  return { document: list, text };
}

/** Every check with what it found: [{check, findings}]. */
export function checkList({ document: list, text }) {
  const results = [{ check: "written", findings: [...checkWritten(list, text)] }];
  for (const [check, run] of CHECKS) {
    const findings = [...run(list)];
    results.push({ check, findings });
    // With doubled problems or unknown neighbourhoods there is no order to compute.
    if (check === "known" && findings.length) break;
  }
  return results;
}

/** What is wrong between several lists: missing, doubled or unlinked ones. */
export function checkChain(lists) {
  const findings = [];
  const sorted = [...lists].sort((a, b) => a.number - b.number);
  for (let i = 1; i < sorted.length; i += 1) {
    const [before, after] = [sorted[i - 1], sorted[i]];
    const gap = after.number - before.number;
    if (gap === 0) findings.push({ code: "list_twice", number: after.number });
    else if (gap === 2) findings.push({ code: "list_missing", number: before.number + 1 });
    else if (gap > 2) findings.push({ code: "lists_missing", first: before.number + 1, last: after.number - 1 });
    else if (after.previous_digest !== before.digest) {
      findings.push({ code: "chain_cut", number: after.number, previous: before.number });
    }
  }
  return findings;
}

/** JSON with sorted names and no spaces: the bytes that are published. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isRow(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

export function digestOf(list) {
  const { digest, ...content } = list;
  return sha256(new TextEncoder().encode(canonical(content)));
}

// Reading

function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Broken("not_utf8");
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Broken("not_json");
  }
}

function checkShape(list) {
  need(list, { number: isWhole, track: isText, published_at: isText, office: isText });
  need(list, { previous_digest: isText, digest: isText, weights: isRow });
  need(list, { neighbourhoods: isRows, items: isRows, overrides: isRows });
  need(list.weights, Object.fromEntries(WEIGHTS.map((name) => [name, isWhole])));
  for (const each of list.neighbourhoods) {
    need(each, { code: isWhole, name: isText, coefficient: (value) => isWhole(value) && value > 0, accepted: isWhole });
  }
  for (const each of list.overrides) {
    need(each, { reference: isText, from: isWhole, to: isWhole, reason: isText, office: isText });
  }
  list.items.forEach(checkItemShape);
}

function checkItemShape(item) {
  need(item, { place: isWhole, rule_place: isWhole, round: isWhole, turn: isWhole, own_place: isWhole });
  need(item, { neighbourhood: isWhole, index: isWhole, reported_on: isDay });
  need(item, { reference: (value) => isText(value) && REFERENCE.test(value) });
  need(item, { levels: (value) => value === null || isLevels(value), vote: (value) => value === null || isRow(value) });
  if (item.vote) {
    need(item.vote, { gathering: isWhole, voters: isWhole, tokens_each: isWhole, tokens: isWhole });
    need(item.vote, { people: isWhole, place: isWhole, index_then: isWhole, held_on: isDay });
  }
}

function need(row, kinds) {
  for (const [name, fits] of Object.entries(kinds)) {
    if (!Object.hasOwn(row, name) || !fits(row[name])) throw new Broken("wrong_shape", { name });
  }
}

const isText = (value) => typeof value === "string";
const isWhole = (value) => Number.isSafeInteger(value) && value >= 0;
const isRow = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isRows = (value) => Array.isArray(value) && value.every(isRow);
const isDay = (value) => isText(value) && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
const isLevels = (value) =>
  Array.isArray(value) && value.length === 4 && value.every((level) => isWhole(level) && level <= 3);

// The rules, a third time

/** Items as {item, round, turn, ownPlace} in the order that the rule gives. */
export function cityOrder(neighbourhoods, items) {
  const waiting = new Map(neighbourhoods.map((each) => [each.code, []]));
  for (const item of items) waiting.get(item.neighbourhood).push(item);
  const rows = neighbourhoods.flatMap((each) => standing(each, waiting.get(each.code)));
  return rows.sort((a, b) => a.round - b.round || byMerit(a.worst, b.worst) || a.turn - b.turn);
}

function standing({ coefficient, accepted }, items) {
  let before = null;
  return ownOrder(items).map((item, index) => {
    const turn = accepted + index + 1;
    const round = roundOf(turn, coefficient);
    const held = before && before.round === round && byMerit(before.worst, item) > 0;
    before = { item, round, turn, ownPlace: index + 1, worst: held ? before.worst : item };
    return before;
  });
}

function roundOf(turn, coefficient) {
  const share = BigInt(coefficient);
  return Number(((2n * BigInt(turn) - 1n) * 50n + share - 1n) / share);
}

function ownOrder(items) {
  const voted = items.filter((item) => item.vote).sort(byRoom);
  const waiting = items.filter((item) => !item.vote);
  waiting.sort((a, b) => b.index - a.index || compare(a.reported_on, b.reported_on) || byReference(a, b));
  return [...voted, ...waiting];
}

function byRoom(a, b) {
  const day = compare(b.vote.held_on, a.vote.held_on) || b.vote.gathering - a.vote.gathering;
  return day || a.vote.place - b.vote.place;
}

function byMerit(a, b) {
  return b.index - a.index || bySupport(a, b) || compare(dayOf(a), dayOf(b)) || byReference(a, b);
}

function bySupport(a, b) {
  const [first, second] = [shareOf(a), shareOf(b)];
  const difference = second.tokens * first.possible - first.tokens * second.possible;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

function shareOf({ vote }) {
  const possible = vote ? BigInt(vote.voters) * BigInt(vote.tokens_each) : 0n;
  return possible ? { tokens: BigInt(vote.tokens), possible } : { tokens: 0n, possible: 1n };
}

const dayOf = ({ vote }) => (vote ? vote.held_on : "9999-12-31");
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function byReference(a, b) {
  const [first, second] = [numbersIn(a.reference), numbersIn(b.reference)];
  return first[0] - second[0] || first[1] - second[1] || compare(a.reference, b.reference);
}

function numbersIn(reference) {
  return reference.split("-").slice(1).map(Number);
}

function afterMoves(references, overrides) {
  const order = [...references];
  for (const { reference, to } of overrides) {
    const at = order.indexOf(reference);
    if (at >= 0) {
      order.splice(at, 1);
      order.splice(Math.max(0, to - 1), 0, reference);
    }
  }
  return order;
}

// The checks

function* checkWritten(list, text) {
  const expected = canonical(list);
  if (expected === text) return;
  let at = 0;
  while (at < text.length && text[at] === expected[at]) at += 1;
  yield { code: "byte_changed", byte: new TextEncoder().encode(text.slice(0, at)).length + 1 };
}

function* checkDigest(list) {
  const found = digestOf(list);
  if (found !== list.digest) yield { code: "digest_differs", said: list.digest, found };
}

function* checkKnown({ neighbourhoods, items }) {
  const codes = new Set();
  for (const { code } of neighbourhoods) {
    if (codes.has(code)) yield { code: "neighbourhood_twice", number: code };
    codes.add(code);
  }
  const seen = new Set();
  for (const { reference, neighbourhood } of items) {
    if (seen.has(reference)) yield { code: "problem_twice", reference };
    if (!codes.has(neighbourhood)) yield { code: "neighbourhood_unknown", reference };
    seen.add(reference);
  }
}

function* checkIndexes({ weights, items }) {
  const scale = WEIGHTS.map((name) => weights[name]);
  if (scale.reduce((sum, weight) => sum + weight, 0) !== 100) yield { code: "weights_sum" };
  for (const { reference, levels, index } of items) {
    const found = (levels ?? []).reduce((sum, level, i) => sum + level * scale[i], 0);
    if (found !== index) yield { code: "index_differs", reference, said: index, found };
  }
}

function* checkVotes({ items }) {
  for (const { reference, vote } of items) {
    if (vote && vote.tokens > vote.voters * vote.tokens_each) yield { code: "tokens_too_many", reference };
    if (vote && vote.people > Math.min(vote.tokens, vote.voters)) yield { code: "people_too_many", reference };
  }
}

function* checkRooms({ items }) {
  const rooms = [...byGathering(items.filter((item) => item.vote))];
  for (const [gathering, voted] of rooms.sort((a, b) => a[0] - b[0])) {
    voted.sort((a, b) => a.vote.place - b.vote.place);
    for (let i = 1; i < voted.length; i += 1) {
      const [before, after] = [voted[i - 1], voted[i]];
      if (byCount(before, after) > 0) {
        yield { code: "room_order", gathering, before: before.reference, after: after.reference };
      }
    }
  }
}

function byGathering(voted) {
  const rooms = new Map();
  for (const item of voted) {
    if (!rooms.has(item.vote.gathering)) rooms.set(item.vote.gathering, []);
    rooms.get(item.vote.gathering).push(item);
  }
  return rooms;
}

function byCount(a, b) {
  const count = b.vote.tokens - a.vote.tokens || b.vote.people - a.vote.people;
  const then = b.vote.index_then - a.vote.index_then || compare(a.reported_on, b.reported_on);
  return count || then || byReference(a, b);
}

function* checkRule({ neighbourhoods, items }) {
  const ordered = cityOrder(neighbourhoods, items);
  for (const [index, { item, round, turn, ownPlace }] of ordered.entries()) {
    const facts = { rule_place: index + 1, round, turn, own_place: ownPlace };
    for (const [code, found] of Object.entries(facts)) {
      if (item[code] !== found) yield { code, reference: item.reference, said: item[code], found };
    }
  }
}

function* checkPlaces({ items, overrides }) {
  const rule = [...items].sort((a, b) => a.rule_place - b.rule_place).map((item) => item.reference);
  const due = new Map(afterMoves(rule, overrides).map((reference, index) => [reference, index + 1]));
  for (const [index, { reference, place }] of items.entries()) {
    if (place !== index + 1) yield { code: "row_moved", reference, said: place, found: index + 1 };
    else if (due.get(reference) !== place) {
      yield { code: "place_moved", reference, said: place, found: due.get(reference) };
    }
  }
}

function* checkMoves({ items, overrides }) {
  const listed = new Set(items.map((item) => item.reference));
  for (const { reference, reason, office } of overrides) {
    if (!listed.has(reference)) yield { code: "move_unknown", reference };
    if (!reason.trim() || !office.trim()) yield { code: "move_without_reason", reference };
  }
}

function* checkPrevious({ number, previous_digest: previous }) {
  if (number === 1 && previous) yield { code: "first_names_previous" };
  if (number > 1 && !/^[0-9a-f]{64}$/.test(previous)) yield { code: "previous_missing" };
}

const CHECKS = [
  ["digest", checkDigest],
  ["known", checkKnown],
  ["indexes", checkIndexes],
  ["votes", checkVotes],
  ["rooms", checkRooms],
  ["rule", checkRule],
  ["places", checkPlaces],
  ["moves", checkMoves],
  ["previous", checkPrevious],
];
