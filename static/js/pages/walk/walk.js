/** The walk: joins the outbox, the sender, the map and the form. */

import { uuid7 } from "../../data/base/uuid7.js";
import { extentOf, territoryAt } from "../../data/geo/distance.js";
import { newDraft } from "../../data/walk/drafts.js";
import { boundariesOnly } from "../../data/walk/layers.js";
import { everything, exportOutbox, pending, save } from "../../data/walk/outbox.js";
import { askSession, deviceId, enrol, keptReference, refreshReference } from "../../data/walk/server.js";
import { openStore, reopenStore } from "../../data/walk/store.js";
import { Sender } from "../../data/walk/sync.js";
import { addPoint, openWalk } from "../../data/walk/track.js";
import { missing, testify } from "../../data/walk/witness.js";
import { makeWalkMap } from "../../map/rooms/walk-map.js";
import { readSettings } from "../../ui/base/settings.js";
import { showChecks, showProof, toggleWalk } from "../../ui/walk/check.js";
import { Form } from "../../ui/walk/form.js";
import { Known } from "../../ui/walk/known.js";
import { showList } from "../../ui/walk/list.js";
import { Search } from "../../ui/walk/search.js";
import { notice, showState } from "../../ui/walk/status.js";
import { watchVersions } from "../../ui/walk/version.js";
import { $, say, useWords } from "../../ui/walk/words.js";

const REFRESH_AFTER = 600_000;
const GPS_TIMEOUT = 30_000;
const settings = readSettings("walk-settings");
useWords(settings.texts);

/** What the parts of the page share. */
const app = {
  urls: settings.urls,
  basemap: settings.basemap,
  state: { phase: "idle", records: 0, photos: 0, attention: 0 },
  // Where the cross stands comes from a hand, or from the GPS (`fix`: its accuracy in metres), or from nobody yet.
  byHand: false,
  fix: null,
  me: null,
  usedHere: new Map(),
  rows: [],
  listed: [],
  view: "form",

  /** What every record says about its making. */
  content() {
    return {
      author: app.person.id,
      device: app.deviceId,
      walk: app.walk?.id ?? null,
      at: new Date(Date.now() + (app.clockOffset ?? 0)).toISOString(),
      clock_offset_ms: app.clockOffset ?? null,
      app: settings.version,
    };
  },

  /** Make a record about a known problem. */
  async about(kind, issue, more = {}) {
    await save(app.db, { ...app.content(), id: uuid7(), kind, issue: issue.id, title: issue.title, ...more });
    app.saved();
  },

  /** Something was saved: draw it and send it. */
  saved() {
    app.changed();
    app.sender.wake("saved");
  },

  async changed() {
    app.rows = await everything(app.db);
    countUses();
    app.recount();
    app.map.showKnown(app.known());
    if (app.view === "list") await showList(app);
    const counted = await pending(app.db);
    testify(counted);
    showState({ ...app.state, ...counted });
  },

  /** Known problems, counted once for each change of rows or reference. */
  known() {
    return app.listed;
  },

  /** Known problems: the server's, and those made here that it does not list yet. */
  recount() {
    const names = new Map((app.reference?.categories ?? []).map(({ code, name }) => [code, name]));
    const told = (app.reference?.issues ?? []).map(([id, reference, title, category, status, label, lng, lat]) => ({
      id,
      reference,
      title,
      category,
      status,
      label,
      lng,
      lat,
    }));
    const ids = new Set(told.map(({ id }) => id));
    const gone = new Set(app.rows.filter(({ kind }) => kind === "withdraw").map(({ issue }) => issue));
    const mine = app.rows.filter(
      ({ id, kind, lat, lng }) => kind === "issue" && !ids.has(id) && Number.isFinite(lat) && Number.isFinite(lng),
    );
    const own = mine.map(({ id, title, category, lng, lat }) => ({
      id,
      reference: "",
      title,
      category,
      status: "registered",
      label: "",
      lng,
      lat,
      own: true,
    }));
    app.listed = [...told, ...own].filter(({ id }) => !gone.has(id)).map((one) => ({ ...one, categoryName: names.get(one.category) }));
  },

  async openDraft(draft) {
    show("form");
    await app.form.open(draft);
    await app.form.keep();
  },

  /** After a problem is saved the cross goes with the tablet again. */
  followAgain() {
    if (isHere()) showMyPlace();
  },

  pick(issue) {
    app.known_.open(issue);
    show("issue");
  },

  /** A new form at the place of another problem. */
  async anotherHere({ lat, lng }) {
    await app.form.writing;
    await app.openDraft(newDraft({ position: { lat, lng } }));
  },

  async undo(row) {
    if (!window.confirm(say("undo_ask", { title: row.title }))) return;
    await save(app.db, {
      ...app.content(),
      id: uuid7(),
      kind: "withdraw",
      walk: row.walk,
      issue: row.id,
      title: row.title,
    });
    app.saved();
  },
};

start().catch(broken);

