/** The form of a new problem: photo, cross, category, one line, save. */

import { metresBetween, proposedVulnerability, territoriesWithin, territoryAt } from "../../data/geo/distance.js";
import { currentDraft, dropDraft, isTouched, keepDraft, newDraft } from "../../data/walk/drafts.js";
import { save } from "../../data/walk/outbox.js";
import { formats } from "../base/formats.js";
import { coverPhoto } from "./cover.js";
import { PhotoUnusable, photoFrom } from "./photo.js";
import { $, button, icon, make, say } from "./words.js";

const LEVELS = ["severity", "reach", "duration", "vulnerability"];
const NEAR_METRES = 50;
const MAX_PHOTOS = 4;
const MAX_TITLE = 140;
const TILES = 8;

/** @import { KnownIssue } from "../../data/walk/known-issues.js" */
/** @import { Tablet } from "../../data/walk/tablet.js" */
/** @import { Place } from "./place.js" */

/**
 * @typedef {object} FormUse
 * @property {string} icons address of the icons of categories
 * @property {(code: number | null) => void} emphasise marks a neighbourhood on the map
 * @property {() => KnownIssue[]} known
 * @property {(category: string) => number} usesOf how often a category was used on this tablet
 * @property {(issue: KnownIssue) => Promise<void>} support a known problem
 * @property {() => void} onSaved a record was saved
 * @property {() => void} onPutAside a draft was put aside
 */

export class Form {
  /**
   * @param {Tablet} tablet
   * @param {Place} place
   * @param {FormUse} use
   */
  constructor(tablet, place, use) {
    this.tablet = tablet;
    this.place = place;
    this.use = use;
    this.group = "";
    this.busy = false;
    this.dismissed = new Set();
    this.writing = Promise.resolve();
    this.listen();
  }

  async open(draft) {
    this.draft = draft ?? (await currentDraft(this.tablet.db));
    this.dismissed.clear();
    if (this.draft.position) {
      this.place.restore(this.draft.position, this.draft.fix ?? null);
    }
    this.show();
  }

  listen() {
    $("form").addEventListener("submit", (event) => this.submit(event));
    $("photo").addEventListener("click", () => this.keep());
    $("photo").addEventListener("change", (event) => this.takePhoto(event.target));
    $("title").addEventListener("input", (event) => this.set({ title: event.target.value }));
    $("reason").addEventListener("input", (event) => this.set({ reason: event.target.value }));
    $("levels").addEventListener("change", ({ target }) => target.type === "radio" && this.setLevel(target.name, Number(target.value)));
    $("later").addEventListener("click", () => this.putAside());
  }

  /** The first thing somebody puts in also keeps where the cross stood: the page may die behind the camera. */
  set(changes) {
    const chosen = this.position && this.place.isChosen;
    const place = { position: this.position, fix: this.place.fix };
    Object.assign(this.draft, chosen && !this.draft.position ? place : {}, changes);
    return this.keep();
  }

  /** Write the draft; writes follow one another so that the last one wins. Resolves to whether it is kept. */
  keep() {
    const copy = { ...this.draft, levels: { ...this.draft.levels }, photos: [...this.draft.photos] };
    this.writing = this.writing
      .then(() => keepDraft(this.tablet.db, copy))
      .then(
        () => true,
        () => this.notKept(),
      );
    return this.writing;
  }

  notKept() {
    if (!this.busy) this.message(say("draft_not_kept"), "bad");
    return false;
  }

  show() {
    $("title").value = this.draft.title;
    $("reason").value = this.draft.reason;
    this.showPhotos();
    this.showCategories();
    this.showLevels();
    this.showNear();
    this.message("");
  }

  message(sentence, kind = "") {
    $("message").textContent = sentence;
    $("message").dataset.kind = kind;
  }

  // --- Photos -------------------------------------------------------------------------------
  async takePhoto(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (this.draft.photos.length >= MAX_PHOTOS) return this.message(say("photos_full"), "bad");
    try {
      const photo = await photoFrom(file);
      const kept = await this.set({ photos: [...this.draft.photos, photo] });
      if (kept) this.message(photo.flagged ? say("photo_flagged") : "", "warn");
    } catch (error) {
      if (!(error instanceof PhotoUnusable)) throw error;
      this.message(say(`photo_${error.message}`), "bad");
    }
    this.showPhotos();
  }

  showPhotos() {
    for (const address of this.addresses ?? []) URL.revokeObjectURL(address);
    this.addresses = this.draft.photos.map(({ bytes, type }) => URL.createObjectURL(new Blob([bytes], { type })));
    $("photos").replaceChildren(...this.draft.photos.map((photo, index) => this.thumbnail(photo, index)));
  }

  thumbnail(photo, index) {
    const n = index + 1;
    const picture = make("img", { src: this.addresses[index], alt: say("photo_n", { n }), width: 96, height: 72 });
    const drop = button("×", () => this.dropPhoto(photo.id), "walk-photos__drop");
    drop.setAttribute("aria-label", say("remove_photo", { n }));
    return make("li", { className: "walk-photos__one", children: [photo.flagged ? picture : this.toCover(photo, picture, n), drop] });
  }

