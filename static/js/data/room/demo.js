/** A room that exists in this browser only: same face as room.js, no request to any server. */

import { fill } from "../base/patterns.js";
import { checkCount, ImpossibleCount, ranked, rulesFor } from "./rules.js";

/** @import { Rules } from "./rules.js" */

/** @import { BallotItem, RoomState } from "#types/room" */

const CHANNEL = "room-demo";
const PER_ORGANISATION = 2;

/** What the invented room refuses; `message` is the sentence. */
class Refused extends Error {}

/**
 * @typedef {Record<string, string> & {minute_kinds: Record<string, string>, categories: Record<string, string>, judged: Record<string, object>}} Words sentences of refusals with {names}
 * @typedef {(state: RoomState) => void} Listener
 * @typedef {(state: RoomState, body: Wished, room: DemoRoom) => void} Action changes the room, or throws
 *
 * @typedef {object} Wished what the forms and buttons send, each its part of it
 * @property {string} panel
 * @property {number | null} organisation
 * @property {string} name
 * @property {number} people
 * @property {number} tokens
 * @property {string} issue
 * @property {string} reason
 * @property {string} witness
 * @property {string[]} names
 * @property {string} kind
 * @property {string} text
 * @property {string} office
 * @property {string | null} due
 * @property {number} minute
 * @property {boolean} is_done
 * @property {boolean} is_same
 * @property {string} duplicate
 * @property {string} into
 * @property {string} title
 * @property {string} category
 * @property {number | null} lat
 * @property {number | null} lng
 */

export class DemoRoom {
  /**
   * @param {{words: Words}} settings
   * @param {RoomState} state the room before anybody came
   */
  constructor(settings, state) {
    this.words = settings.words;
    this.state = structuredClone(state);
    /** @type {Set<Listener>} */
    this.listeners = new Set();
    this.channel = new BroadcastChannel(CHANNEL);
    this.notes = 0;
    this.told = 0;
    this.code = "";
    /** What each side typed, by problem. @type {Record<number, Map<string, {tokens: number, people: number}>>} */
    this.typed = { 1: new Map(), 2: new Map() };
  }

  /** Hand the tablet to the second count, or back. @param {string} code */
  async use(code) {
    this.code = code;
    this.state = sideShown(this.state, code ? 2 : 1, this.typed);
    for (const listener of this.listeners) listener(this.state);
  }

  /** The invented room tells everything that waits. @param {string} words @returns {Promise<BallotItem[]>} */
  async search(words) {
    const fits = (/** @type {BallotItem} */ { title }) => title.toLowerCase().includes(words.toLowerCase());
    return this.state.candidates.filter(fits);
  }

  /** @param {Listener} listener */
  listen(listener) {
    this.listeners.add(listener);
    listener(this.state);
  }

  listenLink() {}

  /** Tell the wall how the room stands whenever it asks. */
  start() {
    this.channel.addEventListener("message", ({ data }) => {
      if (data === "where are we?") this.channel.postMessage(forTheWall(this.state));
    });
    this.channel.postMessage(forTheWall(this.state));
  }

  /** @param {string} action @param {object} body @returns {Promise<RoomState>} */
  async act(action, body = {}) {
    const next = structuredClone(this.state);
    try {
      if (!ACTIONS[action]) throw new Refused(this.words.not_here);
      ACTIONS[action](next, /** @type {Wished} */ (body), this);
    } catch (error) {
      throw this.inWords(error);
    }
    next.revision += 1;
    this.state = next;
    this.channel.postMessage(forTheWall(next));
    for (const listener of this.listeners) listener(next);
    return next;
  }

  /** @param {unknown} error */
  inWords(error) {
    if (!(error instanceof ImpossibleCount)) return error;
    return new Refused(fill(this.words[error.kind], error.facts));
  }
}

/** The wall of the invented room: hears the tablet in the other window. */
export class DemoWall {
  /** @param {unknown} _settings @param {RoomState} state */
  constructor(_settings, state) {
    this.state = state;
    this.listeners = new Set();
    this.channel = new BroadcastChannel(CHANNEL);
  }

  /** @param {Listener} listener */
  listen(listener) {
    this.listeners.add(listener);
    listener(this.state);
  }

  listenLink() {}

  start() {
    this.channel.addEventListener("message", ({ data }) => {
      if (typeof data !== "object") return;
      this.state = data;
      for (const listener of this.listeners) listener(data);
    });
    this.channel.postMessage("where are we?");
  }
}

