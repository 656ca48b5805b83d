// Marks rectangles on a photo, in pixels of the picture, by finger, mouse or keyboard.

import { needed } from "../../ui/base/parts.js";
import { readSettings } from "../../ui/base/settings.js";

/** @typedef {[number, number, number, number]} Rectangle x, y, width, height */
/** @typedef {{x: number, y: number}} Pixel */

const SVG = "http://www.w3.org/2000/svg";
const STEP = 20;
const frame = needed(document, "#photo-frame", HTMLElement);
const marks = needed(frame, "svg", SVGSVGElement);
const field = needed(document, "#photo-blurs", HTMLInputElement);
const told = needed(document, "#photo-count", HTMLElement);
const size = { width: Number(frame.dataset.width), height: Number(frame.dataset.height) };
/** @type {Rectangle[]} */
const rectangles = readSettings("photo-blurs-now");
/** @type {Rectangle | null} */
let open = null;

/** @param {number} value @param {number} least @param {number} most */
function clamp(value, least, most) {
  return Math.min(Math.max(Math.round(value), least), most);
}

/** @param {Pixel} from @param {Pixel} to @returns {Rectangle} */
function rectangle(from, to) {
  const [left, right] = [from.x, to.x].sort((a, b) => a - b);
  const [top, bottom] = [from.y, to.y].sort((a, b) => a - b);
  return [left, top, right - left, bottom - top];
}

/** @param {PointerEvent} event @returns {Pixel} */
function at(event) {
  const box = marks.getBoundingClientRect();
  return {
    x: clamp(((event.clientX - box.left) / box.width) * size.width, 0, size.width - 1),
    y: clamp(((event.clientY - box.top) / box.height) * size.height, 0, size.height - 1),
  };
}

/** @param {Rectangle} rectangle @param {string} className */
function mark([x, y, width, height], className) {
  const shape = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x, y, width, height })) shape.setAttribute(name, String(value));
  shape.setAttribute("class", className);
  return shape;
}

function draw() {
  const shapes = rectangles.map((one) => mark(one, "photo-review__mark"));
  if (open) shapes.push(mark(open, "photo-review__mark photo-review__mark--open"));
  marks.replaceChildren(...shapes);
  field.value = JSON.stringify(rectangles);
  const count = rectangles.length;
  told.textContent = count === 0 ? "Sin zonas tapadas." : count === 1 ? "1 zona tapada." : `${count} zonas tapadas.`;
}

function keep() {
  if (open && open[2] > 3 && open[3] > 3) rectangles.push(open);
  open = null;
  draw();
}

/** @type {Pixel | null} */
let start = null;
frame.addEventListener("pointerdown", (event) => {
  start = at(event);
  frame.setPointerCapture(event.pointerId);
});
frame.addEventListener("pointermove", (event) => {
  if (!start) return;
  open = rectangle(start, at(event));
  draw();
});
frame.addEventListener("pointerup", () => {
  start = null;
  keep();
});
frame.addEventListener("pointercancel", () => {
  start = null;
  open = null;
  draw();
});

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
frame.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && open) {
    event.preventDefault();
    keep();
  } else if (event.key === "Escape") {
    open = null;
    draw();
  } else if (ARROWS[event.key]) {
    event.preventDefault();
    moveOpen(ARROWS[event.key], event.shiftKey);
  }
});

/** @param {[number, number]} way @param {boolean} grow */
function moveOpen([dx, dy], grow) {
  const [x, y, width, height] = open ?? [size.width / 2 - 60, size.height / 2 - 40, 120, 80].map(Math.round);
  open = grow
    ? [x, y, clamp(width + dx * STEP, STEP, size.width - x), clamp(height + dy * STEP, STEP, size.height - y)]
    : [clamp(x + dx * STEP, 0, size.width - width), clamp(y + dy * STEP, 0, size.height - height), width, height];
  draw();
}

needed(document, "#photo-undo", HTMLElement).addEventListener("click", () => {
  rectangles.pop();
  draw();
});
draw();
