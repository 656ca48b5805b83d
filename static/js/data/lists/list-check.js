/**
 * Checks a published list: the third implementation of the rules, for the browser, knowing neither
 * the page nor a language. Findings are {code, ...facts}; rankings/verifier_words.py has the sentences.
 */

import { sha256 } from "../base/sha256.js";

const FORMAT_FAMILY = "mapa-barrial/lista/";
export const LARGEST_FILE = 128 * 1024 * 1024;
const LARGEST_PARAMETER = 10 ** 9;
const MOVES_MOST = 10_000;
const DEEPEST = 16;
const REFERENCE = /^[A-Z]{1,8}-[0-9]{4}-[0-9]{1,12}$/;

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
  if (text.startsWith("\ufeff")) throw new Broken("saved_again");
  const list = parsed(text);
  if (isNestedWithoutEnd(list)) throw new Broken("nested");
  if (!isRow(list) || !isFormat(list.format)) throw new Broken("not_list");
  if (text.includes("\\u") && !isWritable(list)) throw new Broken("impossible_letter");
  checkShape(list);
  return { document: list, text };
}

/** Every check with what it found: [{check, findings}]. */
export function checkList({ document: list, text }) {
  const results = [{ check: "written", findings: [...checkWritten(list, text)] }];
  for (const [check, run] of FORMATS.get(list.format).checks) {
    const findings = [...run(list)];
    results.push({ check, findings });
    // With doubled problems or unknown neighbourhoods there is no order to compute.
    if (check === "known" && findings.length) break;
  }
  return results;
}

/** What is wrong between several lists: doubled, missing or unlinked ones. */
export function checkChain(lists) {
  const findings = [];
  const known = new Map();
  for (const list of lists) {
    if (known.has(list.number)) findings.push({ code: "list_twice", number: list.number });
    known.set(list.number, list);
  }
  const sorted = [...known.values()].sort((a, b) => a.number - b.number);
  for (let i = 1; i < sorted.length; i += 1) findings.push(...between(sorted[i - 1], sorted[i]));
  return findings;
}

function between(before, after) {
  const [first, last] = [before.number + 1, after.number - 1];
  if (first === last) return [{ code: "list_missing", number: first }];
  if (first < last) return [{ code: "lists_missing", first, last }];
  const facts = { number: after.number, previous: before.number };
  const findings = after.previous_digest === before.digest ? [] : [{ code: "chain_cut", ...facts }];
  // Nobody goes back to a rule that asked for less.
  return isOlder(after, before) ? [...findings, { code: "older_version", ...facts }] : findings;
}

function isOlder(one, other) {
  const formats = [...FORMATS.keys()];
  const format = formats.indexOf(one.format) - formats.indexOf(other.format);
  return format ? format < 0 : ruleNumber(one) < ruleNumber(other);
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
    throw new Broken("not_utf8", { byte: wholeBytes(bytes) + 1 });
  }
}

/** How many bytes from the start are whole letters, by halving. */
function wholeBytes(bytes) {
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (lettersOf(bytes.subarray(0, middle)) === null) bad = middle;
    else good = middle;
  }
  return new TextEncoder().encode(lettersOf(bytes.subarray(0, good))).length;
}

function lettersOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

/** Strict JSON: whole numbers, no name twice. Throws Broken. */
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
 */
