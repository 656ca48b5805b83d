/** The list beside the map: fetched again when the filter changes, in step with what is looked at. */

import { around, isAborted, parts } from "../base/parts.js";

export class Results extends EventTarget {
  /**
   * Events: `look` with `detail` {reference, lng, lat} when a line is pointed at or focused, null after.
   * @param {HTMLElement} element holds the list
   * @param {string} url answers with the list alone
   */
  constructor(element, url) {
    super();
    this.element = element;
    this.url = url;
    /** @type {HTMLElement | null} */
    this.looked = null;
    /** @type {AbortController | null} */
    this.request = null;
    for (const type of ["mouseover", "focusin"]) element.addEventListener(type, (event) => this.look(event.target));
    for (const type of ["mouseleave", "focusout"]) element.addEventListener(type, () => this.look(null));
  }

  /** @param {EventTarget | null} target */
  look(target) {
    const item = around(target, ".issue-item", HTMLElement);
    if (item === this.looked) return;
    this.looked = item;
    const { reference, lng, lat } = item?.dataset ?? {};
    const detail = item ? { reference, lng: Number(lng), lat: Number(lat) } : null;
    this.dispatchEvent(new CustomEvent("look", { detail }));
  }

  /**
   * Mark the lines of problems, as far as they are on this page, and bring the first into view.
   * @param {(string | undefined)[]} references
   */
  pick(references, { scroll = false } = {}) {
    const items = parts(this.element, ".issue-item", HTMLElement);
    for (const item of items) item.classList.toggle("is-picked", references.includes(item.dataset.reference));
    if (scroll) items.find((item) => item.classList.contains("is-picked"))?.scrollIntoView({ block: "nearest" });
  }

  /** Fetch the list for a query. An answer that is no longer wanted is dropped. @param {URLSearchParams} query */
  async load(query) {
    this.request?.abort();
    this.request = new AbortController();
    this.element.firstElementChild?.classList.add("is-loading");
    const asked = new URLSearchParams(query);
    asked.set("part", "list");
    try {
      const response = await fetch(`${this.url}?${asked}`, {
        signal: this.request.signal,
        headers: { Accept: "text/html" },
      });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector(response.ok ? ".results" : "main > *");
      if (fresh) this.element.replaceChildren(document.adoptNode(fresh));
    } catch (error) {
      if (!isAborted(error)) this.element.firstElementChild?.classList.remove("is-loading");
    }
  }
}
