/** Problems and clusters as Leaflet layers, drawn on one canvas: shape and colour tell the status. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { clusterRadiusOf, radiusOf } from "../../data/issues/sizes.js";
import { colour } from "../base/colours.js";
import { trace } from "./shapes.js";

const FULL = 2 * Math.PI;

/** @import { Mark, Statuses } from "../../data/issues/statuses.js" */

/**
 * @typedef {{x: number, y: number}} Pixels
 * @typedef {(context: CanvasRenderingContext2D, point: Pixels, radius: number) => void} Draw
 * @typedef {{statuses: Statuses, ofMark: Record<string, string>, surface: string, ink: string, edge: string, urgent: string}} Look
 */

/**
 * The table of statuses with the colours of the theme that is on now.
 * @param {Statuses} statuses
 * @returns {Look}
 */
export function lookNow(statuses) {
  const ofMark = Object.fromEntries(statuses.marks.map(({ name }) => [name, colour(`status-${name}`)]));
  return {
    statuses,
    ofMark,
    surface: colour("surface"),
    ink: colour("ink"),
    edge: colour("status-edge"),
    urgent: colour("bad"),
  };
}

/** A layer that a canvas renderer draws by a function of its own; `size`: the radius of what is drawn. */
export class Drawn extends L.CircleMarker {
  /** @param {L.LatLng} at @param {number} size @param {Draw} draw @param {L.CircleMarkerOptions} options */
  constructor(at, size, draw, options) {
    super(at, options);
    this.size = size;
    this.draw = draw;
  }

  _updatePath() {
    const { _ctx: context, _drawing: isDrawing } = this._renderer;
    if (!context || !isDrawing || this._empty()) return;
    context.save();
    this.draw(context, this._point, this.size);
    context.restore();
  }
}

/**
 * The mark of one problem.
 * @param {L.LatLng} at
 * @param {{status: string, index: number | null, urgent: boolean}} issue
 * @param {Look} look
 */
export function issueMark(at, issue, look) {
  const size = radiusOf(issue.index);
  const mark = look.statuses.markOf(issue.status);
  return new Drawn(
    at,
    size,
    (context, point, radius) => {
      if (issue.urgent) drawRing(context, point, radius + 4.5, look);
      drawMark(context, point, radius, mark, look);
    },
    { radius: size + 5 },
  );
}

/**
 * The mark of several problems: their number in a ring shared out by status.
 * @param {L.LatLng} at
 * @param {{count: number, marks: number[], urgent?: boolean}} cluster numbers in the order of the legend
 * @param {Look} look
 */
export function clusterMark(at, cluster, look) {
  const size = clusterRadiusOf(cluster.count);
  /** @type {Draw} */
  const draw = (context, point, radius) => {
    if (cluster.urgent) drawRing(context, point, radius + 4.5, look);
    drawCluster(context, point, radius, cluster, look);
  };
  return new Drawn(at, size, draw, { radius: size + 2 });
}

/**
 * A ring around the problem that is looked at in the list.
 * @param {L.LatLng} at
 * @param {Look} look
 */
export function pickMark(at, look) {
  return new Drawn(at, 19, (context, point, radius) => drawPick(context, point, radius, look), {
    radius: 24,
    interactive: false,
  });
}

/** @param {CanvasRenderingContext2D} context @param {Pixels} point @param {number} radius @param {Look} look */
function drawPick(context, { x, y }, radius, { surface, ink }) {
  /** @type {[number, string][]} */
  const strokes = [
    [7, surface],
    [4, ink],
  ];
  for (const [width, stroke] of strokes) {
    context.lineWidth = width;
    context.strokeStyle = stroke;
    context.beginPath();
    context.arc(x, y, radius, 0, FULL);
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Pixels} point @param {number} radius @param {Mark} mark @param {Look} look */
function drawMark(context, point, radius, { name, shape }, look) {
  trace(context, shape, point, radius);
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = look.surface;
  context.stroke();
  context.fillStyle = look.ofMark[name];
  context.fill();
  context.lineWidth = 1.3;
  context.strokeStyle = look.edge;
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Pixels} point @param {number} radius @param {Look} look */
function drawRing(context, { x, y }, radius, look) {
  context.beginPath();
  context.arc(x, y, radius, 0, FULL);
  context.fillStyle = look.surface;
  context.globalAlpha = 0.75;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 2.5;
  context.strokeStyle = look.urgent;
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Pixels} point
 * @param {number} radius
 * @param {{count: number, marks: number[]}} cluster
 * @param {Look} look
 */
function drawCluster(context, { x, y }, radius, { count, marks }, look) {
  context.beginPath();
  context.arc(x, y, radius + 2, 0, FULL);
  context.fillStyle = look.surface;
  context.fill();
  let angle = -Math.PI / 2;
  marks.forEach((number, index) => {
    if (!number) return;
    const end = angle + (FULL * number) / count;
    context.beginPath();
    context.arc(x, y, radius - 2, angle, end);
    context.lineWidth = 5;
    context.strokeStyle = look.ofMark[look.statuses.marks[index].name];
    context.stroke();
    angle = end;
  });
  context.fillStyle = look.ink;
  context.font = `700 ${count > 999 ? 11 : 13}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(shortNumber(count), x, y + 0.5);
}

/** @param {number} count */
function shortNumber(count) {
  return count < 10_000 ? String(count) : `${Math.floor(count / 1000)} mil`;
}
