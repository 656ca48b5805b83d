/**
 * Checks a published list: the third implementation of the rules, for the browser, knowing neither
 * the page nor a language. Findings are {code, ...facts}; rankings/verifier_words.py has the sentences.
 */

import { sha256 } from "../base/sha256.js";

/**
 * @import { Finding, Item, Known, Move, Neighbourhood, Placed, PublishedList, Result, Rule, Vote, Voted, Weight } from "#types/lists"
 */

/**
 * @typedef {Record<string, unknown>} Row what JSON has in braces
 * @typedef {(value: unknown) => boolean} Kind
 * @typedef {(list: PublishedList) => Generator<Finding>} Check
 * @typedef {object} Format
 * @property {(list: Pick<PublishedList, "rule">) => number} rule
 * @property {string[]} moveTexts what each move says in words
 * @property {[string, Check][]} checks
 * @property {boolean} [hasGatherings]
 * @property {boolean} [hasTexts] free texts stand beside, and their commitments in the list
 */

const FORMAT_FAMILY = "mapa-barrial/lista/";
export const LARGEST_FILE = 128 * 1024 * 1024;
const LARGEST_PARAMETER = 10 ** 9;
const MOVES_MOST = 10_000;
const DEEPEST = 16;
const HASH = /^[0-9a-f]{64}$/;
const SALT = /^[0-9a-f]{32}$/;
const REFERENCE = /^[A-Z]{1,8}-[0-9]{4}-[0-9]{1,12}$/;

/** A file that cannot be read as a list at all. */
export class Broken extends Error {
  /** @param {string} code @param {Row} facts */
  constructor(code, facts = {}) {
    super(code);
    /** @type {Finding} */
    this.finding = { code, ...facts };
  }
}

/**
 * Read the bytes of lista.json.
 * @param {Uint8Array} bytes
 * @returns {{document: PublishedList, text: string}}
 * @throws {Broken}
 */
export function readList(bytes) {
  if (bytes.length > LARGEST_FILE) throw new Broken("too_large");
  const text = decoded(bytes);
  if (text.startsWith("\ufeff")) throw new Broken("saved_again");
  const list = parsed(text);
  if (isNestedWithoutEnd(list)) throw new Broken("nested");
  if (!isRow(list) || !isFormat(list.format)) throw new Broken("not_list");
  if (text.includes("\\u") && !isWritable(list)) throw new Broken("impossible_letter");
  return { document: shaped(list), text };
}

/** Every check with what it found. @param {{document: PublishedList, text: string}} read @returns {Result[]} */
export function checkList({ document: list, text }) {
  const results = [{ check: "written", findings: [...checkWritten(list, text)] }];
  for (const [check, run] of formatOf(list).checks) {
    const findings = [...run(list)];
    results.push({ check, findings });
    // With doubled problems or unknown neighbourhoods there is no order to compute.
    if (check === "known" && findings.length) break;
  }
  return results;
}

/** What is wrong between several lists: doubled, missing or unlinked ones. @param {PublishedList[]} lists */
export function checkChain(lists) {
  /** @type {Finding[]} */
  const findings = [];
  /** @type {Map<number, PublishedList>} */
  const known = new Map();
  for (const list of lists) {
    if (known.has(list.number)) findings.push({ code: "list_twice", number: list.number });
    known.set(list.number, list);
  }
  const sorted = [...known.values()].sort((a, b) => a.number - b.number);
  for (let i = 1; i < sorted.length; i += 1) findings.push(...between(sorted[i - 1], sorted[i]));
  return findings;
}

/** @param {PublishedList} before @param {PublishedList} after @returns {Finding[]} */
function between(before, after) {
  const [first, last] = [before.number + 1, after.number - 1];
  if (first === last) return [{ code: "list_missing", number: first }];
  if (first < last) return [{ code: "lists_missing", first, last }];
  const facts = { number: after.number, previous: before.number };
  const findings = after.previous_digest === before.digest ? [] : [{ code: "chain_cut", ...facts }];
  // Nobody goes back to a rule that asked for less.
  return isOlder(after, before) ? [...findings, { code: "older_version", ...facts }] : findings;
}

/** @param {PublishedList} one @param {PublishedList} other */
function isOlder(one, other) {
  const formats = [...FORMATS.keys()];
  const format = formats.indexOf(one.format) - formats.indexOf(other.format);
  return format ? format < 0 : ruleNumber(one) < ruleNumber(other);
}

