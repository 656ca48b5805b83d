/** The page of one set of boundaries: the list and the map in step. */

import { createPreview } from "../../map/rooms/boundary-map.js";
import { readSettings } from "../../ui/base/settings.js";

const { outlines, problems } = readSettings("boundary-preview");
const element = document.getElementById("boundary-map");
const preview = createPreview(element, readSettings("map-settings"), outlines, problems);

document.getElementById("boundary-problems")?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-problem]");
  if (!button) return;
  element.scrollIntoView({ block: "nearest" });
  preview.show(Number(button.dataset.problem));
});
