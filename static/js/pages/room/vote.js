/** The ballot on a phone: tokens left, and problems read aloud. Without this script it works the same. */

import { fill } from "../../data/base/patterns.js";
import { tokensLeft } from "../../data/room/rules.js";
import { needed, parts } from "../../ui/base/parts.js";
import { connectAloud } from "../../ui/room/aloud.js";

connectAloud(document.body);
const left = needed(document, "#left", HTMLElement);
const form = needed(document, "form[data-ballot]", HTMLFormElement);
const { each = "0", some = "", one = "", none = "", over = "" } = left.dataset;

form.addEventListener("change", tell);
// A page that comes back with «back» has its choices a moment later.
window.addEventListener("pageshow", tell);
tell();

function tell() {
  const given = parts(form, "input[type=radio]:checked", HTMLInputElement).map(({ value }) => Number(value));
  const number = tokensLeft(given, Number(each));
  const patterns = { "-1": over, 0: none, 1: number === 1 ? one : some };
  left.hidden = false;
  left.classList.toggle("notice--error", number < 0);
  left.textContent = fill(patterns[/** @type {-1 | 0 | 1} */ (Math.sign(number))], { n: Math.abs(number) });
}
