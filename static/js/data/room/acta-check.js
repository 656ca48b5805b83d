/**
 * Checks the file of a gathering, as gatherings/verify.py does, knowing neither the page nor a language:
 * findings are [code, facts], and that module's SENTENCES has the words of both.
 */

import { sha256 } from "../base/sha256.js";
import { canonical, Broken as ListBroken, parsed } from "../lists/list-check.js";

/** @import { Acta, ActaBallot, ActaPlace } from "#types/acta" */

/**
 * @typedef {Record<string, unknown>} Row what JSON has in braces
 * @typedef {[string, Row]} Finding
 * @typedef {(value: unknown) => boolean} Kind
 * @typedef {(document: Acta) => Generator<Finding>} Check
 */

const FORMAT = "mapa-barrial/reunion/1";
const LARGEST_FILE = 8 * 1024 * 1024;
const LARGEST_NUMBER = 1_000_000;
const DEEPEST = 8;
const FEWEST_BALLOTS = 10;
const DAY_MS = 24 * 60 * 60 * 1000;
const MODES = ["tokens", "ballots", "hands", "phones"];
const WHOLE_BALLOTS = ["ballots", "phones"];
/** @type {Record<string, string>} */
const CODES = { number_not_whole: "not_whole", number_too_large: "not_whole", name_unused: "name_twice" };

/** A file that cannot be read as a gathering at all. */
export class Broken extends Error {
  /** @param {string} code @param {Row} facts */
  constructor(code, facts = {}) {
    super(code);
    /** @type {Finding} */
    this.finding = [code, facts];
  }
}

/**
 * Each check with what it found. @param {Uint8Array} bytes @returns {[string, Finding[]][]}
 * @throws {Broken} for what is no gathering
 */
export function checkActa(bytes) {
  const { document, text } = read(bytes);
  /** @type {[string, Finding[]]} */
  const written = ["written", text === canonical(document) ? [] : [["byte_changed", {}]]];
  return [written, ...CHECKS.map(([name, check]) => /** @type {[string, Finding[]]} */ ([name, [...check(document)]]))];
}

/** Every finding of a file, in order. @param {Uint8Array} bytes @returns {Finding[]} */
export function findingsOf(bytes) {
  try {
    return checkActa(bytes).flatMap(([, found]) => found);
  } catch (error) {
    if (error instanceof Broken) return [error.finding];
    return [["nested", {}]];
  }
}

// Reading

/** @param {Uint8Array} bytes */
function read(bytes) {
  if (bytes.length > LARGEST_FILE) throw new Broken("too_large");
  const text = decoded(bytes);
  const document = strictly(text);
  if (isNested(document)) throw new Broken("nested");
  if (!isRow(document) || !isText(document.format)) throw new Broken("not_gathering");
  if (!document.format.startsWith("mapa-barrial/reunion/")) throw new Broken("not_gathering");
  if (document.format !== FORMAT) throw new Broken("format_unknown");
  checkShape(document);
  return { document: /** @type {Acta} */ (/** @type {unknown} */ (document)), text };
}

/** @param {Uint8Array} bytes */
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Broken("not_utf8");
  }
}

/** @param {string} text */
function strictly(text) {
  try {
    return parsed(text);
  } catch (error) {
    if (!(error instanceof ListBroken)) throw error;
    throw new Broken(CODES[error.finding.code] ?? error.finding.code);
  }
}

/** @param {unknown} value */
function isNested(value) {
  /** @param {unknown} each @returns {each is object} */
  const isDeep = (each) => typeof each === "object" && each !== null;
  let level = [value].filter(isDeep);
  for (let i = 0; i < DEEPEST; i += 1) level = level.flatMap((each) => Object.values(each)).filter(isDeep);
  return level.length > 0;
}

/** @param {string} text */
function sha(text) {
  return sha256(new TextEncoder().encode(text));
}

// Shape: each name and what it must be

