/** The shapes of the legend as paths on a canvas, shared by the public map, the desk's and the tablet's. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";

/** @import { Shape } from "../../data/issues/statuses.js" */

/**
 * @typedef {(context: CanvasRenderingContext2D, x: number, y: number, radius: number) => void} Path
 */

const FULL = 2 * Math.PI;
/** @type {[number, number, boolean][]} */
const QUARTERS = [
  [1, 1, true],
  [1, -1, false],
  [-1, -1, true],
  [-1, 1, false],
];

/** @type {Record<Shape, Path>} */
export const PATHS = {
  circle: (context, x, y, radius) => context.arc(x, y, radius * 0.95, 0, FULL),
  triangle: polygon(3, -Math.PI / 2, 1.22),
  square: polygon(4, Math.PI / 4, 1.22),
  diamond: polygon(4, 0, 1.22),
  hexagon: polygon(6, 0, 1.08),
  cross,
};

/**
 * Make a shape the context's path.
 * @param {CanvasRenderingContext2D} context
 * @param {Shape} shape
 * @param {{x: number, y: number}} middle
 * @param {number} radius in pixels
 */
export function trace(context, shape, { x, y }, radius) {
  context.beginPath();
  PATHS[shape](context, x, y, radius);
  context.closePath();
}

/** A circle marker of a canvas with `options.shape`, filled and edged by its own style. */
export class ShapeMarker extends L.CircleMarker {
  _updatePath() {
    const context = this._renderer._ctx;
    if (this._empty() || !context || !this.options.shape) return;
    trace(context, this.options.shape, this._point, this._radius);
    this._renderer._fillStroke(context, this);
  }
}

/**
 * @param {number} corners
 * @param {number} turn of the first corner, in radians
 * @param {number} stretch of the radius, so that all shapes look equally large
 * @returns {Path}
 */
function polygon(corners, turn, stretch) {
  return (context, x, y, radius) => {
    for (let corner = 0; corner < corners; corner += 1) {
      const angle = turn + (FULL * corner) / corners;
      context.lineTo(x + stretch * radius * Math.cos(angle), y + stretch * radius * Math.sin(angle));
    }
  };
}

/** @type {Path} */
function cross(context, x, y, radius) {
  const thick = radius * 0.36;
  const arms = [
    [0, thick],
    [radius - thick, radius],
    [radius, radius - thick],
    [thick, 0],
  ];
  for (const [turnX, turnY, flip] of QUARTERS) {
    for (const [dx, dy] of flip ? arms : [...arms].reverse()) context.lineTo(x + turnX * dx, y + turnY * dy);
  }
}
