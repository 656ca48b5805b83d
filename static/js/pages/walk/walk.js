/** The walk: joins tablet, sender, map and form; each part gets the few things it needs. */

import { uuid7 } from "../../data/base/uuid7.js";
import { isTouched, newDraft } from "../../data/walk/drafts.js";
import { knownIssues, usesOf } from "../../data/walk/known-issues.js";
import { everything, pending, save } from "../../data/walk/outbox.js";
import { askSession } from "../../data/walk/server.js";
import { openStore, reopenStore } from "../../data/walk/store.js";
import { Sender } from "../../data/walk/sync.js";
import { Tablet } from "../../data/walk/tablet.js";
import { addPoint } from "../../data/walk/track.js";
import { missing, testify } from "../../data/walk/witness.js";
import { makeWalkMap } from "../../map/rooms/walk-map.js";
import { needed } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";
import { choiceLine, spotCard } from "../../ui/issues/spot-card.js";
import { showChecks, showProof, showWalk } from "../../ui/walk/check.js";
import { exportFile } from "../../ui/walk/export.js";
import { Form } from "../../ui/walk/form.js";
import { Known } from "../../ui/walk/known.js";
import { showList } from "../../ui/walk/list.js";
import { sayBroken, sayLoss } from "../../ui/walk/loss.js";
import { Place } from "../../ui/walk/place.js";
import { Search } from "../../ui/walk/search.js";
import { notice, showState } from "../../ui/walk/status.js";
import { watchVersions } from "../../ui/walk/version.js";
import { Views } from "../../ui/walk/views.js";
import { $, say, useWords } from "../../ui/walk/words.js";

/** @import { Content, Draft, Position, Row, WalkSettings } from "#types/walk" */
/** @import { KnownIssue } from "../../data/walk/known-issues.js" */
/** @import { Session } from "../../data/walk/server.js" */
/** @import { SenderState } from "../../data/walk/sync.js" */
/** @import { KeptBase } from "../../ui/walk/base.js" */
/** @import { View } from "../../ui/walk/views.js" */

/** @type {WalkSettings} */
const settings = readSettings("walk-settings");
const { urls } = settings;
useWords(settings.texts);

/** Holds the parts and answers their events; no part knows it. */
class Page {
  /** @param {Tablet} tablet @param {KeptBase | null} base */
  constructor(tablet, base) {
    this.tablet = tablet;
    this.base = base;
    /** @type {SenderState} */
    this.state = { phase: "idle", records: 0, photos: 0, attention: 0, made: 0 };
    /** @type {KnownIssue[]} */
    this.known = [];
    /** @type {Map<string, number>} */
    this.uses = new Map();
    /** @type {Views | null} before everything is drawn there is one view only */
    this.views = null;
    this.sender = new Sender(tablet.db, urls, (state) => this.sent(state), settings.times);
    /** @type {Place} */
    this.place = new Place(tablet, {
      hasDraftPlace: () => Boolean(this.form?.draft.position),
      dropDraftPlace: () => {
        if (this.form) this.form.draft.position = null;
      },
      onRest: (position) => this.form?.moved(position),
      onMe: (me) => this.walkOn(me),
    });
    this.map = this.makeMap();
    this.place.map = this.map;
    this.form = this.makeForm();
    this.issue = new Known(this.tablet, {
      centre: () => this.map.centre(),
      about: (kind, issue, more) => this.about(kind, issue, more),
      anotherHere: (issue) => this.anotherHere(issue),
    });
    this.search = new Search((position) => this.place.jumpTo(position));
  }

  async open() {
    this.search.fill(this.tablet.orientation);
    this.recount(await everything(this.tablet.db));
    await this.form.open();
    this.place.showOwn();
    this.listen();
    this.place.watch(settings.times.gps);
    watchVersions({ worker: urls.worker, scope: urls.scope, isBusy: () => this.isBusy });
    await this.changed();
  }