async function start() {
  $("needs-script").remove();
  app.db = await openStore(storeEvents());
  notice("blocked", "");
  await tellLoss(await missing(app.db));
  app.deviceId = await deviceId(app.db);
  app.person = (await app.db.get("meta", "person")) ?? null;
  app.device = (await app.db.get("meta", "enrolled")) ?? null;
  app.clockOffset = (await app.db.get("meta", "clockOffset")) ?? 0;
  app.walk = await openWalk(app.db);
  Object.assign(app, await keptReference(app.db));
  app.sender = new Sender(app.db, app.urls, told, settings.times);
  app.base = await openBase();
  app.map = makeWalkMap($("map"), { ...settings, basemap: app.base?.shown() ?? app.basemap, orientation: drawn() }, mapEvents());
  app.form = new Form(app);
  app.known_ = new Known(app);
  app.search = new Search(app);
  app.rows = await everything(app.db);
  await app.form.open();
  showOwn();
  listen();
  watchPosition();
  watchVersions(app);
  await app.changed();
  navigator.storage?.persist?.().catch(() => {});
  document.querySelector(".walk-layout").inert = false;
  document.documentElement.dataset.ready = "true";
  await meetServer({ fresh: true });
  await app.sender.running;
  await app.sender.reconcile();
}

/** Where the base map is an archive, the tablet may keep it; whatever goes wrong, the orientation layer is there. */
async function openBase() {
  if (app.basemap.kind !== "archive") return null;
  try {
    const { KeptBase } = await import("../../ui/walk/base.js");
    return await KeptBase.open(app);
  } catch (error) {
    console.warn("base map", error);
    return null;
  }
}

// --- The tablet's own database ------------------------------------------------------------------
function storeEvents() {
  return {
    onBlocking: () => notice("tab", say("other_tab")),
    onBlocked: () => notice("blocked", say("blocked_tab")),
    onLost: () => reopen().catch(broken),
  };
}

/** The browser closed the database under us: open it again and write once more what the page still knows. */
async function reopen() {
  app.db = app.sender.db = await reopenStore(storeEvents());
  const lost = await missing(app.db);
  const { deviceId: device, person, device: enrolled, walk, reference, orientation } = app;
  for (const [key, value] of Object.entries({ device, person, enrolled, walk })) if (value) await app.db.put("meta", value, key);
  for (const [key, value] of Object.entries({ reference, orientation })) if (value) await app.db.put("reference", value, key);
  await tellLoss(lost);
  await app.form.keep();
  await app.changed();
}

/** Said until somebody says «Entendido», also after a reload. */
async function tellLoss(lost) {
  if (lost) await app.db.put("meta", lost, "lost");
  const n = await app.db.get("meta", "lost");
  if (n) notice("lost", say("lost_storage", { n }), [say("understood"), lossUnderstood]);
}

async function lossUnderstood() {
  await app.db.delete("meta", "lost");
  notice("lost", "");
}

/** Nothing can be kept here: say so, and let nobody type into the void. */
function broken(error) {
  notice("blocked", "");
  notice("broken", say(error?.name === "VersionError" ? "newer_storage" : "no_storage"), [say("reload"), () => location.reload()]);
  $("state-text").textContent = say("cannot_keep");
  if (!app.form) document.querySelector(".walk-layout").hidden = true;
  console.error(error);
}

function mapEvents() {
  return {
    onMove: (position) => app.form?.moved(position),
    onHand: () => {
      app.byHand = true;
      app.fix = null;
      $("accuracy").textContent = say("by_hand");
    },
    onPick: (issue) => app.pick(issue),
  };
}

/** Ask who is signed in, enrol once, fetch what is known; every step may fail without harm. */
async function meetServer({ fresh = false } = {}) {
  const session = await askSession(app.urls);
  if (session) await useSession(session);
  const stale = fresh || Date.now() - (app.reference?.fetched ?? 0) > REFRESH_AFTER || app.reference?.for !== app.person?.id;
  if (session && (app.person || session.device) && stale && (await refreshReference(app.db, app.urls))) await useReference();
  app.sender.wake("start");
}

async function useSession(session) {
  app.clockOffset = Date.parse(session.server_now) - Date.now();
  await app.db.put("meta", app.clockOffset, "clockOffset");
  notice("revoked", session.revoked ? say("revoked") : "");
  notice("old", session.oldest_app > settings.version ? say("old_app") : "");
  if (session.person?.may_walk) await signedIn(session.person);
  // A session that ended is no obstacle while the tablet itself is enrolled.
  else if (!app.person || !session.device) notice("person", say("need_person"), [say("enter"), app.urls.login]);
}

async function signedIn(person) {
  notice("person", "");
  app.person = person;
  await app.db.put("meta", person, "person");
  app.device = await enrol(app.db, app.urls);
  app.deviceId = await deviceId(app.db);
  if (app.device) await app.db.put("meta", app.device, "enrolled");
}

/** The drawn map, or the boundaries alone while there is none. */
function drawn() {
  return app.orientation ?? boundariesOnly(app.reference);
}