function scan(text) {
  const open = [];
  const plain = [];
  let [fault, kept] = [null, 0];
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

function noteName(names, string, text, end) {
  while (" \t\n\r".includes(text[end] ?? "x")) end += 1;
  if (names && text[end] === ":") names.push(string);
}

function faultOfNumber(text, isFraction) {
  if (isFraction) return new Broken("number_not_whole", { text });
  const fits = text.length <= 17 && Number.isSafeInteger(Number(text));
  return fits ? null : new Broken("number_too_large", { text });
}

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

function nameOf(string) {
  try {
    return JSON.parse(string);
  } catch {
    return string;
  }
}

function isNestedWithoutEnd(value) {
  const isDeep = (each) => typeof each === "object" && each !== null;
  let level = [value].filter(isDeep);
  for (let i = 0; i < DEEPEST && level.length; i += 1) {
    const inner = [];
    for (const each of level) for (const part of Object.values(each)) if (isDeep(part)) inner.push(part);
    level = inner;
  }
  return level.length > 0;
}

/** Half a pair of surrogates is no letter: it has no bytes in UTF-8. */
function isWritable(value) {
  if (typeof value === "string") return !/\p{Surrogate}/u.test(value);
  return !value || typeof value !== "object" || Object.values(value).every(isWritable);
}

function isFormat(value) {
  return isText(value) && value.startsWith(FORMAT_FAMILY);
}

/** What a newer program made cannot be judged by the rules of this one. */
function checkVersion(list) {
  if (!FORMATS.has(list.format)) throw new Broken("format_unknown", { format: list.format });
  const rule = ruleNumber(list);
  if (!RULES.has(rule)) throw new Broken("rule_unknown", { rule });
}

export const ruleNumber = (list) => FORMATS.get(list.format).rule(list);
const ruleOf = (list) => RULES.get(ruleNumber(list));

function checkShape(list) {
  checkVersion(list);
  need(list, { number: isWhole, track: isText, published_at: isText, office: isText });
  need(list, { previous_digest: isText, digest: isText, weights: isRow });
  need(list, { neighbourhoods: isRows, items: isRows });
  need(list, { overrides: (value) => isRows(value) && value.length <= MOVES_MOST });
  need(list.weights, Object.fromEntries(WEIGHTS.map((name) => [name, isWhole])));
  for (const each of list.neighbourhoods) {
    need(each, { code: isWhole, name: isText, coefficient: (value) => isParameter(value) && value > 0 });
    need(each, { accepted: isParameter });
  }
  list.items.forEach(checkItemShape);
  const { moveTexts, hasGatherings } = FORMATS.get(list.format);
  for (const each of list.overrides) {
    need(each, { from: isWhole, to: isWhole, ...Object.fromEntries(moveTexts.map((name) => [name, isText])) });
  }
  if (hasGatherings) checkGatheringsShape(list);
}

function checkGatheringsShape(list) {
  need(list, { gatherings: isRows });
  for (const each of list.gatherings) {
    need(each, { number: isWhole, digest: isText });
    if (!/^[0-9a-f]{64}$/.test(each.digest)) throw new Broken("wrong_shape", { name: "gatherings" });
  }
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
  need(item, { reasons: (value) => Array.isArray(value) && value.length === 2 && value.every(isText) });
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
const isParameter = (value) => isWhole(value) && value <= LARGEST_PARAMETER;
const isLevels = (value) => Array.isArray(value) && value.length === 4 && value.every((level) => isWhole(level) && level <= 3);

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
const WEIGHTS = ["severity", "reach", "duration", "vulnerability"];

function indexOf(levels, weights) {
  return (levels ?? []).reduce((sum, level, i) => sum + BigInt(level) * BigInt(weights[WEIGHTS[i]]), 0n);
}

/** Items as {item, round, turn, ownPlace, worst} in the order that the rule gives. */
function cityOrder(neighbourhoods, items) {
  const waiting = new Map(neighbourhoods.map((each) => [each.code, []]));
  for (const item of items) waiting.get(item.neighbourhood).push(item);
  const rows = neighbourhoods.flatMap((each) => queueOf(each, waiting.get(each.code)));
  return rows.sort((a, b) => a.round - b.round || byMerit(a.worst, b.worst) || a.turn - b.turn);
}

function queueOf({ coefficient, accepted }, items) {
  let before = null;
  return ownOrder(items).map((item, index) => {
    const turn = accepted + index + 1;
    const round = roundOf(turn, coefficient);
    const held = before?.round === round && byMerit(before.worst, item) > 0;
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

function byCount(a, b) {
  const count = b.vote.tokens - a.vote.tokens || b.vote.people - a.vote.people;
  const then = b.vote.index_then - a.vote.index_then || compare(a.reported_on, b.reported_on);
  return count || then || byReference(a, b);
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
  // Letters beyond the first plane are two units here and one letter there.
  if (/[\udc00-\udfff]/.test(text[at] ?? "") || /[\udc00-\udfff]/.test(expected[at] ?? "")) at -= 1;
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

function* checkIndexes(list) {
  const { weights, items } = list;
  const rule = ruleOf(list);
  if (WEIGHTS.reduce((sum, name) => sum + BigInt(weights[name]), 0n) !== 100n) yield { code: "weights_sum" };
  for (const { reference, levels, index } of items) {
    const found = rule.index(levels, weights);
    if (found !== BigInt(index)) yield { code: "index_differs", reference, said: index, found };
  }
}

function* checkVotes(list) {
  const { caps } = ruleOf(list);
  for (const { reference, vote } of list.items) {
    if (!vote) continue;
    if (BigInt(vote.tokens) > possibleIn(vote)) yield { code: "tokens_too_many", reference };
    if (vote.people > Math.min(vote.tokens, vote.voters)) yield { code: "people_too_many", reference };
    if (BigInt(vote.tokens) > capOf(vote, caps) * BigInt(vote.people)) yield { code: "tokens_over_cap", reference };
  }
}

const possibleIn = ({ voters, tokens_each: each }) => BigInt(voters) * BigInt(each);
const capOf = ({ tokens_each: each }, caps) => BigInt(caps.get(each) ?? each);

function* checkRooms(list) {
  const { byCount } = ruleOf(list);
  const rooms = [...byGathering(list.items.filter((item) => item.vote))];
  for (const [gathering, voted] of rooms.sort((a, b) => a[0] - b[0])) {
    voted.sort((a, b) => a.vote.place - b.vote.place);
    yield* checkRoomFacts(gathering, voted);
    for (let i = 1; i < voted.length; i += 1) yield* checkPair(gathering, voted[i - 1], voted[i], byCount);
  }
}

function* checkPair(gathering, first, second, byCount) {
  const facts = { gathering, before: first.reference, after: second.reference };
  if (first.vote.place === second.vote.place) yield { code: "room_place_twice", ...facts };
  else if (byCount(first, second) > 0) yield { code: "room_order", ...facts };
}

/** One room has one day, one number of voters, one neighbourhood, and no more tokens than it gave. */
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

function roomFacts({ vote, neighbourhood }) {
  return [vote.held_on, neighbourhood, vote.voters, vote.tokens_each].join();
}

function byGathering(voted) {
  const rooms = new Map();
  for (const item of voted) {
    if (!rooms.has(item.vote.gathering)) rooms.set(item.vote.gathering, []);
    rooms.get(item.vote.gathering).push(item);
  }
  return rooms;
}

function* checkRule(list) {
  const ordered = ruleOf(list).order(list.neighbourhoods, list.items);
  for (const [index, { item, round, turn, ownPlace }] of ordered.entries()) {
    const facts = { rule_place: index + 1, round, turn, own_place: ownPlace };
    for (const [code, found] of Object.entries(facts)) {
      if (item[code] !== found) yield { code, reference: item.reference, said: item[code], found };
    }
  }
}

/** The two sentences beside each place, made again from the numbers. */
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

function reasonsOfRule1(ordered, known) {
  return ordered.map((row, index) => {
    const neighbourhood = known.get(row.item.neighbourhood);
    return [ownReason(row, neighbourhood), cityReason(row, index + 1, neighbourhood)];
  });
}

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

function reasonsOfRule3(ordered, known) {
  const unconfirmed = "; sin puntaje confirmado, en su ronda cuenta 0.";
  return reasonsOfRule2(ordered, known).map(([own, city], index) => {
    const { vote, levels } = ordered[index].item;
    return [vote && !levels ? own.replace(/\.$/, unconfirmed) : own, city];
  });
}

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

function reasonsOfRule2(ordered, known) {
  const rounds = new Map();
  for (const row of ordered) {
    if (!rounds.has(row.round)) rounds.set(row.round, []);
    rounds.get(row.round).push(row);
  }
  const orders = [...rounds.values()].flatMap(ordersIn);
  return ordered.map((row, index) => {
    const neighbourhood = known.get(row.item.neighbourhood);
    const round = `Le toca la ronda ${row.round}: ${roundCauses(row, neighbourhood)}`;
    const city = `${round}; en esa ronda ${orders[index]}, y queda en el lugar ${index + 1}.`;
    return [ownReason(row, neighbourhood), city];
  });
}

/** A cause is named when the round would be another without it. */
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

function openingOf({ item }, next) {
  const why = isHeld(next) ? BY_ITS_OWN : toldApart(item, next.item);
  return `va antes de ${next.item.reference} ${why}`;
}

const BY_ITS_OWN = "porque así los ordenó su barrio";
const isHeld = ({ item, worst }) => worst !== item;

function toldApart(item, rival) {
  if (item.index !== rival.index) return `por puntaje (${score(item.index)} contra ${score(rival.index)})`;
  if (bySupport(item, rival)) return `por apoyo (${share(item)} contra ${share(rival)}), con el mismo puntaje`;
  if (dayOf(item) !== dayOf(rival)) {
    const days = `${dayShown(item)} contra ${dayShown(rival)}`;
    return `por fecha de reunión (${days}), con el mismo puntaje y apoyo`;
  }
  return "por número de folio, con el mismo puntaje, apoyo y fecha";
}

function share({ vote }) {
  if (!vote) return "sin votación";
  const possible = possibleIn(vote);
  return `${vote.tokens} de ${possible} ${noun(possible, "ficha")}`;
}

const dayShown = ({ vote }) => (vote ? vote.held_on.split("-").reverse().join("-") : "sin reunión");

const SCALES = ["gravedad", "alcance", "tiempo", "vulnerabilidad"];
const noun = (number, one) => (BigInt(number) === 1n ? one : `${one}s`);
const hundredths = (value) => `${Math.floor(value / 100)},${String(value % 100).padStart(2, "0")}`;

/** A third, rounded half up to tenths. */
function score(index) {
  const tenths = (20n * BigInt(index) + 3n) / 6n;
  return `${tenths / 10n},${tenths % 10n}`;
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
  let order = [...items].sort((a, b) => a.rule_place - b.rule_place).map((item) => item.reference);
  for (const each of overrides) {
    const found = order.indexOf(each.reference) + 1;
    const { reference, from: said } = each;
    if (!found) yield { code: "move_unknown", reference };
    else if (said !== found) yield { code: "move_from", reference, said, found };
    if (!saysSomething(each.reason) || !saysSomething(each.office)) yield { code: "move_without_reason", reference };
    order = afterMoves(order, [each]);
  }
}

function* checkAskers({ overrides }) {
  for (const { reference, asked_by: kind, asker } of overrides) {
    if (!isAsker(kind, asker)) yield { code: "move_without_asker", reference };
  }
}

function* checkGatherings({ items, gatherings }) {
  const voted = new Set(items.filter(({ vote }) => vote).map(({ vote }) => vote.gathering));
  const named = gatherings.map(({ number }) => number);
  const sorted = (numbers) => [...new Set(numbers)].sort((a, b) => a - b);
  for (const number of sorted([...voted].filter((each) => !named.includes(each)))) yield { code: "gathering_unnamed", number };
  for (const number of sorted(named.filter((each) => !voted.has(each)))) yield { code: "gathering_unused", number };
  const twice = named.filter((each, index) => named.indexOf(each) !== index);
  for (const number of sorted(twice)) yield { code: "gathering_twice", number };
}

function isAsker(kind, name) {
  if (kind === "nobody") return !name;
  if (kind === "audience") return AUDIENCE.test(name);
  return ["organisation", "office"].includes(kind) && saysSomething(name);
}

// The number of an audience in the register of the Ley del Lobby.
const AUDIENCE = /^[A-Z]{2}[0-9]{3}AW[0-9]{7}$/;
const saysSomething = (text) => /[\p{L}\p{N}]/u.test(text);

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
  ["reasons", checkReasons],
  ["places", checkPlaces],
  ["moves", checkMoves],
  ["previous", checkPrevious],
];

/**
 * All that a rule decides. A row is added for a new one and none is changed or taken away, so that a
 * list of any year is checked by the rule it was made with.
 */
export const RULES = new Map([
  [1, { index: indexOf, caps: CAPS, byCount, order: cityOrder, reasons: reasonsOfRule1 }],
  [2, { index: indexOf, caps: CAPS, byCount, order: cityOrder, reasons: reasonsOfRule2 }],
  [3, { index: indexOf, caps: CAPS, byCount, order: cityOrder, reasons: reasonsOfRule3 }],
]);

const MOVE_TEXTS = ["reference", "reason", "office"];
const ASKED_TEXTS = [...MOVE_TEXTS, "asked_by", "asker"];
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
]);

function ruleWritten(list) {
  need(list, { rule: isWhole });
  return list.rule;
}
