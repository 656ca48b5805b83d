/** A problem that is already known: join it, say it is still there, remark, propose a change. */

import { $, say } from "./walk-words.js";

export class Known {
  constructor(app) {
    this.app = app;
    $("known-join").addEventListener("click", () => this.tell("support"));
    $("known-still").addEventListener("click", () => this.tell("still_there"));
    $("known-another").addEventListener("click", () => app.anotherHere(this.issue));
    $("known-remark").addEventListener("submit", (event) => this.remark(event));
  }

  open(issue) {
    this.issue = issue;
    $("known-title").textContent = issue.title;
    $("known-facts").textContent = [issue.reference, issue.categoryName, issue.label].filter(Boolean).join(" · ");
    $("known-message").textContent = "";
    $("remark").value = "";
  }

  async remark(event) {
    event.preventDefault();
    const text = $("remark").value.trim();
    if (!text) return;
    await this.tell(event.submitter?.value === "change" ? "change" : "remark", { text });
    $("remark").value = "";
  }

  async tell(kind, more = {}) {
    if (!this.app.person) return this.message(say("need_person"));
    try {
      await this.app.about(kind, this.issue, more);
      this.message(say("state_saved"));
    } catch {
      this.message(say("not_saved"));
    }
    return undefined;
  }

  message(sentence) {
    $("known-message").textContent = sentence;
    $("known-message").dataset.kind = "good";
  }
}
