/** The base map on the tablet: what is kept of it, and the buttons that fetch it, stop and take it away. */

import {
  ArchiveFailed,
  fetchArchive,
  isGenuine,
  KeptSource,
  keptArchives,
  openArchives,
  removeArchive,
} from "../../data/walk/archive-store.js";
import { formats } from "../base/formats.js";
import { needed } from "../base/parts.js";
import { $, button, say } from "./words.js";

const MB = 1_000_000;
const FAILED = new Set(["wrong", "damaged", "no_space", "not_there", "closed"]);

/** @import { Basemap } from "#types/map" */
/** @import { ArchiveDB, ArchiveRow } from "#types/walk" */
/** @import { Good } from "./check.js" */
/** @import { Values } from "./words.js" */

/**
 * @typedef {object} BaseUse
 * @property {(basemap: Basemap) => void} onShow the map shows another one from now on
 * @property {() => void} onChange the line of the check says something else
 */

/**
 * The archive of one installation on one tablet. `state`: "kept", "older" (another one is published meanwhile),
 * "older_failed", "none", "partial", "fetching", "online" (no hash is published: it cannot be kept), why there is
 * none (see ArchiveFailed), "damaged", or "closed" (the browser keeps nothing).
 */
export class KeptBase {
  /** @param {Basemap} published @param {BaseUse} use */
  constructor(published, use) {
    this.published = published;
    this.use = use;
    this.state = "closed";
    /** @type {ArchiveDB | null} */
    this.db = null;
    /** @type {ArchiveRow | null} an archive that is here to the last byte */
    this.whole = null;
    /** @type {ArchiveRow | null} the beginning of the published one */
    this.begun = null;
    /** Whether every byte of the whole one was looked at since the page opened. */
    this.proved = false;
    /** Bytes for which there is no room. */
    this.missing = 0;
    /** @type {[received: number, bytes: number] | null} */
    this.progress = null;
    /** @type {AbortController | null} */
    this.stop = null;
  }

  /** Look at what the tablet keeps. @param {Basemap} published @param {BaseUse} use */
  static async open(published, use) {
    const base = new KeptBase(published, use);
    try {
      base.db = await openArchives();
      await base.look();
    } catch (error) {
      console.warn("base map", error);
    }
    return base;
  }

  /** What the map shows: the kept archive, else the one in the network. */
  shown() {
    const { db, whole } = this;
    if (!db || !whole) return this.published;
    return { ...this.published, source: new KeptSource(db, whole, () => this.damaged()) };
  }

  /** Name, goodness and values of the line in the check before a walk. All is read once after each opening. @returns {Promise<{name: string, good: Good, values: Values}>} */
  async check() {
    if (this.db && this.whole && !this.proved) {
      this.proved = await isGenuine(this.db, this.whole);
      if (!this.proved) await this.damaged();
    }
    this.draw();
    const good = this.state === "kept" ? true : FAILED.has(this.state) ? false : "warn";
    return { name: this.name(), good, values: this.values() };
  }

  name() {
    if (this.state === "fetching") return "base_busy";
    return this.state === "no_space" && this.missing ? "base_no_space_n" : `base_${this.state}`;
  }

  /** @returns {Values} */
  values() {
    if (this.state === "kept") return { n: megabytes(this.whole?.bytes ?? 0) };
    if (this.state === "no_space") return { n: megabytes(this.missing) };
    const [received, bytes] = this.progress ?? [this.begun?.received ?? 0, this.begun?.bytes ?? this.published.bytes ?? 0];
    return { n: megabytes(received), of: megabytes(bytes) };
  }

  /** Read the rows; `why`: what went wrong just now. */
  async look(why = "") {
    if (!this.db) throw new ArchiveFailed("closed");
    const rows = await keptArchives(this.db);
    const { sha256 } = this.published;
    this.begun = rows.find((row) => row.sha256 === sha256 && !row.whole) ?? null;
    this.whole = rows.find((row) => row.sha256 === sha256 && row.whole) ?? rows.find((row) => row.whole) ?? null;
    this.state = this.stateNow(why);
  }

  /** @param {string} why */
  stateNow(why) {
    const { sha256, url } = this.published;
    if (this.whole && (!url || !sha256 || this.whole.sha256 === sha256)) return "kept";
    if (this.whole) return why ? "older_failed" : "older";
    if (!url) return "not_there";
    if (!sha256) return "online";
    return why || (this.begun ? "partial" : "none");
  }

  /** A piece is not what came: nothing of it is shown any more. */
  async damaged() {
    const { db, whole } = this;
    if (!db || !whole) return;
    this.whole = null;
    await removeArchive(db, whole.sha256).catch(() => {});
    await this.changed("damaged", whole.sha256);
  }

  async fetch() {
    const { db } = this;
    const { url, sha256, bytes: whole = null } = this.published;
    if (!db || !sha256) return;
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.state = "fetching";
    this.use.onChange();
    /** @param {number} received @param {number} bytes */
    const onProgress = (received, bytes) => {
      this.progress = [received, bytes];
      this.drawProgress();
    };
    try {
      await fetchArchive(db, { url, sha256, bytes: whole }, { signal, onProgress });
      this.proved = true;
      await this.changed();
    } catch (error) {
      const { why, missing } = error instanceof ArchiveFailed ? error : new ArchiveFailed("cut");
      this.missing = missing;
      await this.changed(why === "stopped" ? "" : why);
    }
  }

  async remove() {
    const { db } = this;
    if (!db || !window.confirm(say("base_remove_ask"))) return;
    for (const { sha256 } of await keptArchives(db)) await removeArchive(db, sha256);
    await this.changed();
  }

  /** The rows changed: show the map that there is now. */
  async changed(why = "", before = this.whole?.sha256) {
    this.progress = null;
    await this.look(why).catch(() => {
      this.state = "closed";
    });
    if (this.whole?.sha256 !== before) this.use.onShow(this.shown());
    this.use.onChange();
  }

  draw() {
    const fetching = this.state === "fetching";
    $("base").hidden = false;
    $("base-said").textContent = "";
    $("base-progress").hidden = !fetching;
    $("base-actions").replaceChildren(...this.buttons(fetching));
    if (fetching) this.drawProgress();
  }

  drawProgress() {
    const [received, bytes] = this.progress ?? [0, this.published.bytes || 1];
    Object.assign(needed(document, "#base-progress", HTMLProgressElement), { max: bytes, value: received });
    $("base-said").textContent = say("base_fetching", this.values());
  }

  /** @param {boolean} fetching */
  buttons(fetching) {
    if (fetching) return [button(say("base_stop"), () => this.stop?.abort())];
    const { url, sha256 } = this.published;
    const wanted = this.db && url && sha256 && this.whole?.sha256 !== sha256;
    const some = this.whole || this.begun;
    return [
      ...(wanted ? [button(this.label(), () => this.fetch(), "button button--primary")] : []),
      ...(some ? [button(say("base_remove"), () => this.remove())] : []),
    ];
  }

  label() {
    if (this.begun) return say("base_go_on");
    const { bytes } = this.published;
    return bytes ? say("base_fetch", { n: megabytes(bytes) }) : say("base_fetch_it");
  }
}

/** @param {number} bytes */
function megabytes(bytes) {
  return formats.short(bytes / MB);
}
