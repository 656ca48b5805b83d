/** The four views of the walk, one at a time, and the colours for the sun. */

import { around } from "../base/parts.js";
import { $ } from "./words.js";

/** @typedef {"form" | "list" | "check" | "issue"} View */

/** @type {View[]} */
const VIEWS = ["form", "list", "check", "issue"];
const SUN = "sun";

export class Views {
  /** @param {(view: View) => void} onShow draws what a view shows */
  constructor(onShow) {
    /** @type {View} */
    this.current = "form";
    this.onShow = onShow;
    document.addEventListener("click", ({ target }) => {
      const asked = around(target, "[data-view]", HTMLElement)?.dataset.view;
      const view = VIEWS.find((name) => name === asked);
      if (view) this.show(view);
    });
    $("sun").addEventListener("click", () => setSun(!document.documentElement.classList.contains("theme-sun")));
    setSun(localStorage.getItem(SUN) === "1");
  }

  /** @param {View} view */
  show(view) {
    this.current = view;
    for (const name of VIEWS) $(`view-${name}`).hidden = name !== view;
    $(`view-${view}`).scrollTop = 0;
    for (const tab of document.querySelectorAll(".walk-tab[data-view]")) {
      tab.setAttribute("aria-pressed", String(tab.getAttribute("data-view") === view));
    }
    return this.onShow(view);
  }
}

/** @param {boolean} on */
function setSun(on) {
  document.documentElement.classList.toggle("theme-sun", on);
  localStorage.setItem(SUN, on ? "1" : "0");
  $("sun").setAttribute("aria-pressed", String(on));
}
