/** The form of a new problem: photo, cross, category, one line, save. */

import { metresBetween, proposedVulnerability, territoriesWithin, territoryAt } from "../../data/geo/distance.js";
import { currentDraft, dropDraft, isTouched, keepDraft, newDraft } from "../../data/walk/drafts.js";
import { NotSaved, save } from "../../data/walk/outbox.js";
import { formats } from "../base/formats.js";
import { needed, parts } from "../base/parts.js";
import { PhotoUnusable, photoFrom } from "./photo.js";
import { $, button, field, icon, make, say } from "./words.js";

const LEVELS = ["severity", "reach", "duration", "vulnerability"];
const NEAR_METRES = 50;
const MAX_PHOTOS = 4;
const MAX_TITLE = 140;
const TILES = 8;

/** @import { Category, Content, Draft, Photo, Position, Territory } from "#types/walk" */
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
 *
 * @typedef {Pick<Category, "group_code" | "group" | "icon">} Group
 * @typedef {KnownIssue & {metres: number}} Near
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
    /** What is in the form; nothing is kept of it before `open`. */
    this.draft = newDraft();
    this.isOpen = false;
    /** @type {Position | null} where the cross stands */
    this.position = null;
    /** @type {number | undefined} the level V that the neighbourhood around the cross suggests */
    this.proposed = undefined;
    /** @type {string[]} of the thumbnails */
    this.addresses = [];
    this.group = "";
    this.busy = false;
    /** @type {Set<string>} problems that are another one, says the person */
    this.dismissed = new Set();
    /** @type {Promise<boolean>} whether the last writing kept the draft */
    this.writing = Promise.resolve(true);
    this.listen();
  }

  /** @param {Draft} [draft] */
  async open(draft) {
    this.draft = draft ?? (await currentDraft(this.tablet.db));
    this.isOpen = true;
    this.dismissed.clear();
    if (this.draft.position) {
      this.place.restore(this.draft.position, this.draft.fix ?? null);
    }
    this.show();
  }

  listen() {
    const [photo, title, reason] = ["photo", "title", "reason"].map(field);
    $("form").addEventListener("submit", (event) => this.submit(event));
    photo.addEventListener("click", () => this.keep());
    photo.addEventListener("change", () => this.takePhoto(photo));
    title.addEventListener("input", () => this.set({ title: title.value }));
    reason.addEventListener("input", () => this.set({ reason: reason.value }));
    $("levels").addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement && target.type === "radio") this.setLevel(target.name, Number(target.value));
    });
    $("later").addEventListener("click", () => this.putAside());
  }

  /** The first thing somebody puts in also keeps where the cross stood: the page may die behind the camera. @param {Partial<Draft>} changes */
  set(changes) {
    const chosen = this.position && this.place.isChosen;
    const place = { position: this.position, fix: this.place.fix };
    Object.assign(this.draft, chosen && !this.draft.position ? place : {}, changes);
    return this.keep();
  }

  /** Write the draft; writes follow one another so that the last one wins. Resolves to whether it is kept. */
  keep() {
    if (!this.isOpen) return this.writing;
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
    field("title").value = this.draft.title;
    field("reason").value = this.draft.reason;
    this.showPhotos();
    this.showCategories();
    this.showLevels();
    this.showNear();
    this.message("");
  }

  /** @param {string} sentence */
  message(sentence, kind = "") {
    $("message").textContent = sentence;
    $("message").dataset.kind = kind;
  }

  // --- Photos -------------------------------------------------------------------------------
  /** @param {HTMLInputElement} input */
  async takePhoto(input) {
    const [file] = input.files ?? [];
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
    for (const address of this.addresses) URL.revokeObjectURL(address);
    this.addresses = this.draft.photos.map(({ bytes, type }) => URL.createObjectURL(new Blob([bytes], { type })));
    $("photos").replaceChildren(...this.draft.photos.map((photo, index) => this.thumbnail(photo, index)));
  }

  /** @param {Photo} photo @param {number} index */
  thumbnail(photo, index) {
    const n = index + 1;
    const picture = make("img", { src: this.addresses[index], alt: say("photo_n", { n }), width: 96, height: 72 });
    const drop = button("×", () => this.dropPhoto(photo.id), "walk-photos__drop");
    drop.setAttribute("aria-label", say("remove_photo", { n }));
    return make("li", { className: "walk-photos__one", children: [picture, drop] });
  }

  /** @param {string} id */
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
    /** @type {Map<string, number>} */
    const seen = new Map();
    const placed = this.categories.map((category) => {
      const place = seen.get(category.group_code) ?? 0;
      seen.set(category.group_code, place + 1);
      return { category, place };
    });
    placed.sort((a, b) => this.uses(b.category) - this.uses(a.category) || a.place - b.place);
    return placed.map(({ category }) => category);
  }

  /** @param {Category} category */
  uses({ code, used }) {
    return used + 20 * this.use.usesOf(code);
  }

  /** @param {Group} group */
  groupChip({ group_code: code, group, icon: name }) {
    const chip = button("", () => this.pickGroup(code), "walk-group");
    if (code) chip.append(icon(this.use.icons, name));
    chip.append(make("span", { text: group }));
    chip.setAttribute("aria-pressed", String(this.group === code));
    return chip;
  }

  /** @param {string} code */
  pickGroup(code) {
    this.group = code;
    this.showCategories();
  }

  /** @param {Category} category */
  tile(category) {
    const tile = button("", () => this.pickCategory(category), "walk-tile");
    tile.append(icon(this.use.icons, category.icon), make("span", { text: category.name }));
    tile.setAttribute("aria-pressed", String(category.code === this.draft.category));
    tile.dataset.code = category.code;
    return tile;
  }

  /** @param {Category} category */
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
  /** The map rests: neighbourhood, level V and likely duplicates follow the cross. @param {Position} position */
  moved(position) {
    if (!this.isOpen) return;
    this.position = position;
    this.showPlace(position);
    this.proposeVulnerability(position);
    this.showNear();
    if (isTouched(this.draft)) this.set({ position, fix: this.place.fix });
  }

  get territories() {
    return this.tablet.territories;
  }

  /** @param {Position} position */
  showPlace(position) {
    const here = territoryAt(position, this.territories);
    const accuracy = this.place.fix ?? 0;
    const reach = accuracy ? territoriesWithin(position, Math.min(accuracy, 2_000), this.territories) : [];
    $("where").textContent = this.placeWords(here, reach);
    $("where").dataset.kind = here ? "" : "bad";
    this.use.emphasise(here?.code ?? null);
  }

  /** @param {Territory | null} here @param {Territory[]} reach */
  placeWords(here, reach) {
    if (!this.territories.length) return say("no_boundaries");
    if (!here) return say("outside");
    if (reach.length > 1) return say("on_the_line", { names: reach.map(({ name }) => name).join(" / ") });
    return say(this.isMine(here.code) ? "in_territory" : "not_yours", { name: here.name });
  }

  /** @param {number} code */
  isMine(code) {
    const own = this.tablet.person?.territories ?? [];
    return !own.length || own.includes(code);
  }

  // --- Levels -------------------------------------------------------------------------------
  /** @param {Position} position */
  proposeVulnerability(position) {
    const { level, names } = proposedVulnerability(position, this.tablet.reference?.care_places ?? []);
    this.proposed = level;
    $("near-places").textContent = names.length ? say("near_places", { names: names.slice(0, 3).join(", ") }) : say("near_nothing");
    if (!this.draft.vulnerabilityByHand) this.draft.levels.vulnerability = level;
    this.showLevels();
  }

  /** @param {string} name @param {number} value */
  setLevel(name, value) {
    const levels = { ...this.draft.levels, [name]: value };
    const byHand = name === "severity" || name === "vulnerability" ? { [`${name}ByHand`]: true } : {};
    this.set({ levels, ...byHand });
    this.showLevels();
  }

  showLevels() {
    const { levels } = this.draft;
    for (const name of LEVELS) {
      for (const input of parts($("form"), `[name="${name}"]`, HTMLInputElement)) input.checked = Number(input.value) === levels[name];
    }
    $("reason-field").hidden = !this.corrects;
    $("index").textContent = this.indexWords(levels);
  }

  get corrects() {
    return Boolean(this.draft.vulnerabilityByHand) && this.draft.levels.vulnerability !== this.proposed;
  }

  /** @param {Record<string, number>} levels */
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
    const near = this.draft.category && this.position ? this.likelyDuplicates(this.position) : [];
    $("near").hidden = !near.length;
    $("near").replaceChildren(make("h3", { text: say("same_problem") }), ...near.slice(0, 3).map((one) => this.nearCard(one)));
  }

  /** @param {Position} position @returns {Near[]} */
  likelyDuplicates(position) {
    const same = this.use.known().filter((one) => one.category === this.draft.category && !this.dismissed.has(one.id));
    const measured = same.map((one) => ({ ...one, metres: metresBetween(position, one) }));
    return measured.filter(({ metres }) => metres <= NEAR_METRES).sort((a, b) => a.metres - b.metres);
  }

  /** @param {Near} issue */
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

  /** @param {KnownIssue} issue */
  async join(issue) {
    await this.use.support(issue);
    await this.fresh();
    this.message(say("joined", { state: say("state_saved") }), "good");
  }

  /** @param {KnownIssue} issue */
  dismiss({ id }) {
    this.dismissed.add(id);
    this.showNear();
  }

  // --- Save ---------------------------------------------------------------------------------
  /** @param {Event} event */
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
      this.message(say(whyNot(error)), "bad");
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
    if (!this.standing) return say("outside");
    if (!this.place.isChosen) return say("need_place");
    if (this.corrects && !this.draft.reason.trim()) return say("need_reason");
    return "";
  }

  /** Where the problem is, and in which neighbourhood of which set; null outside of all. */
  get standing() {
    const { position } = this;
    const { reference } = this.tablet;
    const here = position && territoryAt(position, this.territories);
    return position && here && reference ? { position, territory: here.code, set: reference.boundaries.id } : null;
  }

  /** The record of what `refusal` lets through. @returns {Content} */
  content() {
    const { draft, standing } = this;
    if (!standing) throw new TypeError("a problem without a place");
    const { position, territory, set } = standing;
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
      territory,
      boundary_set: set,
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
    needed($("form"), ".walk-form__scroll", HTMLElement).scrollTop = 0;
    if (this.position) this.proposeVulnerability(this.position);
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

/** The name of the sentence for what could not be saved. @param {unknown} error */
function whyNot(error) {
  if (!(error instanceof NotSaved)) return "not_saved";
  return error.full ? "no_space" : error.long ? "too_long" : "not_saved";
}