/** Counts stay on the tablet until the close. @param {RoomState} state */
function forTheWall(state) {
  if (state.state === "closed") return state;
  const ballot = state.ballot.map((item) => ({ ...item, tokens: undefined, people: undefined }));
  return { ...state, ballot };
}

/** @type {Record<string, Action>} */
const ACTIONS = {
  show(state, { panel }) {
    state.shown = panel;
  },
  open(state) {
    Object.assign(state, { state: "open", shown: state.commitments.length ? "commitments" : "attendance" });
  },
  judge(state, { issue, is_done: isDone, text }, { words }) {
    if (!isDone && !text.trim()) throw new Refused(words.missing_words);
    const told = { ...words.judged[String(isDone)], reported: false };
    state.commitments = state.commitments.map((each) => (each.id === issue ? { ...each, ...told } : each));
  },
  map(state, body, room) {
    const { title, lat, lng } = body;
    checkMapped(body, room.words);
    room.told += 1;
    const issue = `nuevo-${room.told}`;
    const reference = `M-0001-${String(room.told).padStart(6, "0")}`;
    const category = room.words.categories[body.category];
    const nothing = { index: null, address: "", tokens: null, people: null, place: null };
    state.candidates.unshift({ ...nothing, issue, reference, title: title.trim(), category, like: [], lat, lng });
    state.mapped = [...(state.mapped ?? []), { id: issue, title, reference, is_urgent: false }];
  },
  same(state, { duplicate, into, is_same: isSame }) {
    const all = [...state.ballot, ...state.candidates];
    const [gone, kept] = [itemOf(all, duplicate), itemOf(all, into)];
    const names = { id: state.merges.length + 1, duplicate: gone.title, into: kept.title };
    if (isSame) state.merges.push(names);
    const left = state.candidates.filter((each) => !isSame || each.issue !== duplicate);
    state.candidates = left.map((each) => ({ ...each, like: each.like.filter(({ issue }) => ![duplicate, into].includes(issue)) }));
  },
  attendance(state, { organisation, people }, { words }) {
    if (!Number.isInteger(people) || people < 0) throw new Refused(words.not_whole);
    const known = state.organisations.find(({ id }) => id === organisation);
    const provisional = Boolean(known?.provisional);
    const most = provisional ? 0 : PER_ORGANISATION;
    const voters = organisation === null ? people : Math.min(people, most);
    const others = state.attendance.lines.filter((line) => line.organisation !== organisation);
    const lines = people ? [...others, { organisation, name: known?.name ?? "", people, voters, provisional }] : others;
    state.attendance = { lines, people: sum(lines, "people"), voters: sum(lines, "voters") };
  },
  organisation(state, body, room) {
    const { name } = body;
    const id = state.organisations.length + 1;
    state.organisations.push({ id, name, kind: "", provisional: true });
    ACTIONS.attendance(state, { ...body, organisation: id }, room);
  },
  mode() {},
  "ballot-add"(state, { issue }) {
    const chosen = itemOf(state.candidates, issue);
    state.candidates = state.candidates.filter((each) => each !== chosen);
    state.ballot.push({ ...chosen, tokens: null, people: null, place: null });
  },
  "ballot-remove"(state, { issue }) {
    state.candidates.push(itemOf(state.ballot, issue));
    state.ballot = state.ballot.filter((each) => each.issue !== issue);
  },
  start(state, _body, { words }) {
    const { each, cap } = rulesFor(state.ballot.length);
    if (!state.attendance.voters) throw new Refused(words.voters);
    const { people, voters } = state.attendance;
    const rules = { tokens_each: each, tokens_per_issue: cap };
    Object.assign(state, { state: "voting", shown: "vote", people, voters, side: 1, second: "", ...rules });
  },
  annul(state, { reason }, room) {
    const asked = state.annul;
    if (!asked || asked.side === state.side) {
      state.annul = { side: state.side ?? null, reason };
      return;
    }
    room.typed = { 1: new Map(), 2: new Map() };
    state.ballot = state.ballot.map((item) => ({ ...item, tokens: null, people: null }));
    Object.assign(state, { state: "open", shown: "ballot", witnesses: [], annul: null, compared: null, side: null });
  },
  "annul-not"(state) {
    state.annul = null;
  },
  count(state, { witness }, { code, words, typed }) {
    if (!code || !witness?.trim()) throw new Refused(words.second);
    Object.assign(state, sideShown(state, 2, typed), { second: words.second_name });
  },
  compare(state, _body, { typed, words }) {
    const isWhole = [1, 2].every((side) => state.ballot.every(({ issue }) => isTyped(typed[side].get(issue))));
    if (!isWhole) throw new Refused(words.twice);
    state.compared = { differences: differencesOf(state, typed, words) };
  },
  total(state, { issue, tokens, people }, { typed, words }) {
    Object.assign(itemOf(state.ballot, issue), { tokens, people });
    checkCount(state.ballot.filter(isCounted), state.voters, rulesOf(state));
    typed[Number(state.side)].set(issue, { tokens, people });
    if (state.compared) state.compared = { differences: differencesOf(state, typed, words) };
  },
  witnesses(state, { names }, { words }) {
    const named = names.map((name) => name.trim()).filter(Boolean);
    if (new Set(named.map((name) => name.toLowerCase())).size < named.length) throw new Refused(words.same_witness);
    state.witnesses = named;
  },
  close(state, _body, { words }) {
    const missing = state.ballot.find((item) => !isCounted(item));
    if (missing) throw new Refused(fill(words.missing, { problem: missing.title }));
    if (state.witnesses.length < 2) throw new Refused(words.witnesses);
    if (!sum(state.ballot, "tokens")) throw new Refused(words.empty);
    const { compared } = state;
    if (!compared || compared.differences.length) throw new Refused(words.twice);
    const counted = state.ballot.filter(isCounted);
    checkCount(counted, state.voters, rulesOf(state));
    const possible = state.voters * state.tokens_each;
    state.ballot = ranked(counted).map((item, index) => ({
      ...item,
      place: index + 1,
      support: Math.round((1000 * item.tokens) / possible) / 10,
    }));
    Object.assign(state, { state: "closed", shown: "result" });
  },
  note(state, { kind, text, reason, office, due }, room) {
    if (!text.trim()) throw new Refused(room.words.text);
    if (kind === "agreement" && !(office && due)) throw new Refused(room.words.agreement);
    if (kind === "declined" && !reason) throw new Refused(room.words.declined);
    room.notes += 1;
    state.minutes.push({ id: room.notes, kind, kind_label: room.words.minute_kinds[kind], text, reason, office, due });
  },
  strike(state, { minute }) {
    state.minutes = state.minutes.filter(({ id }) => id !== minute);
  },
};