/** @param {unknown} value @returns {value is string} */
const isText = (value) => typeof value === "string";
/** @type {Kind} */
const isWhole = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LARGEST_NUMBER;
/** @param {unknown} value @returns {value is Row} */
const isRow = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
/** @param {RegExp} pattern @returns {Kind} */
const like = (pattern) => (value) => isText(value) && pattern.test(value);
const isReference = like(/^[A-Z]{1,8}-[0-9]{4}-[0-9]{1,12}$/);
const isHash = like(/^[0-9a-f]{64}$/);
const isSalt = like(/^[0-9a-f]{32}$/);
/** @type {Kind} */
const isDay = (value) => isText(value) && /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) && isOfCalendar(value);
/** @type {Kind} */
const isMoment = (value) => {
  const pattern = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][+-]([01][0-9]|2[0-3]):[0-5][0-9]$/;
  return isText(value) && pattern.test(value) && isOfCalendar(value.slice(0, 10));
};
/** @param {string} day */
function isOfCalendar(day) {
  const [year, month, date] = day.split("-").map(Number);
  if (year < 1) return false;
  const made = new Date(`${day}T00:00:00Z`);
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === date;
}
/** @param {Kind} check @returns {Kind} */
const maybe = (check) => (value) => value === null || check(value);
/** @param {Kind} check @returns {Kind} */
const every = (check) => (value) => Array.isArray(value) && value.every(check);
/** @param {Record<string, Kind>} names @returns {Kind} */
const of = (names) => (value) =>
  isRow(value) &&
  Object.keys(value).length === Object.keys(names).length &&
  Object.entries(names).every(([name, check]) => Object.hasOwn(value, name) && check(value[name]));
/** @type {Kind} */
const isAttendance = (value) =>
  Array.isArray(value) && value.length === 3 && maybe(isText)(value[0]) && isWhole(value[1]) && isWhole(value[2]);
/** @type {Kind} */
const isBallot = (value) => isRow(value) && Object.entries(value).every(([name, tokens]) => isReference(name) && isWhole(tokens));

/** @type {[string, Kind][]} */
const SHAPE = Object.entries({
  format: isText,
  number: isWhole,
  territory: maybe(isWhole),
  council: isText,
  planned: isMoment,
  opened: isMoment,
  closed: isMoment,
  opened_reason: maybe(isHash),
  attendance: every(isAttendance),
  people: isWhole,
  voters: isWhole,
  mode: isText,
  tokens_each: isWhole,
  tokens_per_issue: isWhole,
  seed: isText,
  ballot: every(isReference),
  places: every(
    of({ place: isWhole, reference: isReference, reported_on: isDay, tokens: isWhole, people: isWhole, index: maybe(isWhole) }),
  ),
  ballots: maybe(every(isBallot)),
  ballots_counted: maybe(isWhole),
  ballots_left_out: maybe(isWhole),
  missing_reason: maybe(isHash),
  typings: maybe(of({ at: isMoment, salt: isSalt, first: isHash, second: isHash, differences: isWhole })),
  counters: every(isText),
  witnesses: every(isText),
  annulled: every(
    of({
      at: isMoment,
      mode: isText,
      voters: isWhole,
      seed: isText,
      ballots: maybe(isWhole),
      reason: isHash,
      lines: every(of({ reference: isReference, tokens: maybe(isWhole), people: maybe(isWhole) })),
    }),
  ),
  digest: isHash,
  texts: every(of({ commitment: isHash, salt: isSalt, text: isText })),
});

/** @param {Row} document */
function checkShape(document) {
  const known = new Set(SHAPE.map(([name]) => name));
  for (const [name, check] of SHAPE) {
    if (!Object.hasOwn(document, name) || !check(document[name])) throw new Broken("shape", { name });
  }
  for (const name of Object.keys(document).sort()) if (!known.has(name)) throw new Broken("shape", { name });
}

// The checks

/** @type {Check} */
function* checkDigest(document) {
  const { digest, texts, ...content } = document;
  const found = sha(canonical(content));
  if (found !== digest) yield ["digest_differs", { said: digest, found }];
}

/** @type {Check} */
function* checkTexts({ opened_reason: opened, missing_reason: missing, annulled, texts }) {
  const known = [opened, missing, ...annulled.map(({ reason }) => reason)];
  for (const { commitment, salt, text } of texts) {
    if (sha(salt + text) !== commitment) yield ["text_differs", { text }];
    else if (!known.includes(commitment)) yield ["text_unknown", { text }];
  }
}

/** @type {Check} */
function* checkTimes(document) {
  const [planned, opened, closed] = [document.planned, document.opened, document.closed].map((at) => Date.parse(at));
  if (closed < opened) yield ["closed_early", {}];
  const isFar = Math.abs(opened - planned) > DAY_MS;
  if (isFar && document.opened_reason === null) yield ["far_without_reason", {}];
  if (!isFar && document.opened_reason !== null) yield ["near_with_reason", {}];
}

