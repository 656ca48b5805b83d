/** A problem that is already known: join it, say it is still there, remark, propose a change. */

import { $, make, say } from "./words.js";

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
    $("known-join").addEventListener("click", () => this.tell("support"));
    $("known-still").addEventListener("click", () => this.tell("still_there"));
    $("known-another").addEventListener("click", () => use.anotherHere(this.issue));
    $("known-remark").addEventListener("submit", (event) => this.remark(event));
    $("known-change").addEventListener("submit", (event) => this.propose(event));
  }

  open(issue) {
    this.issue = issue;
    $("known-title").textContent = issue.title;
    $("known-facts").textContent = [issue.reference, issue.categoryName, issue.label].filter(Boolean).join(" · ");
    $("remark").value = "";
    this.message("");
    this.showChange();
  }

  /** The proposal starts as the problem is now: only what differs is proposed. */
  showChange() {
    $("known-change-box").open = false;
    $("known-change").reset();
    $("change-title").value = this.issue.title;
    const categories = this.tablet.categories;
    $("change-category").replaceChildren(...categories.map(({ code, name }) => make("option", { value: code, text: name })));
    $("change-category").value = this.issue.category;
  }

  async remark(event) {
    event.preventDefault();
    const text = $("remark").value.trim();
    if (text && (await this.tell("remark", { text }))) $("remark").value = "";
  }

  async propose(event) {
    event.preventDefault();
    const [changes, text] = [this.changes(), $("change-reason").value.trim()];
    if (!text || !Object.keys(changes).length) return this.message(say("need_change"), "bad");
    const { title, category, lat, lng, label } = this.issue;
    if (!(await this.tell("change", { text, changes, seen: { title, category, lat, lng, label } }))) return undefined;
    this.showChange();
    return this.message(say("proposed", { state: say("state_saved") }));
  }

  changes() {
    const title = $("change-title").value.trim().replace(/\s+/g, " ");
    const category = $("change-category").value;
    return {
      ...(title && title !== this.issue.title ? { title } : {}),
      ...(category && category !== this.issue.category ? { category } : {}),
      ...($("change-place").checked ? this.use.centre() : {}),
      ...($("change-gone").checked ? { gone: true } : {}),
    };
  }

  /** Make the record and say so; resolves to whether it is saved. */
  async tell(kind, more = {}) {
    if (!this.tablet.person) return this.message(say("need_person"), "bad");
    try {
      await this.use.about(kind, this.issue, more);
      this.message(say("state_saved"));
      return true;
    } catch {
      return this.message(say("not_saved"), "bad");
    }
  }

  message(sentence, kind = "good") {
    $("known-message").textContent = sentence;
    $("known-message").dataset.kind = kind;
    if (sentence) $("known-message").scrollIntoView({ block: "nearest" });
    return false;
  }
}
