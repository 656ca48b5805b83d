/** A problem that is already known: join it, say it is still there, remark, propose a change. */

import { needed } from "../base/parts.js";
import { $, field, make, say } from "./words.js";

/** @import { Position } from "#types/walk" */
/** @import { KnownIssue } from "../../data/walk/known-issues.js" */
/** @import { Tablet } from "../../data/walk/tablet.js" */

/**
 * @typedef {object} KnownUse
 * @property {() => Position} centre where the cross stands
 * @property {(kind: string, issue: KnownIssue, more: object) => Promise<void>} about makes a record
 * @property {(issue: KnownIssue) => void} anotherHere
 */

export class Known {
  /** @param {Tablet} tablet @param {KnownUse} use */
  constructor(tablet, use) {
    this.tablet = tablet;
    this.use = use;
    /** @type {KnownIssue | null} */
    this.issue = null;
    $("known-join").addEventListener("click", () => this.tell("support", { people: this.people() }));
    $("known-still").addEventListener("click", () => this.tell("still_there"));
    $("known-another").addEventListener("click", () => this.issue && use.anotherHere(this.issue));
    $("known-remark").addEventListener("submit", (event) => this.remark(event));
    $("known-change").addEventListener("submit", (event) => this.propose(event));
  }

  /** @param {KnownIssue} issue */
  open(issue) {
    this.issue = issue;
    $("known-title").textContent = issue.title;
    $("known-facts").textContent = [issue.reference, issue.categoryName, issue.label].filter(Boolean).join(" · ");
    remarkField().value = "";
    field("known-people").value = "1";
    this.message("");
    this.showChange(issue);
  }

  /** The proposal starts as the problem is now: only what differs is proposed. @param {KnownIssue} issue */
  showChange({ title, category }) {
    needed(document, "#known-change-box", HTMLDetailsElement).open = false;
    needed(document, "#known-change", HTMLFormElement).reset();
    field("change-title").value = title;
    const { categories } = this.tablet;
    categoryField().replaceChildren(...categories.map(({ code, name }) => make("option", { value: code, text: name })));
    categoryField().value = category;
  }

  /** How many people stand here, 1 to 200; said again, the last number counts. */
  people() {
    return Math.min(200, Math.max(1, Math.trunc(Number(field("known-people").value)) || 1));
  }

  /** @param {Event} event */
  async remark(event) {
    event.preventDefault();
    const text = remarkField().value.trim();
    if (text && (await this.tell("remark", { text }))) remarkField().value = "";
  }

  /** @param {Event} event */
  async propose(event) {
    event.preventDefault();
    const { issue } = this;
    if (!issue) return undefined;
    const [changes, text] = [this.changes(issue), field("change-reason").value.trim()];
    if (!text || !Object.keys(changes).length) return this.message(say("need_change"), "bad");
    const { title, category, lat, lng, label } = issue;
    if (!(await this.tell("change", { text, changes, seen: { title, category, lat, lng, label } }))) return undefined;
    this.showChange(issue);
    return this.message(say("proposed", { state: say("state_saved") }));
  }

  /** @param {KnownIssue} issue */
  changes(issue) {
    const title = field("change-title").value.trim().replace(/\s+/g, " ");
    const category = categoryField().value;
    return {
      ...(title && title !== issue.title ? { title } : {}),
      ...(category && category !== issue.category ? { category } : {}),
      ...(field("change-place").checked ? this.use.centre() : {}),
      ...(field("change-gone").checked ? { gone: true } : {}),
    };
  }

  /** Make the record and say so; resolves to whether it is saved. @param {string} kind @param {object} more */
  async tell(kind, more = {}) {
    const { issue } = this;
    if (!issue) return false;
    if (!this.tablet.person) return this.message(say("need_person"), "bad");
    try {
      await this.use.about(kind, issue, more);
      this.message(say("state_saved"));
      return true;
    } catch {
      return this.message(say("not_saved"), "bad");
    }
  }

  /** @param {string} sentence @returns {false} */
  message(sentence, kind = "good") {
    $("known-message").textContent = sentence;
    $("known-message").dataset.kind = kind;
    if (sentence) $("known-message").scrollIntoView({ block: "nearest" });
    return false;
  }
}

function remarkField() {
  return needed(document, "#remark", HTMLTextAreaElement);
}

function categoryField() {
  return needed(document, "#change-category", HTMLSelectElement);
}