/** @param {Wished} body @param {Words} words */
function checkMapped({ title, category, lat }, words) {
  if (lat === null) throw new Refused(words.map_place);
  if (!title.trim()) throw new Refused(words.map_title);
  if (!category) throw new Refused(words.map_category);
}

/**
 * @typedef {{tokens: number | null, people: number | null}} Figures
 * @typedef {Record<number, Map<string, Figures>>} Typed
 */

/** The room with the figures of one side only. @param {RoomState} state @param {number} side @param {Typed} typed */
function sideShown(state, side, typed) {
  const nothing = { tokens: null, people: null };
  return { ...state, side, ballot: state.ballot.map((item) => ({ ...item, ...nothing, ...typed[side].get(item.issue) })) };
}

/** @param {RoomState} state @param {Typed} typed @param {Words} words */
function differencesOf(state, typed, words) {
  /** @param {number} side @param {string} issue */
  const said = (side, issue) => {
    const figures = typed[side].get(issue);
    return isTyped(figures) ? fill(words.figures, figures) : words.not_typed;
  };
  return state.ballot
    .map(({ issue, title }) => ({ what: title, first: said(1, issue), second: said(2, issue) }))
    .filter(({ first, second }) => first !== second);
}

/** @param {Figures | undefined} figures @returns {figures is {tokens: number, people: number}} */
function isTyped(figures) {
  return Number.isInteger(figures?.tokens) && Number.isInteger(figures?.people);
}

/** @param {BallotItem[]} items @param {string} issue @returns {BallotItem} */
function itemOf(items, issue) {
  const found = items.find((item) => item.issue === issue);
  if (!found) throw new Refused(issue);
  return found;
}

/** @param {BallotItem} item @returns {item is BallotItem & {tokens: number, people: number}} */
function isCounted(item) {
  return item.tokens !== null;
}

/** @param {RoomState} state @returns {Rules} */
function rulesOf({ tokens_each: each, tokens_per_issue: cap }) {
  return { each, cap };
}

/** @template {string} Field @param {Record<Field, number | null>[]} items @param {Field} field */
function sum(items, field) {
  return items.reduce((total, item) => total + (item[field] ?? 0), 0);
}