  // --- The parts ----------------------------------------------------------------------------------
  makeMap() {
    const basemap = this.base?.shown() ?? settings.basemap;
    return makeWalkMap(
      $("map"),
      { ...settings, basemap, orientation: this.tablet.drawn() },
      {
        onMove: (position) => this.form?.moved(position),
        onHand: () => this.place.takeByHand(),
        onPick: (issue) => this.pick(issue),
        cardOf: (members, onPick) => spotCard({ count: members.length, members }, settings.texts, (one) => knownLine(one, onPick)),
      },
    );
  }

  /** @returns {Form} */
  makeForm() {
    return new Form(this.tablet, this.place, {
      icons: urls.icons,
      emphasise: (code) => this.map.emphasise(code),
      known: () => this.known,
      usesOf: (category) => this.uses.get(category) ?? 0,
      support: (issue) => this.about("support", issue),
      onSaved: () => this.saved(),
      onPutAside: () => this.changed(),
    });
  }

  listen() {
    this.views = new Views((view) => this.draw(view));
    $("send").addEventListener("click", () => this.sender.wake("button"));
    $("export").addEventListener("click", () => exportFile(this.tablet.db));
    $("walk-toggle").addEventListener("click", () => this.toggleWalk());
    $("locate").addEventListener("click", () => this.place.followMe());
    window.addEventListener("online", () => this.meetServer());
    window.addEventListener("offline", () => this.changed());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.meetServer());
  }

  // --- What a person does -------------------------------------------------------------------------
  /** Make a record about a known problem. @param {string} kind @param {KnownIssue} issue @param {Partial<Content>} more */
  async about(kind, issue, more = {}) {
    await save(this.tablet.db, { ...this.tablet.making(), id: uuid7(), kind, issue: issue.id, title: issue.title, ...more });
    this.saved();
  }

  /** @param {KnownIssue} issue */
  pick(issue) {
    this.issue.open(issue);
    this.views?.show("issue");
  }

  /** @param {Draft} draft */
  async openDraft(draft) {
    this.views?.show("form");
    await this.form.open(draft);
    await this.form.keep();
  }

  /** A new form at the place of another problem. @param {Position} place */
  async anotherHere({ lat, lng }) {
    await this.form.writing;
    await this.openDraft(newDraft({ position: { lat, lng } }));
  }

  /** @param {Row} row */
  async undo(row) {
    if (!window.confirm(say("undo_ask", { title: row.title }))) return;
    const { id: issue, title, walk } = row;
    await save(this.tablet.db, { ...this.tablet.making(), id: uuid7(), kind: "withdraw", walk, issue, title });
    this.saved();
  }

  async toggleWalk() {
    if (!this.tablet.person) return;
    await this.tablet.toggleWalk();
    this.saved();
    showWalk(this.tablet);
    if (this.tablet.walk) return;
    await this.sender.running;
    await showProof(this.tablet, this.sender);
  }

  /** @param {Position & {accuracy: number}} me */
  walkOn(me) {
    const { db, walk } = this.tablet;
    if (walk) addPoint(db, walk, me, this.tablet.making()).catch(() => {});
  }

  /** Whether this is no moment for another version of the app. */
  get isBusy() {
    return this.state.phase === "sending" || isTouched(this.form.draft);
  }

  // --- What changed -------------------------------------------------------------------------------
  /** Something was saved: draw it and send it. */
  saved() {
    this.changed();
    this.sender.wake("saved");
  }

  async changed() {
    const { db } = this.tablet;
    this.recount(await everything(db));
    this.map.showKnown(this.known);
    await this.drawList();
    const counted = await pending(db);
    testify(counted);
    showState({ ...this.state, ...counted });
  }

  /** @param {Row[]} rows */
  recount(rows) {
    this.uses = usesOf(rows);
    this.known = knownIssues(rows, this.tablet.reference);
  }

  /** @param {SenderState} state */
  async sent(state) {
    this.state = state;
    testify(state);
    showState(state);
    if (state.phase === "sign-in") notice("person", say("sign_in", { n: state.records + state.photos }), [say("enter"), urls.login]);
    await this.drawList();
  }

  /** @param {View} view */
  async draw(view) {
    await this.drawList();
    if (view !== "check") return;
    await this.showChecks();
    await showProof(this.tablet, this.sender);
  }

  async drawList() {
    if (this.views?.current !== "list") return;
    await showList({
      db: this.tablet.db,
      openDraft: this.form.draft.id,
      known: this.known,
      here: this.map.centre(),
      onPick: (issue) => this.pick(issue),
      onOpen: (draft) => this.openDraft(draft),
      onAnother: ({ lat, lng }) => lat !== undefined && lng !== undefined && this.anotherHere({ lat, lng }),
      onUndo: (row) => this.undo(row),
    });
  }

  showChecks() {
    const { tablet, place, state, base } = this;
    return showChecks({ tablet, place, state, base, basemapKind: settings.basemap.kind });
  }

  // --- The server and the database ----------------------------------------------------------------
  /** Ask who is signed in, enrol once, fetch what is known; every step may fail without harm. */
  async meetServer({ fresh = false } = {}) {
    const { tablet } = this;
    const session = await askSession(urls);
    if (session) await this.useSession(session);
    const may = session && (tablet.person || session.device) && (fresh || tablet.isStale);
    if (may && (await tablet.refresh(urls))) await this.useReference();
    this.sender.wake("start");
  }

  /** @param {Session} session */
  async useSession({ server_now: now, revoked, oldest_app: oldest, person, device }) {
    const { tablet } = this;
    await tablet.setClock(now);
    notice("revoked", revoked ? say("revoked") : "");
    notice("old", oldest > settings.version ? say("old_app") : "");
    if (person?.may_walk) {
      notice("person", "");
      await tablet.signIn(person, urls);
      // A session that ended is no obstacle while the tablet itself is enrolled.
    } else if (!tablet.person || !device) notice("person", say("need_person"), [say("enter"), urls.login]);
  }

  async useReference() {
    await this.map.useLayer(this.tablet.drawn());
    this.form.showCategories();
    this.search.fill(this.tablet.orientation);
    this.place.showOwn();
    await this.changed();
    this.form.moved(this.map.centre());
  }

  /** The browser closed the database under us: open it again and write once more what the page still knows. */
  async reopen() {
    const db = await reopenStore(storeEvents());
    const lost = await missing(db);
    this.sender.db = db;
    await this.tablet.moveTo(db);
    await sayLoss(db, lost);
    await this.form.keep();
    await this.changed();
  }
}