/** @type {Check} */
function* checkAttendance(document) {
  if ((document.territory === null) === !document.council) yield ["host", {}];
  const lines = document.attendance;
  const people = sum(lines.map((line) => line[1]));
  const votes = sum(lines.map((line) => line[2]));
  if (people !== document.people) yield ["people_sum", { found: people, said: document.people }];
  if (votes !== document.voters) yield ["voters_sum", { found: votes, said: document.voters }];
  const seen = new Set();
  for (const [name, came, voters] of lines) {
    if (name !== null && voters > 2) yield ["organisation_voters", { name, voters }];
    if (voters > came) yield ["voters_over_people", {}];
    if (seen.has(name)) yield ["organisation_twice", { name: name ?? "" }];
    seen.add(name);
  }
}

/** @type {Check} */
function* checkRules({ ballot, mode, tokens_each: said, tokens_per_issue: cap }) {
  const size = ballot.length;
  if (!MODES.includes(mode)) yield ["mode_unknown", {}];
  if (size < 1 || size > 12) yield ["ballot_size", { found: size }];
  const [each, most] = mode === "hands" || size <= 6 ? [3, 1] : [5, 2];
  if (said !== each || cap !== most) yield ["tokens_rule", { said, cap, each, most }];
}

/** @type {Check} */
function* checkOrder({ ballot, seed, places }) {
  const drawn = [...ballot].sort(by((reference) => sha(`${seed}:${reference}`)));
  for (const [index, said] of ballot.entries()) {
    if (said !== drawn[index]) yield ["order_differs", { place: index + 1, said, found: drawn[index] }];
  }
  const voted = places.map(({ reference }) => reference).sort();
  if (canonical([...ballot].sort()) !== canonical(voted)) yield ["ballot_differs", {}];
}

/** @type {Check} */
function* checkPossible({ places, voters, mode, tokens_each: each, tokens_per_issue: cap }) {
  for (const { reference, tokens, people } of places) {
    const facts = { reference, tokens, people };
    if (people > voters) yield ["people_over_voters", { reference, people, voters }];
    if (people > tokens) yield ["people_over_tokens", facts];
    if (tokens > cap * people) yield ["over_cap", { reference, tokens, most: cap * people }];
    if (mode === "hands" && tokens !== people) yield ["hands_differ", facts];
  }
  const found = sum(places.map(({ tokens }) => tokens));
  if (found > voters * each) yield ["total_over", { found, most: voters * each }];
}

/** @type {Check} */
function* checkCounted(document) {
  const { ballots_counted: counted, ballots_left_out: leftOut, ballots, mode, voters } = document;
  if (!WHOLE_BALLOTS.includes(mode)) {
    if ([counted, leftOut, ballots].some((each) => each !== null)) yield ["ballots_present", {}];
    return;
  }
  if (counted === null) {
    yield ["ballots_absent", { found: 0 }];
    return;
  }
  if (counted > voters) yield ["ballots_over", { found: counted, most: voters }];
  if (ballots === null && counted >= FEWEST_BALLOTS) yield ["ballots_absent", { found: counted }];
  else if (ballots !== null && counted < FEWEST_BALLOTS) yield ["ballots_present", {}];
  else if (ballots !== null) yield* checkBallots(document, ballots);
}

/** @param {Acta} document @param {ActaBallot[]} ballots @returns {Generator<Finding>} */
function* checkBallots(document, ballots) {
  const { ballot: listed, places, tokens_each: each, tokens_per_issue: cap } = document;
  if (ballots.length !== document.ballots_counted) {
    yield ["ballots_many", { found: ballots.length, said: document.ballots_counted }];
  }
  const written = ballots.map(canonical);
  if (canonical(written) !== canonical([...written].sort())) yield ["ballots_unsorted", {}];
  for (const [index, ballot] of ballots.entries()) {
    const given = Object.values(ballot);
    const isKnown = Object.keys(ballot).every((reference) => listed.includes(reference));
    if (!isKnown || sum(given) > each || given.some((tokens) => tokens < 1 || tokens > cap)) {
      yield ["ballot_broken", { row: index + 1 }];
    }
  }
  for (const { reference, tokens, people } of places) {
    const given = ballots.filter((ballot) => Object.hasOwn(ballot, reference)).map((ballot) => ballot[reference]);
    const [found, voters] = [sum(given), given.length];
    if (tokens !== found || people !== voters) {
      yield ["totals_differ", { reference, said: tokens, people, found, by: voters }];
    }
  }
  const first = places.filter(({ place }) => place <= 5).map((row) => row.reference);
  const found = ballots.filter((ballot) => !Object.keys(ballot).some((reference) => first.includes(reference))).length;
  const said = document.ballots_left_out;
  if (found !== said) yield ["left_out_differs", { said: said ?? 0, found }];
}

