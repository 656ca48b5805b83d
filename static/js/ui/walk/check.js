/** The check before a walk and the proof after it. */

import { DELIVERED, pending } from "../../data/walk/outbox.js";
import { ofWalk } from "../../data/walk/track.js";
import { needed } from "../base/parts.js";
import { $, clock, make, say } from "./words.js";

const MB = 1_048_576;

/** @import { Tablet } from "../../data/walk/tablet.js" */
/** @import { Sender, SenderState } from "../../data/walk/sync.js" */
/** @import { Place } from "./place.js" */
/** @import { KeptBase } from "./base.js" */
/** @import { Values } from "./words.js" */

/** @typedef {boolean | "warn"} Good */

/**
 * @typedef {object} CheckUse
 * @property {Tablet} tablet
 * @property {Place} place
 * @property {SenderState} state
 * @property {KeptBase | null} base the base map that may be kept
 * @property {string} basemapKind of the configured one
 */

/** Look at everything a walk without network depends on. @param {CheckUse} use */
export async function showChecks({ tablet, place, state, base, basemapKind }) {
  const lines = await Promise.all([
    line("check_person", Boolean(tablet.person)),
    line("check_device", Boolean(tablet.enrolled)),
    line("check_app", Boolean(navigator.serviceWorker?.controller)),
    persistLine(),
    spaceLine(),
    line("check_map", Boolean(tablet.reference && tablet.orientation)),
    ...(await baseLines(base, basemapKind)),
    line("check_clock", Math.abs(tablet.clockOffset) < 120_000, { n: Math.round(tablet.clockOffset / 1000) }),
    line("check_gps", Boolean(place.me)),
    cameraLine(),
    line("check_outbox", state.records + state.photos === 0),
  ]);
  $("checks").replaceChildren(...lines);
  $("who").textContent = tablet.person ? say("signed_as", { name: tablet.person.name }) : say("need_person");
  showWalk(tablet);
}

/** «42 de 42 recibidos», from the server's own mouth; that nothing lacks is said only of a walk that ended. @param {Tablet} tablet @param {Sender} sender */
export async function showProof({ db, walk }, sender) {
  const compared = await sender.reconcile();
  const id = walk?.id ?? /** @type {string | undefined} */ (await db.get("meta", "lastWalk"));
  if (!id) return;
  const records = await ofWalk(db, id);
  if (!compared) {
    $("proof").textContent = say("walk_proof_offline");
    return;
  }
  const n = records.filter(({ state }) => DELIVERED.has(state)).length;
  const whole = !walk && n === records.length && compared.missing === 0 && (await pending(db)).photos === 0;
  $("proof").textContent = say(whole ? "walk_proof_all" : "walk_proof", { n, of: records.length });
}

/** The button of the walk, and since when it is on. @param {Tablet} tablet */
export function showWalk({ walk, person }) {
  const toggle = needed(document, "#walk-toggle", HTMLButtonElement);
  toggle.textContent = say(walk ? "walk_end" : "walk_start");
  toggle.disabled = !person;
  toggle.dataset.on = String(Boolean(walk));
  if (walk) $("proof").textContent = say("walk_since", { time: clock(walk.started) });
}

/** Of the base map, where there is one. @param {KeptBase | null} base @param {string} kind */
async function baseLines(base, kind) {
  if (!base) return kind ? [line(kind === "tiles" ? "base_online" : "base_closed", "warn")] : [];
  const { name, good, values } = await base.check();
  return [line(name, good, values)];
}

async function persistLine() {
  const kept = await navigator.storage?.persisted?.().catch(() => false);
  return line(kept ? "check_persist" : "check_persist_no", kept ? true : "warn");
}

async function spaceLine() {
  /** @type {StorageEstimate} */
  const nothing = {};
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => nothing)) ?? nothing;
  const n = Math.round((quota - usage) / MB);
  return line("check_space", n > 200, { n });
}

async function cameraLine() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  const seen = devices.some(({ kind }) => kind === "videoinput");
  return line(seen ? "check_camera" : "check_camera_no", seen ? true : "warn");
}

/** @param {string} name @param {Good} good @param {Values} [values] */
function line(name, good, values) {
  const mark = good === "warn" ? "!" : good ? "✓" : "✗";
  return make("li", {
    "data-good": String(good),
    children: [make("span", { text: mark, "aria-hidden": "true" }), make("span", { text: say(name, values) })],
  });
}