/** @type {Page | undefined} */
let page;

/** Where the base map is an archive, the tablet may keep it; whatever goes wrong, the orientation layer is there. */
async function openBase() {
  if (settings.basemap.kind !== "archive") return null;
  try {
    const { KeptBase } = await import("../../ui/walk/base.js");
    return await KeptBase.open(settings.basemap, {
      onShow: (basemap) => page?.map.useBase(basemap),
      onChange: () => page?.views?.current === "check" && page.showChecks(),
    });
  } catch (error) {
    console.warn("base map", error);
    return null;
  }
}

/** @param {KnownIssue} issue @param {(issue: KnownIssue) => void} onPick */
function knownLine(issue, onPick) {
  const facts = [issue.reference, issue.categoryName, issue.label].filter(Boolean);
  return choiceLine(issue.title, facts.join(" · "), () => onPick(issue));
}

/** @param {unknown} error */
function broken(error) {
  sayBroken(error, Boolean(page?.form));
}

function storeEvents() {
  return {
    onBlocking: () => notice("tab", say("other_tab")),
    onBlocked: () => notice("blocked", say("blocked_tab")),
    onLost: () => page?.reopen().catch(broken),
  };
}

async function start() {
  $("needs-script").remove();
  const db = await openStore(storeEvents());
  notice("blocked", "");
  await sayLoss(db, await missing(db));
  page = new Page(await Tablet.open(db, settings.version), await openBase());
  await page.open();
  navigator.storage?.persist?.().catch(() => {});
  needed(document, ".walk-layout", HTMLElement).inert = false;
  document.documentElement.dataset.ready = "true";
  await page.meetServer({ fresh: true });
  await page.sender.running;
  await page.sender.reconcile();
}

start().catch(broken);
