/** The room as one screen knows it: polls the server, sends wishes until they arrive, tells who listens. */

import { getJson, RequestFailed } from "../base/request.js";
import { uuid7 } from "../base/uuid7.js";

/** @import { BallotItem, RoomState } from "#types/room" */

const POLL_MS = 1500;
const LOST_POLL_MS = 3000;
// A connection that neither answers nor breaks counts as lost; a wish sent twice is done once.
const PATIENCE_MS = 15_000;

/**
 * @typedef {object} RoomSettings
 * @property {string} state_url where the room is told
 * @property {string} action_url where a wish goes; ends in "ACTION/"
 * @property {string} pending_url where everything that waits for the ballot is searched
 * @property {string} csrf_token
 * @property {string} view "tableta" or "proyector"
 * @property {string} [person] whose wishes wait here: nobody sends those of another
 *
 * @typedef {{action: string, body: {key: string, [more: string]: unknown}}} Wish
 * @typedef {"fine" | "sending" | "waiting" | "out"} Link out: the session ended
 */
export class Room {
  /**
   * @param {RoomSettings} settings
   * @param {RoomState} state the room as the page was rendered with
   * @param {Storage} storage keeps wishes that did not arrive over a reload
   */
  constructor(settings, state, storage) {
    this.settings = settings;
    this.state = state;
    this.storage = storage;
    /** @type {Set<(state: RoomState) => void>} */
    this.listeners = new Set();
    /** @type {Set<(link: Link) => void>} */
    this.linkListeners = new Set();
    /** @type {Link | undefined} */
    this.link = undefined;
    /** The code of the second count while it is typed on this tablet: in memory only. */
    this.code = "";
    /** @type {Wish[]} */
    this.waiting = this.readWaiting();
    this.sending = false;
  }

  /** Call `listener(state)` now and after every change. @param {(state: RoomState) => void} listener */
  listen(listener) {
    this.listeners.add(listener);
    listener(this.state);
  }

  /** Call `listener(link)` when the connection changes. @param {(link: Link) => void} listener */
  listenLink(listener) {
    this.linkListeners.add(listener);
  }

  /** Begin polling, and send what a reload left behind; `refused(error)` is told what cannot be done any more. */
  start(/** @type {(error: Error) => void} */ refused = () => {}) {
    this.poll();
    this.send(refused);
  }

  /**
   * Ask for one thing; repeats with the same key until the server has answered.
   * @param {string} action
   * @param {object} body
   * @returns {Promise<RoomState>} the room afterwards
   * @throws {RequestFailed} with the sentence of a refusal
   */
  async act(action, body = {}) {
    const side = this.state.state === "voting" && this.state.side ? { side: this.state.side } : {};
    const wish = { action, body: { ...side, ...body, key: uuid7() } };
    if (action !== "show") this.remember(wish);
    return this.deliver(wish);
  }

  /**
   * Look for problems among all that wait for the ballot, not only those that the room tells.
   * @param {string} words @returns {Promise<BallotItem[]>}
   */
  async search(words) {
    const { candidates } = await getJson(`${this.settings.pending_url}?q=${encodeURIComponent(words)}`);
    return candidates;
  }

  /** Type for the second count with this code, or with none for one's own again. @param {string} code */
  async use(code) {
    this.code = code;
    await this.look(-1);
    await this.send(() => {});
  }

  /** @param {Wish} wish @returns {Promise<RoomState>} */
  async deliver(wish) {
    this.tell("sending");
    for (;;) {
      try {
        const code = this.codeOf(wish);
        const state = await this.post(wish);
        this.forget(wish);
        this.tell("fine");
        // The tablet was handed over meanwhile: nobody sees what the other one typed.
        if (code === this.code) this.take(state);
        return state;
      } catch (error) {
        if (!(error instanceof RequestFailed)) throw error;
        if (error.status !== 0 && error.status < 500) {
          // Signed out, or a page from before signing in again: the wish waits for the next page.
          if (![401, 403].includes(error.status)) this.forget(wish);
          this.tell(error.status === 401 ? "out" : "fine");
          throw error;
        }
        if (wish.action === "show") throw error;
        this.tell("waiting");
        await pause(LOST_POLL_MS);
      }
    }
  }

  /** What belongs to the first count goes without the code of the second. @param {Wish} wish */
  codeOf({ body }) {
    return body.side === 1 ? "" : this.code;
  }

  /** @param {(error: Error) => void} refused */
  async send(refused) {
    for (const wish of [...this.waiting]) await this.deliver(wish).catch(refused);
  }

  /** @param {Wish} wish @returns {Promise<RoomState>} */
  async post(wish) {
    const { action, body } = wish;
    const url = this.settings.action_url.replace("ACTION", action);
    const headers = {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRFToken": this.settings.csrf_token,
      "X-Counter-Code": this.codeOf(wish),
    };
    const response = await reach(url, { method: "POST", headers, body: JSON.stringify(body) });
    if (response.ok) return response.json();
    const told = await response.json().catch(() => ({}));
    throw new RequestFailed(typeof told.detail === "string" ? told.detail : "", response.status, told.code);
  }

  async poll() {
    for (;;) {
      const lost = await this.look();
      await pause(lost ? LOST_POLL_MS : POLL_MS);
    }
  }

  async look(revision = this.state.revision) {
    const { state_url: url, view } = this.settings;
    const { code } = this;
    try {
      const response = await reach(`${url}?vista=${view}&revision=${revision}`, {
        headers: { Accept: "application/json", "X-Counter-Code": code },
      });
      const state = response.status === 200 ? await response.json() : null;
      if (state && code === this.code) this.take(state);
      if (!this.waiting.length) this.tell(response.status < 500 ? "fine" : "waiting");
      return response.status >= 500;
    } catch {
      this.tell("waiting");
      return true;
    }
  }

  /** @param {RoomState} state */
  take(state) {
    if (state.revision < this.state.revision) return;
    this.state = state;
    for (const listener of this.listeners) listener(state);
  }

  /** @param {Link} link */
  tell(link) {
    if (link === this.link) return;
    this.link = link;
    for (const listener of this.linkListeners) listener(link);
  }

  get storageKey() {
    return `room:${this.settings.person ?? ""}:${this.settings.action_url}`;
  }

  readWaiting() {
    try {
      return JSON.parse(this.storage.getItem(this.storageKey) ?? "[]");
    } catch {
      return [];
    }
  }

  /** @param {Wish} wish */
  remember(wish) {
    this.waiting.push(wish);
    this.storage.setItem(this.storageKey, JSON.stringify(this.waiting));
  }

  /** @param {Wish} wish */
  forget(wish) {
    this.waiting = this.waiting.filter(({ body }) => body.key !== wish.body.key);
    this.storage.setItem(this.storageKey, JSON.stringify(this.waiting));
  }
}

/** @param {string} url @param {RequestInit} options */
async function reach(url, options) {
  try {
    const signal = AbortSignal.timeout?.(PATIENCE_MS);
    return await fetch(url, { credentials: "same-origin", cache: "no-store", signal, ...options });
  } catch {
    throw new RequestFailed("", 0);
  }
}

/** @param {number} milliseconds @returns {Promise<void>} */
function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
