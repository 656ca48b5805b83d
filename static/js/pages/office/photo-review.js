// One photo: what is covered by hand, and an answer to each face that was proposed.

import { fill } from "../../data/base/patterns.js";
import { Covering, mark, shape } from "../../ui/base/covering.js";
import { needed } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";

/** @import { Rectangle } from "../../ui/base/covering.js" */

const form = needed(document, "#photo-review", HTMLFormElement);
const frame = needed(form, "#photo-frame", HTMLElement);
const field = needed(form, "#photo-blurs", HTMLInputElement);
const told = needed(form, "#photo-count", HTMLElement);
const size = { width: Number(frame.dataset.width), height: Number(frame.dataset.height) };
/** @type {Record<string, string>} */
const words = readSettings("photo-words");
/** @type {Rectangle[]} */
const rectangles = readSettings("photo-blurs-now");
const faces = [...form.querySelectorAll("[data-face]")].map((row, index) => ({
  number: index + 1,
  rectangle: /** @type {Rectangle} */ ((row.getAttribute("data-face") ?? "").split(" ").map(Number)),
  said: () => row.querySelector("input:checked")?.getAttribute("value") ?? "",
}));

/** The faces with their numbers; one that nobody answered stands out. */
function faceShapes() {
  return faces.flatMap(({ number, rectangle, said }) => {
    const [x, y, , height] = rectangle;
    const letters = Math.max(size.width / 24, 16);
    const label = shape("text", { x, y: y > letters ? y - 6 : y + height + letters, "font-size": letters, class: "photo-review__number" });
    label.textContent = String(number);
    return [mark(rectangle, `photo-review__face photo-review__face--${said() || "open"}`), label];
  });
}

/** @param {number} n @param {string} none @param {string} one @param {string} many */
function counted(n, none, one, many) {
  return fill(words[n === 0 ? none : n === 1 ? one : many] ?? "", { n });
}

function tell() {
  const count = rectangles.length + faces.filter(({ said }) => said() === "cover").length;
  const left = faces.filter(({ said }) => !said()).length;
  field.value = JSON.stringify(rectangles);
  const sentences = [counted(count, "covered_none", "covered_one", "covered_many"), counted(left, "", "left_one", "left_many")];
  told.textContent = sentences.join(" ").trim();
}

const tool = new Covering(frame, size, rectangles, tell, faceShapes);
needed(form, "#photo-undo", HTMLElement).addEventListener("click", () => tool.undo());
form.addEventListener("change", () => tool.draw());
