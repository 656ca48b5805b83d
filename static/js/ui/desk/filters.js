/** The form of filters: clean addresses, and how many problems stand behind each choice. */

import { formats } from "../base/formats.js";
import { parts } from "../base/parts.js";

const WIDE = window.matchMedia("(min-width: 100rem)");

/**
 * Open the panel where there is room for it, and leave empty fields out of the address.
 * @param {HTMLFormElement} form @param {HTMLDetailsElement} panel
 */
export function startFilters(form, panel) {
  if (WIDE.matches) panel.open = true;
  for (const box of form.querySelectorAll("details input:checked")) box.closest("details")?.setAttribute("open", "");
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData.entries()]) if (!value) event.formData.delete(name);
  });
}

/**
 * Write counts beside their choices; choices that would show nothing go grey.
 * @param {Record<string, Record<string, number>>} counts
 */
export function fillFacets(counts) {
  for (const element of parts(document, "[data-facet]", HTMLElement)) {
    const [name, ...rest] = (element.dataset.facet ?? "").split(":");
    const values = counts[name];
    if (!values) continue;
    const count = values[rest.join(":")] ?? 0;
    element.textContent = formats.whole(count);
    element.closest("label")?.classList.toggle("is-empty", count === 0);
  }
}
