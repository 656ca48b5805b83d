/** Where the cross stands: by hand, by the GPS, or by nobody yet. */

import { extentOf, territoryAt } from "../../data/geo/distance.js";
import { $, say } from "./words.js";

/** @import { Position } from "#types/walk" */
/** @import { Tablet } from "../../data/walk/tablet.js" */

const GPS_TIMEOUT = 30_000;
const STREET_ZOOM = 17;
const BAD_METRES = 100;

/**
 * @typedef {object} CrossMap what the place asks of the map
 * @property {() => Position} centre
 * @property {(extent: [number, number, number, number]) => void} fit
 * @property {(position: Position, zoom?: number) => void} goTo
 * @property {(me: Position & {accuracy: number}) => void} showMe
 *
 * @typedef {object} PlaceUse
 * @property {() => boolean} hasDraftPlace the open form has a place of its own
 * @property {() => void} dropDraftPlace
 * @property {(position: Position) => void} onRest the cross stands there
 * @property {(me: Position & {accuracy: number}) => void} onMe the tablet is there
 */

export class Place {
  /** @param {Tablet} tablet @param {PlaceUse} use */
  constructor(tablet, use) {
    this.tablet = tablet;
    this.use = use;
    /** @type {CrossMap | null} */
    this.map = null;
    this.byHand = false;
    /** @type {number | null} accuracy in metres of the GPS that put the cross where it is */
    this.fix = null;
    /** @type {(Position & {accuracy: number}) | null} where the tablet is */
    this.me = null;
  }

  /** A finger moved the map. */
  takeByHand() {
    this.byHand = true;
    this.fix = null;
    $("accuracy").textContent = say("by_hand");
  }

  /** The place of a draft, with what the GPS knew of it then. @param {Position} position @param {number | null} fix */
  restore(position, fix) {
    this.fix = fix;
    this.byHand = fix === null;
    $("accuracy").textContent = fix === null ? say("by_hand") : say("accuracy", { n: fix });
    this.map?.goTo(position);
  }

  /** A place somebody searched for. @param {Position} position */
  jumpTo(position) {
    this.byHand = true;
    this.fix = null;
    this.map?.goTo(position, STREET_ZOOM);
  }

  /** Whether somebody, or the GPS, put the cross where it stands. */
  get isChosen() {
    return this.byHand || this.fix !== null;
  }

  /** @param {number} [timeout] milliseconds until the GPS counts as slow */
  watch(timeout = GPS_TIMEOUT) {
    if (!this.use.hasDraftPlace()) $("accuracy").textContent = say("searching");
    const options = { enableHighAccuracy: true, maximumAge: 5_000, timeout };
    navigator.geolocation?.watchPosition(
      ({ coords }) => this.gotPosition(coords),
      ({ code }) => this.lostPosition(code),
      options,
    );
  }

  /** The own neighbourhood, zoomed; the cross follows the tablet once it is inside. A hand or a draft decides first. */
  showOwn() {
    const [own] = this.tablet.ownTerritories;
    if (this.byHand || this.use.hasDraftPlace()) return this.rest();
    if (this.isHere()) return this.showMyPlace();
    if (this.me && this.tablet.territories.length) this.sayAway();
    return own ? this.map?.fit(extentOf(own.boundary)) : this.rest();
  }

  /** After a problem is saved the cross goes with the tablet again. */
  followAgain() {
    if (this.isHere()) this.showMyPlace();
  }

  followMe() {
    this.use.dropDraftPlace();
    return this.me ? this.showMyPlace() : this.lostPosition(2);
  }

  rest() {
    if (this.map) this.use.onRest(this.map.centre());
  }

  /** @param {GeolocationCoordinates} coords */
  gotPosition({ latitude: lat, longitude: lng, accuracy }) {
    this.me = { lat, lng, accuracy };
    this.map?.showMe(this.me);
    this.use.onMe(this.me);
    if (this.byHand || this.use.hasDraftPlace()) return undefined;
    return !this.tablet.territories.length || this.isHere() ? this.showMyPlace() : this.sayAway();
  }

  /** @param {number} code of GeolocationPositionError */
  lostPosition(code) {
    if (this.me || this.isChosen) return;
    $("accuracy").textContent = say(code === 1 ? "denied" : code === 3 ? "gps_slow" : "no_position");
  }

  /** Whether the tablet is in one of the own neighbourhoods; those of the office are all. */
  isHere() {
    const own = this.tablet.ownTerritories;
    return Boolean(this.me && territoryAt(this.me, own.length ? own : this.tablet.territories));
  }

  /** The tablet is not where its facilitator works: its position says nothing about the cross. */
  sayAway() {
    this.fix = null;
    $("accuracy").textContent = say("away");
  }

  /** The cross on the tablet's own position, with what the GPS knows of it. */
  showMyPlace() {
    if (!this.me) return;
    const n = Math.round(this.me.accuracy);
    this.byHand = false;
    this.fix = n;
    $("accuracy").textContent = say(n > BAD_METRES ? "bad_accuracy" : "accuracy", { n });
    this.map?.goTo(this.me);
  }
}