  toCover(photo, picture, n) {
    const cover = button("", () => this.coverPhoto(photo), "walk-photos__cover");
    cover.setAttribute("aria-label", say("cover_photo", { n }));
    cover.append(picture, make("span", { text: say("cover"), "aria-hidden": "true" }));
    return cover;
  }

  /** The photo with its faces never leaves the tablet: the covered one takes its place before anything is sent. */
  async coverPhoto(photo) {
    const covered = await coverPhoto(photo);
    if (!covered) return;
    const kept = await this.set({ photos: this.draft.photos.map((one) => (one.id === photo.id ? covered : one)) });
    if (kept) this.message(say("covered"), "good");
    this.showPhotos();
  }

  async dropPhoto(id) {
    await this.set({ photos: this.draft.photos.filter((photo) => photo.id !== id) });
    this.showPhotos();
  }

  // --- Categories ---------------------------------------------------------------------------
  get categories() {
    return this.tablet.categories;
  }

  get category() {
    return this.categories.find(({ code }) => code === this.draft.category);
  }

  showCategories() {
    const groups = [...new Map(this.categories.map((one) => [one.group_code, one])).values()];
    const chips = [{ group_code: "", group: say("most_used"), icon: "other" }, ...groups];
    $("groups").replaceChildren(...chips.map((one) => this.groupChip(one)));
    $("categories").replaceChildren(...this.shownCategories().map((one) => this.tile(one)));
  }

  shownCategories() {
    if (this.group) return this.categories.filter(({ group_code: code }) => code === this.group);
    const used = this.byUse().slice(0, TILES);
    const chosen = this.category;
    return chosen && !used.includes(chosen) ? [chosen, ...used.slice(0, TILES - 1)] : used;
  }

  /** Most used first; while nothing is used, the first of each group before the second of any. */
  byUse() {
    const seen = new Map();
    const placed = this.categories.map((category) => {
      const place = seen.get(category.group_code) ?? 0;
      seen.set(category.group_code, place + 1);
      return { category, place };
    });
    placed.sort((a, b) => this.uses(b.category) - this.uses(a.category) || a.place - b.place);
    return placed.map(({ category }) => category);
  }

  uses({ code, used }) {
    return used + 20 * this.use.usesOf(code);
  }

  groupChip({ group_code: code, group, icon: name }) {
    const chip = button("", () => this.pickGroup(code), "walk-group");
    if (code) chip.append(icon(this.use.icons, name));
    chip.append(make("span", { text: group }));
    chip.setAttribute("aria-pressed", String(this.group === code));
    return chip;
  }

  pickGroup(code) {
    this.group = code;
    this.showCategories();
  }

  tile(category) {
    const tile = button("", () => this.pickCategory(category), "walk-tile");
    tile.append(icon(this.use.icons, category.icon), make("span", { text: category.name }));
    tile.setAttribute("aria-pressed", String(category.code === this.draft.category));
    tile.dataset.code = category.code;
    return tile;
  }

  async pickCategory(category) {
    const levels = { ...this.draft.levels };
    if (!this.draft.severityByHand) levels.severity = category.severity;
    this.set({ category: category.code, levels });
    this.showCategories();
    this.showLevels();
    this.showNear();
    this.message("");
  }

  // --- Place --------------------------------------------------------------------------------
  /** The map rests: neighbourhood, level V and likely duplicates follow the cross. */
  moved(position) {
    if (!this.draft) return;
    this.position = position;
    this.showPlace();
    this.proposeVulnerability();
    this.showNear();
    if (isTouched(this.draft)) this.set({ position, fix: this.place.fix });
  }

  get territories() {
    return this.tablet.territories;
  }

  showPlace() {
    const here = territoryAt(this.position, this.territories);
    const accuracy = this.place.fix ?? 0;
    const reach = accuracy ? territoriesWithin(this.position, Math.min(accuracy, 2_000), this.territories) : [];
    $("where").textContent = this.placeWords(here, reach);
    $("where").dataset.kind = here ? "" : "bad";
    this.use.emphasise(here?.code ?? null);
  }

  placeWords(here, reach) {
    if (!this.territories.length) return say("no_boundaries");
    if (!here) return say("outside");
    if (reach.length > 1) return say("on_the_line", { names: reach.map(({ name }) => name).join(" / ") });
    return say(this.isMine(here.code) ? "in_territory" : "not_yours", { name: here.name });
  }

  isMine(code) {
    const own = this.tablet.person?.territories ?? [];
    return !own.length || own.includes(code);
  }

  // --- Levels -------------------------------------------------------------------------------
  proposeVulnerability() {
    const { level, names } = proposedVulnerability(this.position, this.tablet.reference?.care_places ?? []);
    this.proposed = level;
    $("near-places").textContent = names.length ? say("near_places", { names: names.slice(0, 3).join(", ") }) : say("near_nothing");
    if (!this.draft.vulnerabilityByHand) this.draft.levels.vulnerability = level;
    this.showLevels();
  }

