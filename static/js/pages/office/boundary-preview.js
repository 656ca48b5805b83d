/** The page of one set of boundaries: the list and the map in step. */

import { createPreview } from "../../map/rooms/boundary-map.js";
import { around, needed } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";

const { outlines, problems } = readSettings("boundary-preview");
const element = needed(document, "#boundary-map", HTMLElement);
const preview = createPreview(element, readSettings("map-settings"), outlines, problems);

document.getElementById("boundary-problems")?.addEventListener("click", (event) => {
  const button = around(event.target, "[data-problem]", HTMLElement);
  if (!button) return;
  element.scrollIntoView({ block: "nearest" });
  preview.show(Number(button.dataset.problem));
});