/** JSON with sorted names and no spaces: the bytes that are published. @param {unknown} value @returns {string} */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map((each) => canonical(each)).join(",")}]`;
  if (!isRow(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** @param {PublishedList} list */
export function digestOf(list) {
  const { digest, ...content } = list;
  if (formatOf(list).hasTexts) delete content.texts;
  return hashOf(canonical(content));
}

/** What of a list nobody may read any more. @param {PublishedList} list @returns {Finding[]} */
export function hiddenIn(list) {
  if (!formatOf(list).hasTexts) return [];
  const told = textsOf(list);
  return committedIn(list)
    .filter(({ said }) => !told.has(said))
    .map(({ code, reference }) => ({ code, reference }));
}

/** @param {string} text */
const hashOf = (text) => sha256(new TextEncoder().encode(text));

/** @param {PublishedList} list @returns {Map<string, string>} */
const textsOf = ({ texts = [] }) => new Map(texts.map(({ commitment, text }) => [commitment, text]));

/** Each free text: what it is, of which problem, its commitment. @param {PublishedList} list */
function committedIn({ items, overrides }) {
  const found = items.map(({ reference, title }) => ({ code: "hidden_title", reference, said: title }));
  for (const { reference, reason, asked_by: kind, asker } of overrides) {
    found.push({ code: "hidden_reason", reference, said: reason });
    if (isNamed(kind) && HASH.test(asker ?? "")) found.push({ code: "hidden_asker", reference, said: asker ?? "" });
  }
  return found;
}

/**
 * What says a free text, undefined where it is hidden; before format 4 it stands in its own place.
 * @param {PublishedList} list
 * @returns {(said: string) => string | undefined}
 */
function readerOf(list) {
  if (!formatOf(list).hasTexts) return (said) => said;
  const texts = textsOf(list);
  return (said) => (HASH.test(said) ? texts.get(said) : "");
}

/** @param {string | undefined} kind */
const isNamed = (kind) => kind === "organisation" || kind === "office";

// Reading

/** @param {Uint8Array} bytes */
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Broken("not_utf8", { byte: wholeBytes(bytes) + 1 });
  }
}

/** How many bytes from the start are whole letters, by halving. @param {Uint8Array} bytes */
function wholeBytes(bytes) {
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (lettersOf(bytes.subarray(0, middle)) === null) bad = middle;
    else good = middle;
  }
  return new TextEncoder().encode(lettersOf(bytes.subarray(0, good)) ?? "").length;
}

/** @param {Uint8Array} bytes */
function lettersOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/** Strict JSON: whole numbers, no name twice. @param {string} text @returns {unknown} @throws {Broken} */
export function parsed(text) {
  const { fault, plain } = scan(text);
  try {
    const list = JSON.parse(plain);
    if (fault) throw fault;
    return list;
  } catch (error) {
    throw error instanceof Broken ? error : new Broken("not_json");
  }
}

const TOKEN = new RegExp(
  [
    String.raw`[ \t\n\r]*(?:("[^"\\]*(?:\\.[^"\\]*)*")`,
    String.raw`(-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)`,
    String.raw`(NaN|-?Infinity)|true|false|null|[{}[\],:])`,
  ].join("|"),
  "sy",
);

/**
 * What JSON.parse is silent about: doubled names, fractions, numbers that JavaScript would round.
 * Returns the first fault and the text with NaN and its like replaced, so that the rest can be parsed.
 * @param {string} text
 */
function scan(text) {
  /** @type {(string[] | null)[]} the names of each open brace, null for a bracket */
  const open = [];
  /** @type {string[]} */
  const plain = [];
  /** @type {Broken | null} */
  let fault = null;
  let kept = 0;
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(text); token; token = TOKEN.exec(text)) {
    const [all, string, number, fraction, exponent, constant] = token;
    if (string) noteName(open.at(-1), string, text, TOKEN.lastIndex);
    else if (number) fault ??= faultOfNumber(number, fraction ?? exponent);
    else if (constant) {
      fault ??= new Broken("number_not_whole", { text: constant });
      plain.push(text.slice(kept, TOKEN.lastIndex - constant.length), "null");
      kept = TOKEN.lastIndex;
    } else if (all.endsWith("{")) open.push([]);
    else if (all.endsWith("[")) open.push(null);
    else if (all.endsWith("}") || all.endsWith("]")) fault ??= faultOfNames(open.pop());
  }
  return { fault, plain: kept ? [...plain, text.slice(kept)].join("") : text };
}

/** @param {string[] | null | undefined} names @param {string} string @param {string} text @param {number} end */
function noteName(names, string, text, end) {
  while (" \t\n\r".includes(text[end] ?? "x")) end += 1;
  if (names && text[end] === ":") names.push(string);
}

/** @param {string} text @param {string | undefined} isFraction */
function faultOfNumber(text, isFraction) {
  if (isFraction) return new Broken("number_not_whole", { text });
  const fits = text.length <= 17 && Number.isSafeInteger(Number(text));
  return fits ? null : new Broken("number_too_large", { text });
}

/** @param {string[] | null | undefined} strings */
function faultOfNames(strings) {
  const seen = new Set();
  for (const string of strings ?? []) {
    const name = nameOf(string);
    if (seen.has(name)) return new Broken("name_twice", { name });
    if (/[^\0-\x7f]/.test(name)) return new Broken("name_unused", { name });
    seen.add(name);
  }
  return null;
}

/** @param {string} string @returns {string} */
function nameOf(string) {
  try {
    return JSON.parse(string);
  } catch {
    return string;
  }
}

/** @param {unknown} value */
function isNestedWithoutEnd(value) {
  /** @param {unknown} each @returns {each is object} */
  const isDeep = (each) => typeof each === "object" && each !== null;
  let level = [value].filter(isDeep);
  for (let i = 0; i < DEEPEST && level.length; i += 1) {
    /** @type {object[]} */
    const inner = [];
    for (const each of level) for (const part of Object.values(each)) if (isDeep(part)) inner.push(part);
    level = inner;
  }
  return level.length > 0;
}

/** Half a pair of surrogates is no letter: it has no bytes in UTF-8. @param {unknown} value @returns {boolean} */
function isWritable(value) {
  if (typeof value === "string") return !/\p{Surrogate}/u.test(value);
  return !value || typeof value !== "object" || Object.values(value).every(isWritable);
}

/** @param {unknown} value @returns {value is string} */
function isFormat(value) {
  return isText(value) && value.startsWith(FORMAT_FAMILY);
}

/** @typedef {Pick<PublishedList, "format" | "rule">} Versioned */

/** What a newer program made cannot be judged by this one. @param {Versioned} list @throws {Broken} */
function formatOf({ format }) {
  const known = FORMATS.get(format);
  if (!known) throw new Broken("format_unknown", { format });
  return known;
}

/** The number of the rule a list was made with. @param {Versioned} list @throws {Broken} */
export const ruleNumber = (list) => formatOf(list).rule(list);

/** @param {Versioned} list @throws {Broken} */
function ruleOf(list) {
  const number = ruleNumber(list);
  const known = RULES.get(number);
  if (!known) throw new Broken("rule_unknown", { rule: number });
  return known;
}

/** The list, each name and what it must be. @param {Row} list @returns {PublishedList} @throws {Broken} */
function shaped(list) {
  const shown = /** @type {PublishedList} */ (/** @type {unknown} */ (list));
  ruleOf(shown);
  checkShape(list, formatOf(shown));
  return shown;
}

/** @param {Row} list @param {Format} format */
function checkShape(list, { moveTexts, hasGatherings, hasTexts }) {
  need(list, { number: isWhole, track: isText, published_at: isText, office: isText });
  need(list, { previous_digest: isText, digest: isText, weights: isRow });
  need(list, { neighbourhoods: isRows, items: isRows });
  need(list, { overrides: (value) => isRows(value) && value.length <= MOVES_MOST });
  const { weights, neighbourhoods, items, overrides } =
    /** @type {{weights: Row} & Record<"neighbourhoods" | "items" | "overrides", Row[]>} */ (list);
  need(weights, Object.fromEntries(WEIGHTS.map((name) => [name, isWhole])));
  for (const each of neighbourhoods) {
    need(each, { code: isWhole, name: isText, coefficient: (value) => isParameter(value) && value > 0 });
    need(each, { accepted: isParameter });
  }
  items.forEach(checkItemShape);
  for (const each of overrides) {
    need(each, { from: isWhole, to: isWhole, ...Object.fromEntries(moveTexts.map((name) => [name, isText])) });
  }
  if (hasGatherings) checkGatheringsShape(list);
  if (hasTexts) checkTextsShape(list);
}

/** @param {Row} list */
function checkTextsShape(list) {
  need(list, { texts: isRows });
  const { texts, items, overrides } = /** @type {Record<"texts" | "items" | "overrides", Row[]>} */ (list);
  for (const each of texts) {
    need(each, { text: isText });
    need(each, { commitment: isHash, salt: (value) => isText(value) && SALT.test(value) });
  }
  for (const each of items) need(each, { title: isHash });
  for (const each of overrides) need(each, { reason: isHash });
}

/** @param {unknown} value */
function isHash(value) {
  return isText(value) && HASH.test(value);
}

/** @param {Row} list */
function checkGatheringsShape(list) {
  need(list, { gatherings: isRows });
  for (const each of /** @type {Row[]} */ (list.gatherings)) {
    need(each, { number: isWhole, digest: isText });
    if (!/^[0-9a-f]{64}$/.test(String(each.digest))) throw new Broken("wrong_shape", { name: "gatherings" });
  }
}

/** @param {Row} item */
function checkItemShape(item) {
  need(item, { place: isWhole, rule_place: isWhole, round: isWhole, turn: isWhole, own_place: isWhole });
  need(item, { neighbourhood: isWhole, index: isWhole, reported_on: isDay });
  need(item, { reference: (value) => isText(value) && REFERENCE.test(value) });
  need(item, { levels: (value) => value === null || isLevels(value), vote: (value) => value === null || isRow(value) });
  if (isRow(item.vote)) {
    need(item.vote, { gathering: isWhole, voters: isWhole, tokens_each: isWhole, tokens: isWhole });
    need(item.vote, { people: isWhole, place: isWhole, index_then: isWhole, held_on: isDay });
  }
  need(item, { reasons: (value) => Array.isArray(value) && value.length === 2 && value.every(isText) });
}

/** @param {Row} row @param {Record<string, Kind>} kinds @throws {Broken} */
function need(row, kinds) {
  for (const [name, fits] of Object.entries(kinds)) {
    if (!Object.hasOwn(row, name) || !fits(row[name])) throw new Broken("wrong_shape", { name });
  }
}

/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === "string";
/** @param {unknown} value @returns {value is number} */
const isWhole = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
/** @param {unknown} value @returns {value is Row} */
const isRow = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
/** @param {unknown} value @returns {value is Row[]} */
const isRows = (value) => Array.isArray(value) && value.every(isRow);
/** @param {unknown} value @returns {value is number} */
const isParameter = (value) => isWhole(value) && value <= LARGEST_PARAMETER;
/** @param {unknown} value */
const isLevels = (value) => Array.isArray(value) && value.length === 4 && value.every((level) => isWhole(level) && level <= 3);

/** @param {unknown} value */
function isDay(value) {
  if (!isText(value) || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) || value.startsWith("0000")) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

// Rule 1, a third time

// Tokens of each voter, and how many of them may lie on one problem.
const CAPS = new Map([
  [5, 2],
  [3, 1],
]);
/** @type {Weight[]} */
const WEIGHTS = ["severity", "reach", "duration", "vulnerability"];

/** @param {number[] | null} levels @param {Record<Weight, number>} weights */
function indexOf(levels, weights) {
  return (levels ?? []).reduce((sum, level, i) => sum + BigInt(level) * BigInt(weights[WEIGHTS[i]]), 0n);
}

/** @param {Item} item @returns {item is Voted} */
const isVoted = (item) => item.vote !== null;

/** Items in the order that the rule gives. @param {Neighbourhood[]} neighbourhoods @param {Item[]} items */
function cityOrder(neighbourhoods, items) {
  /** @type {Map<number, Item[]>} */
  const waiting = new Map(neighbourhoods.map((each) => [each.code, []]));
  for (const item of items) waiting.get(item.neighbourhood)?.push(item);
  const rows = neighbourhoods.flatMap((each) => queueOf(each, waiting.get(each.code) ?? []));
  return rows.sort((a, b) => a.round - b.round || byMerit(a.worst, b.worst) || a.turn - b.turn);
}

/** @param {Neighbourhood} neighbourhood @param {Item[]} items */
function queueOf({ coefficient, accepted }, items) {
  /** @type {Placed[]} */
  const queue = [];
  for (const [index, item] of ownOrder(items).entries()) {
    const turn = accepted + index + 1;
    const round = roundOf(turn, coefficient);
    const before = queue.at(-1);
    const holder = before && before.round === round && byMerit(before.worst, item) > 0 ? before.worst : item;
    queue.push({ item, round, turn, ownPlace: index + 1, worst: holder });
  }
  return queue;
}

/** @param {number} turn @param {number} coefficient in hundredths */
function roundOf(turn, coefficient) {
  const share = BigInt(coefficient);
  return Number(((2n * BigInt(turn) - 1n) * 50n + share - 1n) / share);
}

/** @param {Item[]} items @returns {Item[]} */
function ownOrder(items) {
  const voted = items.filter(isVoted).sort(byRoom);
  const waiting = items.filter((item) => !item.vote);
  waiting.sort((a, b) => b.index - a.index || compare(a.reported_on, b.reported_on) || byReference(a, b));
  return [...voted, ...waiting];
}

/** @param {Voted} a @param {Voted} b */
function byRoom(a, b) {
  const day = compare(b.vote.held_on, a.vote.held_on) || b.vote.gathering - a.vote.gathering;
  return day || a.vote.place - b.vote.place;
}

/** @param {Voted} a @param {Voted} b */
function byCount(a, b) {
  const count = b.vote.tokens - a.vote.tokens || b.vote.people - a.vote.people;
  const then = b.vote.index_then - a.vote.index_then || compare(a.reported_on, b.reported_on);
  return count || then || byReference(a, b);
}

/** @param {Item} a @param {Item} b */
function byMerit(a, b) {
  return b.index - a.index || bySupport(a, b) || compare(dayOf(a), dayOf(b)) || byReference(a, b);
}

/** @param {Item} a @param {Item} b */
function bySupport(a, b) {
  const [first, second] = [shareOf(a), shareOf(b)];
  const difference = second.tokens * first.possible - first.tokens * second.possible;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

/** @param {Item} item */
function shareOf({ vote }) {
  const possible = vote ? BigInt(vote.voters) * BigInt(vote.tokens_each) : 0n;
  return vote && possible ? { tokens: BigInt(vote.tokens), possible } : { tokens: 0n, possible: 1n };
}

/** @param {Item} item */
const dayOf = ({ vote }) => (vote ? vote.held_on : "9999-12-31");
/** @param {string} a @param {string} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** @param {Item} a @param {Item} b */
function byReference(a, b) {
  const [first, second] = [numbersIn(a.reference), numbersIn(b.reference)];
  return first[0] - second[0] || first[1] - second[1] || compare(a.reference, b.reference);
}

/** @param {string} reference */
function numbersIn(reference) {
  return reference.split("-").slice(1).map(Number);
}

/** @param {string[]} references @param {Move[]} overrides */
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

/** @param {PublishedList} list @param {string} text @returns {Generator<Finding>} */
function* checkWritten(list, text) {
  const expected = canonical(list);
  if (expected === text) return;
  let at = 0;
  while (at < text.length && text[at] === expected[at]) at += 1;
  // Letters beyond the first plane are two units here and one letter there.
  if (/[\udc00-\udfff]/.test(text[at] ?? "") || /[\udc00-\udfff]/.test(expected[at] ?? "")) at -= 1;
  yield { code: "byte_changed", byte: new TextEncoder().encode(text.slice(0, at)).length + 1 };
}

/** @type {Check} */
function* checkDigest(list) {
  const found = digestOf(list);
  if (found !== list.digest) yield { code: "digest_differs", said: list.digest, found };
}

/** @type {Check} */
function* checkTexts(list) {
  const known = new Set(committedIn(list).map(({ said }) => said));
  const seen = new Set();
  for (const { commitment, salt, text } of list.texts ?? []) {
    if (hashOf(salt + text) !== commitment) yield { code: "text_differs", text };
    else if (!known.has(commitment)) yield { code: "text_unknown", text };
    else if (seen.has(commitment)) yield { code: "text_twice", text };
    seen.add(commitment);
  }
}

/** @type {Check} */
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

/** @type {Check} */
function* checkIndexes(list) {
  const { weights, items } = list;
  const rule = ruleOf(list);
  if (WEIGHTS.reduce((sum, name) => sum + BigInt(weights[name]), 0n) !== 100n) yield { code: "weights_sum" };
  for (const { reference, levels, index } of items) {
    const found = rule.index(levels, weights);
    if (found !== BigInt(index)) yield { code: "index_differs", reference, said: index, found };
  }
}

/** @type {Check} */
function* checkVotes(list) {
  const { caps } = ruleOf(list);
  for (const { reference, vote } of list.items) {
    if (!vote) continue;
    if (BigInt(vote.tokens) > possibleIn(vote)) yield { code: "tokens_too_many", reference };
    if (vote.people > Math.min(vote.tokens, vote.voters)) yield { code: "people_too_many", reference };
    if (BigInt(vote.tokens) > capOf(vote, caps) * BigInt(vote.people)) yield { code: "tokens_over_cap", reference };
  }
}

/** @param {Vote} vote */
const possibleIn = ({ voters, tokens_each: each }) => BigInt(voters) * BigInt(each);
/** @param {Vote} vote @param {Map<number, number>} caps */
const capOf = ({ tokens_each: each }, caps) => BigInt(caps.get(each) ?? each);

/** @type {Check} */
function* checkRooms(list) {
  const { byCount } = ruleOf(list);
  const rooms = [...byGathering(list.items.filter(isVoted))];
  for (const [gathering, voted] of rooms.sort((a, b) => a[0] - b[0])) {
    voted.sort((a, b) => a.vote.place - b.vote.place);
    yield* checkRoomFacts(gathering, voted);
    for (let i = 1; i < voted.length; i += 1) yield* checkPair(gathering, voted[i - 1], voted[i], byCount);
  }
}

/** @param {number} gathering @param {Voted} first @param {Voted} second @param {Rule["byCount"]} byCount @returns {Generator<Finding>} */
function* checkPair(gathering, first, second, byCount) {
  const facts = { gathering, before: first.reference, after: second.reference };
  if (first.vote.place === second.vote.place) yield { code: "room_place_twice", ...facts };
  else if (byCount(first, second) > 0) yield { code: "room_order", ...facts };
}

/** One room has one day, one number of voters, one neighbourhood, and no more tokens than it gave. @param {number} gathering @param {Voted[]} voted @returns {Generator<Finding>} */
function* checkRoomFacts(gathering, voted) {
  const [first] = voted;
  const other = voted.find((item) => roomFacts(item) !== roomFacts(first));
  if (other) {
    yield { code: "room_differs", gathering, reference: other.reference, before: first.reference };
    return;
  }
  const given = voted.reduce((sum, { vote }) => sum + BigInt(vote.tokens), 0n);
  const possible = possibleIn(first.vote);
  if (given > possible) yield { code: "room_total", gathering, given, possible };
}

/** @param {Voted} item */
function roomFacts({ vote, neighbourhood }) {
  return [vote.held_on, neighbourhood, vote.voters, vote.tokens_each].join();
}

/** @param {Voted[]} voted */
function byGathering(voted) {
  return gatheredBy(voted, (item) => item.vote.gathering);
}

/** In the order in which the keys first come. @template T @param {T[]} rows @param {(row: T) => number} keyOf */
function gatheredBy(rows, keyOf) {
  /** @type {Map<number, T[]>} */
  const gathered = new Map();
  for (const row of rows) {
    const others = gathered.get(keyOf(row));
    if (others) others.push(row);
    else gathered.set(keyOf(row), [row]);
  }
  return gathered;
}

/** @type {Check} */
function* checkRule(list) {
  const ordered = ruleOf(list).order(list.neighbourhoods, list.items);
  for (const [index, { item, round, turn, ownPlace }] of ordered.entries()) {
    const facts = { rule_place: index + 1, round, turn, own_place: ownPlace };
    for (const code of PLACES) {
      if (item[code] !== facts[code]) yield { code, reference: item.reference, said: item[code], found: facts[code] };
    }
  }
}

const PLACES = /** @type {const} */ (["rule_place", "round", "turn", "own_place"]);

/** The two sentences beside each place, made again from the numbers. @type {Check} */
function* checkReasons(list) {
  const rule = ruleOf(list);
  const ordered = rule.order(list.neighbourhoods, list.items);
  const known = new Map(list.neighbourhoods.map((each) => [each.code, each]));
  const dues = rule.reasons(ordered, known);
  for (const [index, due] of dues.entries()) {
    const { reference, reasons } = ordered[index].item;
    for (const [i, code] of ["own_reason", "city_reason"].entries()) {
      if (reasons[i] !== due[i]) yield { code, reference, found: due[i] };
    }
  }
}

/** @param {Known} known @param {Placed} row */
function neighbourhoodOf(known, { item }) {
  const found = known.get(item.neighbourhood);
  if (!found) throw new TypeError(`neighbourhood ${item.neighbourhood} is not in the list`);
  return found;
}

/** @type {Rule["reasons"]} */
function reasonsOfRule1(ordered, known) {
  return ordered.map((row, index) => {
    const neighbourhood = neighbourhoodOf(known, row);
    return [ownReason(row, neighbourhood), cityReason(row, index + 1, neighbourhood)];
  });
}

/** @param {Placed} row @param {Neighbourhood} neighbourhood */
function ownReason({ item, ownPlace }, { name }) {
  const { vote, levels, index } = item;
  const start = `Es el problema N.º ${ownPlace} de ${name}`;
  if (vote) {
    const [year, month, day] = vote.held_on.split("-");
    const possible = possibleIn(vote);
    const people = `${vote.people} ${noun(vote.people, "persona")}, en la reunión del ${day}-${month}-${year}.`;
    return `${start}: recibió ${vote.tokens} de ${possible} ${noun(possible, "ficha")}, de ${people}`;
  }
  const provisional = `${start}, provisorio hasta que el barrio lo vote`;
  if (!levels) return `${provisional}: todavía no tiene puntaje.`;
  const told = SCALES.map((scale, i) => `${scale} ${levels[i]}`).join(", ");
  return `${provisional}: su puntaje es ${score(index)} (${told}).`;
}

// Rule 3: a voted problem whose levels were not confirmed by two brings no index, and its place says so

/** @type {Rule["reasons"]} */
function reasonsOfRule3(ordered, known) {
  const unconfirmed = "; sin puntaje confirmado, en su ronda cuenta 0.";
  return reasonsOfRule2(ordered, known).map(([own, city], index) => {
    const { vote, levels } = ordered[index].item;
    return [vote && !levels ? own.replace(/\.$/, unconfirmed) : own, city];
  });
}

/** @param {Placed} row @param {number} place @param {Neighbourhood} neighbourhood */
function cityReason({ item, round, worst }, place, { accepted, coefficient }) {
  const causes = [];
  if (accepted) causes.push(`con ${accepted} ${noun(accepted, "problema")} ${noun(accepted, "aceptado")} en 12 meses`);
  if (coefficient !== 100) causes.push(`con coeficiente ${hundredths(coefficient)}`);
  const because = causes.length ? `, porque su barrio cuenta ${causes.join(" y ")}` : "";
  const kept = worst === item ? "" : `, y va después de ${worst.reference} porque su barrio lo puso antes`;
  const rule = "dentro de la ronda el orden lo da el puntaje, el suyo es";
  return `Le toca la ronda ${round}${because}; ${rule} ${score(item.index)}${kept}, y así queda en el lugar ${place}.`;
}

// Rule 2: the order of rule 1; the sentence of the city names what decided, and nothing else

/** @type {Rule["reasons"]} */
function reasonsOfRule2(ordered, known) {
  const rounds = gatheredBy(ordered, ({ round }) => round);
  const orders = [...rounds.values()].flatMap(ordersIn);
  return ordered.map((row, index) => {
    const neighbourhood = neighbourhoodOf(known, row);
    const round = `Le toca la ronda ${row.round}: ${roundCauses(row, neighbourhood)}`;
    const city = `${round}; en esa ronda ${orders[index]}, y queda en el lugar ${index + 1}.`;
    return [ownReason(row, neighbourhood), city];
  });
}

/** A cause is named when the round would be another without it. @param {Placed} row @param {Neighbourhood} neighbourhood */
function roundCauses({ round, turn, ownPlace }, { accepted, coefficient }) {
  const causes = [`es el N.º ${ownPlace} de su barrio`];
  if (roundOf(ownPlace, coefficient) !== round) {
    causes.push(`este barrio ya usó ${accepted} ${noun(accepted, "turno")}`);
  }
  if (roundOf(turn, 100) !== round) causes.push(`su coeficiente es ${hundredths(coefficient)}`);
  const last = causes.pop();
  return causes.length ? `${causes.join(", ")} y ${last}` : last;
}

/**
 * The first of a round against the second; a held-back one against who holds it; others against the
 * nearest before them that nobody holds back.
 * @param {Placed[]} round
 */
function ordersIn([first, ...others]) {
  const told = [others.length ? openingOf(first, others[0]) : "es el único"];
  let free = first;
  for (const row of others) {
    if (isHeld(row)) told.push(`va después de ${row.worst.reference} ${BY_ITS_OWN}`);
    else {
      told.push(`va después de ${free.item.reference} ${toldApart(row.item, free.item)}`);
      free = row;
    }
  }
  return told;
}

/** @param {Placed} first @param {Placed} next */
function openingOf({ item }, next) {
  const why = isHeld(next) ? BY_ITS_OWN : toldApart(item, next.item);
  return `va antes de ${next.item.reference} ${why}`;
}

const BY_ITS_OWN = "porque así los ordenó su barrio";
/** @param {Placed} row */
const isHeld = ({ item, worst }) => worst !== item;

/** @param {Item} item @param {Item} rival */
function toldApart(item, rival) {
  if (item.index !== rival.index) return `por puntaje (${score(item.index)} contra ${score(rival.index)})`;
  if (bySupport(item, rival)) return `por apoyo (${share(item)} contra ${share(rival)}), con el mismo puntaje`;
  if (dayOf(item) !== dayOf(rival)) {
    const days = `${dayShown(item)} contra ${dayShown(rival)}`;
    return `por fecha de reunión (${days}), con el mismo puntaje y apoyo`;
  }
  return "por número de folio, con el mismo puntaje, apoyo y fecha";
}

/** @param {Item} item */
function share({ vote }) {
  if (!vote) return "sin votación";
  const possible = possibleIn(vote);
  return `${vote.tokens} de ${possible} ${noun(possible, "ficha")}`;
}

/** @param {Item} item */
const dayShown = ({ vote }) => (vote ? vote.held_on.split("-").reverse().join("-") : "sin reunión");

const SCALES = ["gravedad", "alcance", "tiempo", "vulnerabilidad"];
/** @param {number | bigint} number @param {string} one */
const noun = (number, one) => (BigInt(number) === 1n ? one : `${one}s`);
/** @param {number} value */
const hundredths = (value) => `${Math.floor(value / 100)},${String(value % 100).padStart(2, "0")}`;

/** A third, rounded half up to tenths. @param {number} index */
function score(index) {
  const tenths = (20n * BigInt(index) + 3n) / 6n;
  return `${tenths / 10n},${tenths % 10n}`;
}

/** @type {Check} */
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

/** @type {Check} */
function* checkMoves(list) {
  const { items, overrides } = list;
  const textOf = readerOf(list);
  let order = [...items].sort((a, b) => a.rule_place - b.rule_place).map((item) => item.reference);
  for (const each of overrides) {
    const found = order.indexOf(each.reference) + 1;
    const { reference, from: said } = each;
    if (!found) yield { code: "move_unknown", reference };
    else if (said !== found) yield { code: "move_from", reference, said, found };
    const reason = textOf(each.reason);
    if (!(reason === undefined || saysSomething(reason)) || !saysSomething(each.office)) yield { code: "move_without_reason", reference };
    order = afterMoves(order, [each]);
  }
}

/** @type {Check} */
function* checkAskers(list) {
  const textOf = readerOf(list);
  for (const { reference, asked_by: kind = "", asker = "" } of list.overrides) {
    const name = isNamed(kind) ? textOf(asker) : asker;
    if (name !== undefined && !isAsker(kind, name)) yield { code: "move_without_asker", reference };
  }
}

/** @type {Check} */
function* checkGatherings({ items, gatherings = [] }) {
  const voted = new Set(items.filter(isVoted).map(({ vote }) => vote.gathering));
  const named = gatherings.map(({ number }) => number);
  /** @param {number[]} numbers */
  const sorted = (numbers) => [...new Set(numbers)].sort((a, b) => a - b);
  for (const number of sorted([...voted].filter((each) => !named.includes(each)))) yield { code: "gathering_unnamed", number };
  for (const number of sorted(named.filter((each) => !voted.has(each)))) yield { code: "gathering_unused", number };
  const twice = named.filter((each, index) => named.indexOf(each) !== index);
  for (const number of sorted(twice)) yield { code: "gathering_twice", number };
}

/** @param {string} kind @param {string} name */
function isAsker(kind, name) {
  if (kind === "nobody") return !name;
  if (kind === "audience") return AUDIENCE.test(name);
  return isNamed(kind) && saysSomething(name);
}

// The number of an audience in the register of the Ley del Lobby.
const AUDIENCE = /^[A-Z]{2}[0-9]{3}AW[0-9]{7}$/;
/** @param {string} text */
const saysSomething = (text) => /[\p{L}\p{N}]/u.test(text);

/** @type {Check} */
function* checkPrevious({ number, previous_digest: previous }) {
  if (number === 1 && previous) yield { code: "first_names_previous" };
  if (number > 1 && !/^[0-9a-f]{64}$/.test(previous)) yield { code: "previous_missing" };
}

/** @type {[string, Check][]} */
const CHECKS = [
  ["digest", checkDigest],
  ["known", checkKnown],
  ["indexes", checkIndexes],
  ["votes", checkVotes],
  ["rooms", checkRooms],
  ["rule", checkRule],
  ["reasons", checkReasons],
  ["places", checkPlaces],
  ["moves", checkMoves],
  ["previous", checkPrevious],
];

/**
 * All that a rule decides. A row is added for a new one and none is changed or taken away, so that a
 * list of any year is checked by the rule it was made with.
 * @type {Map<number, Rule>}
 */
export const RULES = new Map([
  [1, { index: indexOf, caps: CAPS, byCount, order: cityOrder, reasons: reasonsOfRule1 }],
  [2, { index: indexOf, caps: CAPS, byCount, order: cityOrder, reasons: reasonsOfRule2 }],
  [3, { index: indexOf, caps: CAPS, byCount, order: cityOrder, reasons: reasonsOfRule3 }],
]);

const MOVE_TEXTS = ["reference", "reason", "office"];
const ASKED_TEXTS = [...MOVE_TEXTS, "asked_by", "asker"];
/** @type {Map<string, Format>} */
const FORMATS = new Map([
  // Before lists said their rule there was one.
  [`${FORMAT_FAMILY}1`, { rule: () => 1, moveTexts: MOVE_TEXTS, checks: CHECKS }],
  [`${FORMAT_FAMILY}2`, { rule: ruleWritten, moveTexts: ASKED_TEXTS, checks: [...CHECKS, ["askers", checkAskers]] }],
  [
    `${FORMAT_FAMILY}3`,
    {
      rule: ruleWritten,
      moveTexts: ASKED_TEXTS,
      checks: [...CHECKS, ["askers", checkAskers], ["gatherings", checkGatherings]],
      hasGatherings: true,
    },
  ],
  [
    `${FORMAT_FAMILY}4`,
    {
      rule: ruleWritten,
      moveTexts: ASKED_TEXTS,
      checks: [...CHECKS, ["texts", checkTexts], ["askers", checkAskers], ["gatherings", checkGatherings]],
      hasGatherings: true,
      hasTexts: true,
    },
  ],
]);

/** @param {Pick<PublishedList, "rule">} list @throws {Broken} */
function ruleWritten({ rule }) {
  need({ rule }, { rule: isWhole });
  return Number(rule);
}
