/** The base map on the tablet: what is kept of it, and the buttons that fetch it, stop and take it away. */

import { fetchArchive, isGenuine, KeptSource, keptArchives, openArchives, removeArchive } from "../../data/walk/archive-store.js";
import { formats } from "../base/formats.js";
import { $, button, say } from "./words.js";

const MB = 1_000_000;
const FAILED = new Set(["wrong", "damaged", "no_space", "not_there", "closed"]);

/** @import { Basemap } from "#types/map" */

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
    this.progress = null;
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
    if (!this.whole) return this.published;
    return { ...this.published, source: new KeptSource(this.db, this.whole, () => this.damaged()) };
  }

  /** Name, goodness and values of the line in the check before a walk. All is read once after each opening. */
  async check() {
    if (this.whole && !this.proved) {
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

  values() {
    if (this.state === "kept") return { n: megabytes(this.whole.bytes) };
    if (this.state === "no_space") return { n: megabytes(this.missing) };
    const [received, bytes] = this.progress ?? [this.begun?.received ?? 0, this.begun?.bytes ?? this.published.bytes ?? 0];
    return { n: megabytes(received), of: megabytes(bytes) };
  }

  /** Read the rows; `why`: what went wrong just now. */
  async look(why = "") {
    const rows = await keptArchives(this.db);
    const { sha256 } = this.published;
    this.begun = rows.find((row) => row.sha256 === sha256 && !row.whole);
    this.whole = rows.find((row) => row.sha256 === sha256 && row.whole) ?? rows.find((row) => row.whole);
    this.state = this.stateNow(why);
  }

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
    const { whole } = this;
    if (!whole) return;
    this.whole = null;
    await removeArchive(this.db, whole.sha256).catch(() => {});
    await this.changed("damaged", whole.sha256);
  }

  async fetch() {
    this.stop = new AbortController();
    this.state = "fetching";
    this.use.onChange();
    const onProgress = (...progress) => {
      this.progress = progress;
      this.drawProgress();
    };
    try {
      await fetchArchive(this.db, this.published, { signal: this.stop.signal, onProgress });
      this.proved = true;
      await this.changed();
    } catch ({ why = "cut", missing = 0 }) {
      this.missing = missing;
      await this.changed(why === "stopped" ? "" : why);
    }
  }

  async remove() {
    if (!window.confirm(say("base_remove_ask"))) return;
    for (const { sha256 } of await keptArchives(this.db)) await removeArchive(this.db, sha256);
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
    Object.assign($("base-progress"), { max: bytes, value: received });
    $("base-said").textContent = say("base_fetching", this.values());
  }

  buttons(fetching) {
    if (fetching) return [button(say("base_stop"), () => this.stop.abort())];
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

function megabytes(bytes) {
  return formats.short(bytes / MB);
}