async function useReference() {
  Object.assign(app, await keptReference(app.db));
  app.reference.for = app.person?.id;
  await app.db.put("reference", app.reference, "reference");
  await app.map.useLayer(drawn());
  app.form.showCategories();
  app.search.fill();
  showOwn();
  await app.changed();
  app.form.moved(app.map.centre());
}

/** The own neighbourhood, zoomed; the cross follows the tablet once it is inside. A hand or a draft decides first. */
function showOwn() {
  const own = ownTerritories();
  if (app.byHand || app.form.draft?.position) return app.form.moved(app.map.centre());
  if (isHere()) return showMyPlace();
  if (app.me && allTerritories().length) tellAway();
  return own.length ? app.map.fit(extentOf(own[0].boundary)) : app.form.moved(app.map.centre());
}

/** Whether the tablet is in one of the own neighbourhoods; those of the office are all. */
function isHere() {
  const own = ownTerritories();
  return app.me && territoryAt(app.me, own.length ? own : allTerritories());
}

function allTerritories() {
  return app.reference?.boundaries.territories ?? [];
}

function ownTerritories() {
  return allTerritories().filter(({ code }) => app.person?.territories?.includes(code));
}

function listen() {
  document.addEventListener("click", ({ target }) => {
    const view = target.closest("[data-view]")?.dataset.view;
    if (view) show(view);
  });
  $("send").addEventListener("click", () => app.sender.wake("button"));
  $("export").addEventListener("click", exportFile);
  $("walk-toggle").addEventListener("click", async () => {
    await toggleWalk(app);
    if (!app.walk) await app.sender.running?.then(() => showProof(app));
  });
  $("sun").addEventListener("click", toggleSun);
  $("locate").addEventListener("click", followMe);
  window.addEventListener("online", () => meetServer());
  window.addEventListener("offline", () => app.changed());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && meetServer());
  document.documentElement.classList.toggle("theme-sun", localStorage.getItem("sun") === "1");
  $("sun").setAttribute("aria-pressed", String(localStorage.getItem("sun") === "1"));
}

async function show(view) {
  app.view = view;
  for (const name of ["form", "list", "check", "issue"]) $(`view-${name}`).hidden = name !== view;
  $(`view-${view}`).scrollTop = 0;
  for (const tab of document.querySelectorAll(".walk-tab[data-view]")) tab.setAttribute("aria-pressed", String(tab.dataset.view === view));
  if (view === "list") await showList(app);
  if (view === "check") {
    await showChecks(app);
    await showProof(app);
  }
}

function toggleSun() {
  const on = document.documentElement.classList.toggle("theme-sun");
  localStorage.setItem("sun", on ? "1" : "0");
  $("sun").setAttribute("aria-pressed", String(on));
}

async function told(state) {
  app.state = state;
  testify(state);
  showState(state);
  if (state.phase === "sign-in") notice("person", say("sign_in", { n: state.records + state.photos }), [say("enter"), app.urls.login]);
  if (app.view === "list") await showList(app);
}

async function exportFile() {
  const text = await exportOutbox(app.db);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `caminata-${new Date().toISOString().slice(0, 16).replace(":", "")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  notice("exported", say("exported"));
}

// --- Position -----------------------------------------------------------------------------------
function watchPosition() {
  if (!app.form.draft?.position) $("accuracy").textContent = say("searching");
  navigator.geolocation?.watchPosition(gotPosition, lostPosition, {
    enableHighAccuracy: true,
    maximumAge: 5_000,
    timeout: settings.times.gps ?? GPS_TIMEOUT,
  });
}

function gotPosition({ coords }) {
  app.me = { lat: coords.latitude, lng: coords.longitude, accuracy: coords.accuracy };
  app.map.showMe(app.me);
  if (app.walk) addPoint(app.db, app.walk, app.me, app.content()).catch(() => {});
  if (app.byHand || app.form.draft?.position) return undefined;
  return !allTerritories().length || isHere() ? showMyPlace() : tellAway();
}

/** The tablet is not where its facilitator works: its position says nothing about the cross. */
function tellAway() {
  app.fix = null;
  $("accuracy").textContent = say("away");
}

/** The cross on the tablet's own position, with what the GPS knows of it. */
function showMyPlace() {
  const n = Math.round(app.me.accuracy);
  Object.assign(app, { byHand: false, fix: n });
  $("accuracy").textContent = say(n > 100 ? "bad_accuracy" : "accuracy", { n });
  app.map.goTo(app.me);
}

function lostPosition({ code }) {
  if (app.me || app.byHand || app.fix !== null) return;
  $("accuracy").textContent = say({ 1: "denied", 3: "gps_slow" }[code] ?? "no_position");
}

function followMe() {
  if (app.form.draft) app.form.draft.position = null;
  return app.me ? showMyPlace() : lostPosition({ code: 2 });
}

function countUses() {
  app.usedHere.clear();
  for (const { kind, category } of app.rows) if (kind === "issue") app.usedHere.set(category, (app.usedHere.get(category) ?? 0) + 1);
}