/** @type {Check} */
function* checkMissing({ ballots_counted: counted, voters, missing_reason: reason }) {
  const areMissing = counted !== null && counted < voters;
  if (areMissing && reason === null) yield ["missing_without_reason", {}];
  if (!areMissing && reason !== null) yield ["missing_with_reason", {}];
}

/** @type {Check} */
function* checkTwice(document) {
  const { typings, mode, counters } = document;
  if (mode === "phones") {
    if (typings !== null) yield ["typed_unasked", {}];
    return;
  }
  if (typings === null) {
    yield ["typed_once", {}];
    return;
  }
  if (counters.length < 2) yield ["counters_few", {}];
  const isAlike = typings.first === typings.second;
  if (!typings.differences && !isAlike) yield ["typings_differ", {}];
  // Two papers under each other's number are two differences of the same ballots.
  if (typings.differences && isAlike && mode !== "ballots") yield ["typings_alike", {}];
  const typed = typedOf(document);
  const isOther = !typings.differences && typed !== null && typings.first !== sha(canonical([typings.salt, typed]));
  if (isOther) yield ["typing_other", {}];
}

/** What was typed, as both sides typed it; null where the ballots are too few to be told. @param {Acta} document */
function typedOf({ mode, ballots, places }) {
  if (mode === "ballots") return ballots;
  return Object.fromEntries(places.map((row) => [row.reference, [row.tokens, row.people]]));
}

/** @type {Check} */
function* checkWitnesses({ witnesses }) {
  const names = witnesses.map((name) => name.trim().split(/\s+/).join(" ").toLowerCase()).filter(Boolean);
  if (names.length < 2) yield ["witness_few", {}];
  else if (new Set(names).size < names.length) yield ["witness_same", {}];
}

/** @type {Check} */
function* checkPlaces({ places }) {
  const rows = [...places].sort(byPlace);
  for (const [index, { reference, place }] of rows.entries()) {
    if (place !== index + 1) yield ["place_wrong", { reference, said: place, found: index + 1 }];
  }
  if (!rows.some(({ tokens }) => tokens)) yield ["places_empty", {}];
  for (const [index, { reference, place }] of places.entries()) {
    const before = places[index - 1];
    if (before && before.place >= place) yield ["place_wrong", { reference, said: place, found: before.place + 1 }];
  }
}

/** @param {ActaPlace} a @param {ActaPlace} b */
function byPlace(a, b) {
  const counts = b.tokens - a.tokens || b.people - a.people || (b.index ?? 0) - (a.index ?? 0);
  return counts || compare(a.reported_on, b.reported_on) || byNumbers(a.reference, b.reference);
}

/** @param {string} a @param {string} b */
function byNumbers(a, b) {
  const [first, second] = [a, b].map((reference) => (reference.match(/[0-9]+/g) ?? []).map(Number));
  for (let i = 0; i < Math.min(first.length, second.length); i += 1) if (first[i] !== second[i]) return first[i] - second[i];
  return first.length - second.length || compare(a, b);
}

/** @type {Check} */
function* checkAnnulled({ opened, closed, annulled }) {
  for (const { at } of annulled) {
    if (Date.parse(at) < Date.parse(opened) || Date.parse(at) > Date.parse(closed)) yield ["annulled_time", {}];
  }
}

/** @type {[string, Check][]} */
const CHECKS = [
  ["digest", checkDigest],
  ["texts", checkTexts],
  ["times", checkTimes],
  ["attendance", checkAttendance],
  ["rules", checkRules],
  ["order", checkOrder],
  ["possible", checkPossible],
  ["counted", checkCounted],
  ["missing", checkMissing],
  ["twice", checkTwice],
  ["witnesses", checkWitnesses],
  ["places", checkPlaces],
  ["annulled", checkAnnulled],
];

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, each) => total + each, 0);
}

/** @param {string} a @param {string} b */
function compare(a, b) {
  return Number(a > b) - Number(a < b);
}

/** @param {(value: string) => string} key @returns {(a: string, b: string) => number} */
function by(key) {
  return (a, b) => compare(key(a), key(b));
}
