/**
 * Where names fit on a map at one zoom. Knows numbers only: the caller measures text.
 *
 * Positions are pixels at the zoom in question.
 */

/** @import { Pixel } from "./mercator.js" */

const CELL = 128;
const STREET_SPACING = 420;
const MAX_BEND = 7;

/**
 * @typedef {{width: number, height: number}} Size
 * @typedef {{x: number, y: number, angle: number}} Spot the middle of a text
 * @typedef {{text: string, kind: string, priority: number} & ({x: number, y: number, line?: undefined} | {line: Pixel[]})} Candidate
 *   a name at a point or along a line
 * @typedef {{text: string, kind: string} & Spot & Size} Label
 * @typedef {{minX: number, minY: number, maxX: number, maxY: number}} Box
 * @typedef {{line: Pixel[], at: number[], length: number}} Path
 */

/**
 * Choose the labels that do not touch each other, the lowest priority number first.
 * @param {Candidate[]} candidates
 * @param {(text: string, kind: string) => {width: number, height: number}} measure in pixels
 * @returns {Label[]}
 */
export function placeLabels(candidates, measure) {
  const taken = new Occupied();
  /** @type {Label[]} */
  const placed = [];
  for (const candidate of [...candidates].sort((a, b) => a.priority - b.priority)) {
    const size = measure(candidate.text, candidate.kind);
    const spots = candidate.line ? alongLine(candidate.line, size.width) : [{ ...candidate, angle: 0 }];
    for (const spot of spots) {
      const label = { ...size, text: candidate.text, kind: candidate.kind, x: spot.x, y: spot.y, angle: spot.angle };
      if (taken.claim(boxesOf(label))) placed.push(label);
    }
  }
  return placed;
}

/** Spots on a line where a text of a width fits without bending, spread evenly. @param {Pixel[]} line @param {number} width */
export function alongLine(line, width) {
  const path = measured(line);
  /** @type {Spot[]} */
  const spots = [];
  const count = Math.max(1, Math.floor(path.length / STREET_SPACING));
  for (let index = 0; index < count; index += 1) {
    const spot = spotAt(path, (path.length * (index + 0.5)) / count, width);
    if (spot) spots.push(spot);
  }
  return spots;
}

/** @param {Path} path @param {number} middle @param {number} width @returns {Spot | null} */
function spotAt(path, middle, width) {
  const from = pointAt(path, middle - width / 2);
  const to = pointAt(path, middle + width / 2);
  const centre = pointAt(path, middle);
  if (!from || !to || !centre) return null;
  const chord = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  if (Math.hypot(to.x - from.x, to.y - from.y) < width * 0.94) return null;
  if (Math.hypot(chord.x - centre.x, chord.y - centre.y) > MAX_BEND) return null;
  let angle = Math.atan2(to.y - from.y, to.x - from.x);
  if (angle > Math.PI / 2) angle -= Math.PI;
  if (angle <= -Math.PI / 2) angle += Math.PI;
  return { ...chord, angle };
}

/** @param {Pixel[]} line @returns {Path} */
function measured(line) {
  const at = [0];
  for (let index = 1; index < line.length; index += 1) {
    at.push(at[index - 1] + Math.hypot(line[index].x - line[index - 1].x, line[index].y - line[index - 1].y));
  }
  return { line, at, length: at[at.length - 1] };
}

/** @param {Path} path @param {number} distance */
function pointAt({ line, at, length }, distance) {
  if (distance < 0 || distance > length) return null;
  let index = 1;
  while (index < at.length - 1 && at[index] < distance) index += 1;
  const span = at[index] - at[index - 1] || 1;
  const share = (distance - at[index - 1]) / span;
  const [a, b] = [line[index - 1], line[index]];
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}

/** A label as upright boxes: one when level, a row of small ones along it when turned. @param {Label} label @returns {Box[]} */
function boxesOf({ x, y, angle, width, height }) {
  const pieces = Math.abs(angle) < 0.1 ? 1 : Math.max(1, Math.ceil(width / height));
  const step = width / pieces;
  const half = { x: (pieces === 1 ? width : height) / 2 + 2, y: height / 2 + 2 };
  return Array.from({ length: pieces }, (_, index) => {
    const along = (index + 0.5) * step - width / 2;
    const centre = { x: x + along * Math.cos(angle), y: y + along * Math.sin(angle) };
    return { minX: centre.x - half.x, maxX: centre.x + half.x, minY: centre.y - half.y, maxY: centre.y + half.y };
  });
}

class Occupied {
  /** @type {Map<string, Box[]>} */
  cells = new Map();

  /** @param {Box[]} boxes */
  claim(boxes) {
    if (boxes.some((box) => this.isTaken(box))) return false;
    for (const box of boxes) for (const cell of this.cellsOf(box)) cell.push(box);
    return true;
  }

  /** @param {Box} box */
  isTaken(box) {
    return this.cellsOf(box).some((cell) =>
      cell.some((other) => box.minX < other.maxX && box.maxX > other.minX && box.minY < other.maxY && box.maxY > other.minY),
    );
  }

  /** @param {Box} box */
  cellsOf(box) {
    /** @type {Box[][]} */
    const cells = [];
    for (let column = Math.floor(box.minX / CELL); column <= Math.floor(box.maxX / CELL); column += 1) {
      for (let row = Math.floor(box.minY / CELL); row <= Math.floor(box.maxY / CELL); row += 1) {
        const key = `${column}:${row}`;
        const cell = this.cells.get(key) ?? [];
        this.cells.set(key, cell);
        cells.push(cell);
      }
    }
    return cells;
  }
}
