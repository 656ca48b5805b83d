/**
 * Rectangles drawn over a picture, in its own pixels, by finger, mouse or keyboard.
 *
 * The frame holds an `img` and over it an `svg`; both are as large as it is.
 */

import { needed } from "./parts.js";

/** @typedef {[number, number, number, number]} Rectangle x, y, width, height */
/** @typedef {{x: number, y: number}} Pixel */

const SVG = "http://www.w3.org/2000/svg";
const STEP = 20;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A shape of SVG. @param {string} name @param {Record<string, string | number>} attributes */
export function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

export class Covering {
  /**
   * @param {HTMLElement} frame
   * @param {{width: number, height: number}} size of the picture in pixels
   * @param {Rectangle[]} rectangles what is covered already; drawn ones are added to it
   * @param {() => void} onChange
   * @param {() => Element[]} beneath shapes of others, drawn under ours
   */
  constructor(frame, size, rectangles, onChange, beneath = () => []) {
    this.marks = needed(frame, "svg", SVGSVGElement);
    this.frame = frame;
    this.size = size;
    this.rectangles = rectangles;
    this.onChange = onChange;
    this.beneath = beneath;
    /** @type {Rectangle | null} */
    this.open = null;
    /** @type {Pixel | null} */
    this.start = null;
    this.listen();
    this.draw();
  }

  listen() {
    this.frame.addEventListener("pointerdown", (event) => {
      this.start = this.at(event);
      this.frame.setPointerCapture(event.pointerId);
    });
    this.frame.addEventListener("pointermove", (event) => {
      if (!this.start) return;
      this.open = between(this.start, this.at(event));
      this.draw();
    });
    this.frame.addEventListener("pointerup", () => {
      this.start = null;
      this.keep();
    });
    this.frame.addEventListener("pointercancel", () => this.drop());
    this.frame.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** @param {PointerEvent} event @returns {Pixel} */
  at(event) {
    const box = this.marks.getBoundingClientRect();
    return {
      x: clamp(((event.clientX - box.left) / box.width) * this.size.width, 0, this.size.width - 1),
      y: clamp(((event.clientY - box.top) / box.height) * this.size.height, 0, this.size.height - 1),
    };
  }

  draw() {
    const shapes = this.rectangles.map((one) => mark(one, "photo-review__mark"));
    if (this.open) shapes.push(mark(this.open, "photo-review__mark photo-review__mark--open"));
    this.marks.replaceChildren(...this.beneath(), ...shapes);
    this.onChange();
  }

  keep() {
    if (this.open && this.open[2] > 3 && this.open[3] > 3) this.rectangles.push(this.open);
    this.drop();
  }

  drop() {
    this.start = null;
    this.open = null;
    this.draw();
  }

  undo() {
    this.rectangles.pop();
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key === "Enter" && this.open) {
      event.preventDefault();
      this.keep();
    } else if (event.key === "Escape" && this.open) {
      event.stopPropagation();
      this.drop();
    } else if (ARROWS[event.key]) {
      event.preventDefault();
      this.move(ARROWS[event.key], event.shiftKey);
    }
  }

  /** @param {[number, number]} way @param {boolean} grow */
  move([dx, dy], grow) {
    const { width: most, height: deepest } = this.size;
    const [x, y, width, height] = this.open ?? [most / 2 - 60, deepest / 2 - 40, 120, 80].map(Math.round);
    this.open = grow
      ? [x, y, clamp(width + dx * STEP, STEP, most - x), clamp(height + dy * STEP, STEP, deepest - y)]
      : [clamp(x + dx * STEP, 0, most - width), clamp(y + dy * STEP, 0, deepest - height), width, height];
    this.draw();
  }
}

/** @param {Rectangle} rectangle @param {string} className */
export function mark([x, y, width, height], className) {
  return shape("rect", { x, y, width, height, class: className });
}

/** @param {number} value @param {number} least @param {number} most */
function clamp(value, least, most) {
  return Math.min(Math.max(Math.round(value), least), most);
}

/** @param {Pixel} from @param {Pixel} to @returns {Rectangle} */
function between(from, to) {
  const [left, right] = [from.x, to.x].sort((a, b) => a - b);
  const [top, bottom] = [from.y, to.y].sort((a, b) => a - b);
  return [left, top, right - left, bottom - top];
}