  setLevel(name, value) {
    const levels = { ...this.draft.levels, [name]: value };
    const byHand = name === "severity" || name === "vulnerability" ? { [`${name}ByHand`]: true } : {};
    this.set({ levels, ...byHand });
    this.showLevels();
  }

  showLevels() {
    const { levels } = this.draft;
    for (const name of LEVELS) {
      for (const input of $("form").elements[name]) input.checked = Number(input.value) === levels[name];
    }
    $("reason-field").hidden = !this.corrects;
    $("index").textContent = this.indexWords(levels);
  }

  get corrects() {
    return Boolean(this.draft.vulnerabilityByHand) && this.draft.levels.vulnerability !== this.proposed;
  }

  indexWords(levels) {
    if (levels.severity === 3) return say("risk");
    if (LEVELS.some((name) => levels[name] === undefined)) return say("index_missing");
    const weights = this.tablet.reference?.weights ?? [40, 30, 20, 10];
    const sum = LEVELS.reduce((total, name, index) => total + levels[name] * weights[index], 0);
    const n = formats.decimal(Math.floor((20 * sum + 3) / 6) / 10);
    return say("index", { n });
  }

  // --- The same problem, told before ----------------------------------------------------------
  showNear() {
    const near = this.draft.category && this.position ? this.likelyDuplicates() : [];
    $("near").hidden = !near.length;
    $("near").replaceChildren(make("h3", { text: say("same_problem") }), ...near.slice(0, 3).map((one) => this.nearCard(one)));
  }

  likelyDuplicates() {
    const same = this.use.known().filter((one) => one.category === this.draft.category && !this.dismissed.has(one.id));
    const measured = same.map((one) => ({ ...one, metres: metresBetween(this.position, one) }));
    return measured.filter(({ metres }) => metres <= NEAR_METRES).sort((a, b) => a.metres - b.metres);
  }

  nearCard(issue) {
    const facts = [issue.reference, say("metres", { n: Math.round(issue.metres) }), issue.label].filter(Boolean).join(" · ");
    const join = button(say("join"), () => this.join(issue), "button button--primary");
    return make("div", {
      className: "walk-near__one",
      children: [
        make("p", { children: [make("strong", { text: issue.title }), make("br"), make("span", { text: facts })] }),
        join,
        button(say("other"), () => this.dismiss(issue)),
      ],
    });
  }

  async join(issue) {
    await this.use.support(issue);
    await this.fresh();
    this.message(say("joined", { state: say("state_saved") }), "good");
  }

  dismiss({ id }) {
    this.dismissed.add(id);
    this.showNear();
  }

  // --- Save ---------------------------------------------------------------------------------
  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const refusal = this.refusal();
    if (refusal) return this.message(refusal, "bad");
    this.busy = true;
    this.message(say("saving"));
    try {
      await save(this.tablet.db, this.content(), this.draft.photos);
      await this.fresh();
      this.message(say("state_saved"), "good");
      this.use.onSaved();
    } catch (error) {
      this.message(say(error.full ? "no_space" : error.long ? "too_long" : "not_saved"), "bad");
    } finally {
      this.busy = false;
    }
  }

  /** One sentence that says what is missing, or nothing. */
  refusal() {
    if (!this.tablet.person) return say("need_person");
    if (!this.territories.length) return say("no_boundaries");
    if (!this.category) return say("need_category");
    if (!this.draft.title.trim()) return say("need_title");
    if (this.draft.title.length > MAX_TITLE) return say("too_long");
    if (!this.position || !territoryAt(this.position, this.territories)) return say("outside");
    if (!this.place.isChosen) return say("need_place");
    if (this.corrects && !this.draft.reason.trim()) return say("need_reason");
    return "";
  }

  content() {
    const { draft, position } = this;
    const here = territoryAt(position, this.territories);
    return {
      ...this.tablet.making(),
      id: draft.id,
      kind: "issue",
      title: draft.title.trim().replace(/\s+/g, " "),
      category: draft.category,
      lat: position.lat,
      lng: position.lng,
      accuracy_m: this.place.fix,
      moved_by_hand: this.place.fix === null,
      levels: draft.levels,
      levels_evidence: this.corrects ? draft.reason.trim() : "",
      territory: here.code,
      boundary_set: this.tablet.reference.boundaries.id,
    };
  }

  /** A new empty form in the same place. */
  async fresh() {
    await this.writing;
    // What is saved is saved, even where the tablet cannot tidy up; `currentDraft` does it later.
    await dropDraft(this.tablet.db, this.draft.id).catch(() => {});
    this.draft = newDraft();
    this.group = "";
    await this.keep();
    this.dismissed.clear();
    this.show();
    $("form").querySelector(".walk-form__scroll").scrollTop = 0;
    if (this.position) this.proposeVulnerability();
    this.place.followAgain();
  }

  async putAside() {
    if (!isTouched(this.draft)) return;
    await this.set({ position: this.position });
    this.draft = newDraft();
    await this.keep();
    this.show();
    this.message(say("draft_kept"), "good");
    this.use.onPutAside();
  }
}
