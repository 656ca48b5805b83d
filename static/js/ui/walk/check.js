/** The check before a walk and the proof after it. */

import { DELIVERED } from "../../data/walk/outbox.js";
import { endWalk, ofWalk, openWalk, startWalk } from "../../data/walk/track.js";
import { $, clock, make, say } from "./words.js";

const MB = 1_048_576;

/** Look at everything a walk without network depends on. */
export async function showChecks(app) {
  const lines = await Promise.all([
    line("check_person", Boolean(app.person)),
    line("check_device", Boolean(app.device)),
    line("check_app", Boolean(navigator.serviceWorker?.controller)),
    persistLine(),
    spaceLine(),
    line("check_map", Boolean(app.reference && app.orientation)),
    ...(await baseLines(app)),
    line("check_clock", Math.abs(app.clockOffset ?? 0) < 120_000, { n: Math.round((app.clockOffset ?? 0) / 1000) }),
    line("check_gps", Boolean(app.me)),
    cameraLine(),
    line("check_outbox", app.state.records + app.state.photos === 0),
  ]);
  $("checks").replaceChildren(...lines);
  $("who").textContent = app.person ? say("signed_as", { name: app.person.name }) : say("need_person");
  await showWalk(app);
}

/** Start or end the walk; after the end, ask the server how much of it is there. */
export async function toggleWalk(app) {
  const walk = await openWalk(app.db);
  if (!app.person) return;
  if (walk) {
    await endWalk(app.db, walk, app.content());
    await app.db.put("meta", walk.id, "lastWalk");
  } else {
    const territory = app.person.territories?.[0] ?? null;
    await startWalk(app.db, { ...app.content(), territory });
  }
  app.walk = await openWalk(app.db);
  app.saved();
  await showWalk(app);
}

/** «42 de 42 recibidos», from the server's own mouth; that nothing lacks is said only of a walk that ended. */
export async function showProof(app) {
  const told = await app.sender.reconcile();
  const walk = await openWalk(app.db);
  const id = walk?.id ?? (await app.db.get("meta", "lastWalk"));
  if (!id) return;
  const records = await ofWalk(app.db, id);
  if (!told) {
    $("proof").textContent = say("walk_proof_offline");
    return;
  }
  const n = records.filter(({ state }) => DELIVERED.has(state)).length;
  const whole = !walk && n === records.length && told.missing === 0 && app.state.photos === 0;
  $("proof").textContent = say(whole ? "walk_proof_all" : "walk_proof", { n, of: records.length });
}

async function showWalk(app) {
  const walk = await openWalk(app.db);
  $("walk-toggle").textContent = say(walk ? "walk_end" : "walk_start");
  $("walk-toggle").disabled = !app.person;
  $("walk-toggle").dataset.on = String(Boolean(walk));
  if (walk) $("proof").textContent = say("walk_since", { time: clock(walk.started) });
}

/** Of the base map, where there is one. */
async function baseLines({ base, basemap }) {
  if (!base) return basemap.kind ? [line(basemap.kind === "tiles" ? "base_online" : "base_closed", "warn")] : [];
  const { name, good, values } = await base.check();
  return [line(name, good, values)];
}

async function persistLine() {
  const kept = await navigator.storage?.persisted?.().catch(() => false);
  return line(kept ? "check_persist" : "check_persist_no", kept ? true : "warn");
}

async function spaceLine() {
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => ({}))) ?? {};
  const n = Math.round((quota - usage) / MB);
  return line("check_space", n > 200, { n });
}

async function cameraLine() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  const seen = devices.some(({ kind }) => kind === "videoinput");
  return line(seen ? "check_camera" : "check_camera_no", seen ? true : "warn");
}

function line(name, good, values) {
  const mark = good === "warn" ? "!" : good ? "✓" : "✗";
  return make("li", {
    "data-good": String(good),
    children: [make("span", { text: mark, "aria-hidden": "true" }), make("span", { text: say(name, values) })],
  });
}
