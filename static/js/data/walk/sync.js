/**
 * The one sender: bodies first, then photos, until nothing waits or the network says no.
 *
 * Every trigger only calls `wake`. One tab sends at a time (a Web Lock that waits its turn); a wake
 * during a round sets a flag, so that nothing saved meanwhile is forgotten.
 */

import { sha256 } from "../base/canonical.js";
import { KIND, read, settle } from "./answers.js";
import { MAX_BODY, mark, pending, prune, remembered, sendAgain, waiting, waitingPhotos } from "./outbox.js";
import { note } from "./store.js";

/** @import { Reply, Settled } from "./answers.js" */

/** @import { Counted, PhotoFacts, Row, WalkDB } from "#types/walk" */

const LOCK = "caminata-sync";
const BATCHES = [20, 5, 1];
const BATCH_BYTES = 1_000_000;
const WHOLE = 256 * 1024;
const PART = 128 * 1024;
// Photos on their way at once, while each takes less than `BRISK` milliseconds; on a slow link one after another.
const LANES = 3;
const BRISK = 2_000;
export const TIMES = { first: 1_000, longest: 300_000, deadline: 30_000, longestDeadline: 480_000, steal: 600_000 };

/**
 * @typedef {typeof TIMES} Times milliseconds: first and longest wait, deadline of a request, when to take a stuck lock
 * @typedef {"idle" | "sending" | "waiting" | "sign-in"} Phase
 * @typedef {{phase: Phase} & Counted} SenderState
 */

export class Sender {
  /**
   * @param {WalkDB} db
   * @param {{sync: string, photos: string, reconcile: string}} urls
   * @param {(state: SenderState) => void} onChange called whenever it changes
   * @param {Partial<Times>} times
   */
  constructor(db, urls, onChange, times = {}) {
    this.db = db;
    this.urls = urls;
    this.onChange = onChange;
    this.times = { ...TIMES, ...times };
    /** @type {Phase} */
    this.phase = "idle";
    this.again = false;
    /** @type {Promise<void> | null} */
    this.running = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.failures = 0;
    this.size = 0;
    this.lanes = 1;
    this.asked = 0;
    this.deadline = this.times.deadline;
  }

