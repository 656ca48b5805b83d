/** What this tablet is: its database, its person, its walk, and what it knows without network. */

import { boundariesOnly } from "./layers.js";
import { deviceId, enrol, keptReference, refreshReference } from "./server.js";
import { endWalk, openWalk, startWalk } from "./track.js";

/** @import { Making, Orientation, Person, Reference, Territory, Walk, WalkDB } from "#types/walk" */
/** @import { Urls } from "./server.js" */

const REFRESH_AFTER = 600_000;

export class Tablet {
  /** @param {WalkDB} db @param {number} version of the app */
  constructor(db, version) {
    this.db = db;
    this.version = version;
    this.deviceId = "";
    /** @type {Person | null} */
    this.person = null;
    /** @type {string | null} the id under which the server knows the tablet */
    this.enrolled = null;
    /** Milliseconds by which the server's clock is ahead. */
    this.clockOffset = 0;
    /** @type {Walk | null} */
    this.walk = null;
    /** @type {Reference | undefined} */
    this.reference = undefined;
    /** @type {Orientation | undefined} */
    this.orientation = undefined;
  }

  /** The tablet as its database knows it. @param {WalkDB} db @param {number} version */
  static async open(db, version) {
    const tablet = new Tablet(db, version);
    tablet.deviceId = await deviceId(db);
    tablet.person = /** @type {Person | undefined} */ (await db.get("meta", "person")) ?? null;
    tablet.enrolled = /** @type {string | undefined} */ (await db.get("meta", "enrolled")) ?? null;
    tablet.clockOffset = /** @type {number | undefined} */ (await db.get("meta", "clockOffset")) ?? 0;
    tablet.walk = await openWalk(db);
    await tablet.readReference();
    return tablet;
  }

  /** Take another database in place of one the browser closed, and write once more what is still known. @param {WalkDB} db */
  async moveTo(db) {
    this.db = db;
    const meta = { device: this.deviceId, person: this.person, enrolled: this.enrolled, walk: this.walk };
    const reference = { reference: this.reference, orientation: this.orientation };
    for (const [key, value] of Object.entries(meta)) if (value) await db.put("meta", value, key);
    for (const [key, value] of Object.entries(reference)) if (value) await db.put("reference", value, key);
  }

  /** What every record says about its making. @returns {Making} */
  making() {
    return {
      author: this.person?.id ?? 0,
      device: this.deviceId,
      walk: this.walk?.id ?? null,
      at: new Date(Date.now() + this.clockOffset).toISOString(),
      clock_offset_ms: this.clockOffset,
      app: this.version,
    };
  }

  /** @param {string} now of the server */
  async setClock(now) {
    this.clockOffset = Date.parse(now) - Date.now();
    await this.db.put("meta", this.clockOffset, "clockOffset");
  }

  /** @param {Person} person @param {Urls} urls */
  async signIn(person, urls) {
    this.person = person;
    await this.db.put("meta", person, "person");
    this.enrolled = await enrol(this.db, urls);
    this.deviceId = await deviceId(this.db);
    if (this.enrolled) await this.db.put("meta", this.enrolled, "enrolled");
  }

  /** Whether what is known is old, or was fetched for somebody else. */
  get isStale() {
    return Date.now() - (this.reference?.fetched ?? 0) > REFRESH_AFTER || this.reference?.for !== this.person?.id;
  }

  /** Fetch what is needed without network; whether something new is kept. @param {Urls} urls */
  async refresh(urls) {
    if (!(await refreshReference(this.db, urls))) return false;
    await this.readReference();
    this.reference = /** @type {Reference} */ ({ ...this.reference, for: this.person?.id });
    await this.db.put("reference", this.reference, "reference");
    return true;
  }

  async readReference() {
    const { reference, orientation } = await keptReference(this.db);
    this.reference = reference;
    this.orientation = orientation;
  }

  /** The drawn map, or the boundaries alone while there is none. */
  drawn() {
    return this.orientation ?? boundariesOnly(this.reference);
  }

  /** @returns {Territory[]} */
  get territories() {
    return this.reference?.boundaries.territories ?? [];
  }

  /** Where its person works; those of the office work everywhere and have none of their own. */
  get ownTerritories() {
    return this.territories.filter(({ code }) => this.person?.territories?.includes(code));
  }

  get categories() {
    return this.reference?.categories ?? [];
  }

  /** Start the walk, or end it; nobody walks without a name. */
  async toggleWalk() {
    const walk = await openWalk(this.db);
    if (!this.person) return;
    if (walk) {
      await endWalk(this.db, walk, this.making());
      await this.db.put("meta", walk.id, "lastWalk");
    } else {
      const territory = this.person.territories?.[0] ?? null;
      await startWalk(this.db, { ...this.making(), territory });
    }
    this.walk = await openWalk(this.db);
  }
}