  /** Send what waits, now; resolves when this tab has nothing more to do for the moment. */
  wake(reason = "") {
    this.again = true;
    if (reason !== "timer") this.failures = Math.min(this.failures, 2);
    clearTimeout(this.timer);
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async run() {
    const work = async () => {
      while (this.again) {
        this.again = false;
        await this.round();
      }
    };
    try {
      await this.alone(work);
    } catch (error) {
      await note(this.db, "sync failed", { error: String(error) }).catch(() => {});
      this.later(0);
    }
    await this.tell();
  }

  /** Run `work` while no other tab does. A tab that was frozen with the lock loses it: all is idempotent. @param {() => Promise<void>} work */
  async alone(work) {
    if (!navigator.locks) return work();
    const patience = AbortSignal.timeout(this.times.steal);
    try {
      return await navigator.locks.request(LOCK, { signal: patience }, work);
    } catch (error) {
      if (!isNamed(error, "TimeoutError", "AbortError")) throw error;
      return navigator.locks.request(LOCK, { steal: true }, work);
    }
  }

  async round() {
    const before = await pending(this.db);
    if (!before.records && !before.photos) return this.enter("idle");
    await this.enter("sending");
    this.asked = 0;
    const outcome = (await this.sendRecords()) ?? (await this.sendPhotos()) ?? KIND.DONE;
    await this.conclude(outcome);
    return outcome;
  }

  /** @param {string} outcome */
  async conclude(outcome) {
    if (outcome === KIND.DONE) {
      this.failures = 0;
      const left = await pending(this.db);
      if (left.records || left.photos) return this.later(0);
      await prune(this.db);
      return this.enter("idle");
    }
    await this.enter(outcome === KIND.SIGN_IN ? "sign-in" : "waiting");
    return this.later(this.asked);
  }

  /** Bodies in batches; undefined when all went, else why it stopped. */
  async sendRecords() {
    let tries = 0;
    for (;;) {
      const batch = this.batchOf(await this.sendable());
      if (!batch.length) return undefined;
      const outcome = await this.sendBatch(batch);
      if (outcome === KIND.TOO_LARGE && this.shrink()) continue;
      if (outcome !== KIND.DONE) return outcome;
      if (++tries > 400) return KIND.LATER;
    }
  }

  /** What waits, less what no server takes: that would hold up the others for ever. */
  async sendable() {
    const rows = await waiting(this.db);
    const long = rows.filter(({ body }) => body.length > MAX_BODY);
    await Promise.all(long.map(({ id }) => mark(this.db, "records", id, { state: "attention", answer: { result: "too_long" } })));
    return rows.filter((row) => !long.includes(row));
  }

  /** @param {Row[]} rows */
  batchOf(rows) {
    /** @type {Row[]} */
    const batch = [];
    let bytes = 0;
    for (const row of rows.slice(0, BATCHES[this.size])) {
      bytes += row.body.length;
      if (batch.length && bytes > BATCH_BYTES) break;
      batch.push(row);
    }
    return batch;
  }

  /** @param {Row[]} batch */
  async sendBatch(batch) {
    const records = batch.map(({ id, sha256, body }) => ({ id, sha256, body }));
    const answer = await this.request(this.urls.sync, "POST", JSON.stringify({ records }), "application/json");
    if (answer.kind === KIND.REFUSED) return this.shrink() ? KIND.DONE : this.blame(batch, answer);
    if (answer.kind !== KIND.DONE) return answer.kind;
    const settled = settle(batch, answer.json);
    await Promise.all(batch.map((row, index) => this.book(row, settled[index])));
    await this.tell();
    return settled.every((one) => one === null) ? KIND.LATER : KIND.DONE;
  }

  /** @param {Row} row @param {Settled | null} settled */
  async book(row, settled) {
    if (settled) return mark(this.db, "records", row.id, { ...settled, settled: Date.now() });
    if ((await sha256(row.body)) !== row.sha256)
      return mark(this.db, "records", row.id, { state: "attention", answer: { result: "damaged" } });
    return mark(this.db, "records", row.id, { attempts: row.attempts + 1 });
  }

  /** A single record the server calls no record at all: a person has to look. @param {Row[]} batch @param {Reply} reply */
  async blame([row], { json }) {
    await mark(this.db, "records", row.id, { state: "attention", answer: { result: "error", sentence: json?.detail } });
    return KIND.DONE;
  }

  /** Photos, small ones first; one that fails does not stop the others, but a lost link or session does. */
  async sendPhotos() {
    const waiting = await waitingPhotos(this.db);
    /** @type {string | undefined} */
    let worst;
    while (waiting.length) {
      const outcomes = await this.sendTogether(waiting.splice(0, this.lanes));
      worst = outcomes.find(({ kind }) => kind !== KIND.DONE)?.kind ?? worst;
      const stop = outcomes.find(({ kind, lost }) => kind === KIND.SIGN_IN || lost);
      if (stop) return stop.kind;
      await this.tell();
      if (this.again) return worst;
    }
    return worst;
  }

  /** As many photos at once as the link bears: a brisk answer opens the lanes, a slow or lost one closes them. @param {PhotoFacts[]} photos */
  async sendTogether(photos) {
    const since = performance.now();
    const outcomes = await Promise.all(photos.map((photo) => this.sendPhoto(photo)));
    const brisk = performance.now() - since < BRISK && outcomes.every(({ kind }) => kind === KIND.DONE);
    this.lanes = brisk ? LANES : 1;
    return outcomes;
  }

  /**
   * The hash is made of what lies here now: a photo that went bad on the tablet arrives too, and a person sees it.
   * @param {PhotoFacts} photo
   * @returns {Promise<Pick<Reply, "kind" | "lost">>}
   */
  async sendPhoto({ id, record, sha256: listed, attempts }) {
    const { bytes } = (await this.db.get("photos", id)) ?? {};
    if (!bytes) return { kind: KIND.DONE };
    const hash = await sha256(bytes);
    const url = `${this.urls.photos}${id}?record=${record}&sha256=${hash}`;
    const answer = bytes.byteLength > WHOLE ? await this.sendParts(url, bytes) : await this.put(url, bytes);
    if (answer.kind === KIND.DONE && answer.json?.complete && answer.json.sha256 === hash) {
      await mark(this.db, "photos", id, { state: "delivered", sha256: hash });
      if (hash !== listed) await mark(this.db, "records", record, { damaged: true });
      return answer;
    }
    await mark(this.db, "photos", id, {
      attempts: attempts + 1,
      answer: answer.json?.detail ?? `HTTP ${answer.status}`,
    });
    return answer.kind === KIND.DONE || answer.kind === KIND.REFUSED ? { ...answer, kind: KIND.LATER } : answer;
  }

  /** @param {string} url @param {ArrayBuffer} bytes @returns {Promise<Reply>} */
  async sendParts(url, bytes) {
    const parts = Math.ceil(bytes.byteLength / PART);
    const there = await this.request(url, "GET");
    if (there.kind !== KIND.DONE || there.json?.complete) return there;
    const missing = [...Array(parts).keys()].filter((part) => !there.json?.parts?.includes(part));
    let answer = there;
    // All parts are there but the photo is not whole: saying one again makes the server look.
    for (const part of missing.length ? missing : [0]) {
      answer = await this.put(`${url}&part=${part}&parts=${parts}`, bytes.slice(part * PART, (part + 1) * PART));
      if (answer.kind !== KIND.DONE) return answer;
    }
    return answer;
  }

  /** @param {string} url @param {ArrayBuffer} bytes */
  put(url, bytes) {
    return this.request(url, "PUT", bytes, "application/octet-stream");
  }

  /**
   * One request with a deadline; a lost one doubles the deadline and quarters the batch.
   * @param {string} url
   * @param {string} method
   * @param {BodyInit} [body]
   * @param {string} [contentType]
   * @returns {Promise<Reply>}
   */
  async request(url, method, body, contentType) {
    /** @type {Record<string, string>} */
    const headers = { "X-Mapa-Sync": "1", Accept: "application/json" };
    if (contentType) headers["Content-Type"] = contentType;
    const signal = AbortSignal.timeout(this.deadline);
    try {
      const response = await fetch(url, {
        method,
        body,
        headers,
        signal,
        redirect: "manual",
        cache: "no-store",
        credentials: "same-origin",
      });
      const answer = await read(response);
      this.asked = Math.max(this.asked, answer.wait);
      if (answer.kind === KIND.DONE) this.relax();
      return answer;
    } catch (error) {
      if (isNamed(error, "TimeoutError")) this.strain();
      return { kind: KIND.LATER, status: 0, json: null, wait: 0, lost: true };
    }
  }

  strain() {
    this.deadline = Math.min(this.deadline * 2, this.times.longestDeadline);
    this.shrink();
  }

  relax() {
    this.deadline = Math.max(this.times.deadline, this.deadline / 2);
  }

  shrink() {
    if (this.size === BATCHES.length - 1) return false;
    this.size += 1;
    return true;
  }

  /** Try again by itself: 1 s, 2 s, 4 s … 5 min, each a little random so that tablets do not march in step. @param {number} asked */
  later(asked) {
    const wait = Math.min(this.times.first * 2 ** this.failures, this.times.longest);
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake("timer"), Math.max(asked, wait * (0.5 + Math.random())));
  }

  /** @param {Phase} phase */
  async enter(phase) {
    if (phase === "idle") this.size = 0;
    this.phase = phase;
    await this.tell();
  }

  async tell() {
    this.onChange({ phase: this.phase, ...(await pending(this.db)) });
  }

  /**
   * Compare the last 30 days with the server and send again what it lacks.
   * @returns {Promise<{received: number, of: number, missing: number}|null>} null when it could not be asked
   */
  async reconcile() {
    const pairs = await remembered(this.db);
    const answer = await this.request(this.urls.reconcile, "POST", JSON.stringify(pairs), "application/json");
    if (answer.kind !== KIND.DONE || !Array.isArray(answer.json?.records)) return null;
    const { records, photos = [], received = 0 } = answer.json;
    if (records.length || photos.length) {
      await sendAgain(this.db, { records, photos });
      this.wake("reconcile");
    }
    return { received, of: pairs.records.length, missing: records.length + photos.length };
  }
}

/** @param {unknown} error @param {string[]} names */
function isNamed(error, ...names) {
  return error instanceof DOMException && names.includes(error.name);
}
