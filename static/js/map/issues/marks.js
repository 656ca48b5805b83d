/** Problems and clusters as Leaflet layers, drawn on one canvas: shape and colour tell the status. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { clusterRadiusOf, MARKS, markOf, radiusOf } from "../../data/issues/marks.js";

const FULL = 2 * Math.PI;

/** The colours of the theme that is on now. */
export function readColours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  const marks = Object.fromEntries(MARKS.map((name) => [name, read(`status-${name}`)]));
  return { ...marks, surface: read("surface"), ink: read("ink"), edge: read("status-edge"), urgent: read("bad"), pick: read("map-pick") };
}

/** A layer that a canvas renderer draws by `options.draw(context, {x, y}, radius)`. */
const Drawn = L.CircleMarker.extend({
  _updatePath() {
    const renderer = this._renderer;
    if (!renderer._drawing || this._empty()) return;
    const context = renderer._ctx;
    context.save();
    this.options.draw(context, this._point, this.options.size);
    context.restore();
  },
});

/**
 * The mark of one problem.
 * @param {L.LatLng} at
 * @param {{status: string, index: number|null, urgent: boolean}} issue
 * @param {object} colours from readColours()
 */
export function issueMark(at, issue, colours) {
  const size = radiusOf(issue.index);
  const draw = (context, point, radius) => {
    if (issue.urgent) drawRing(context, point, radius + 4.5, colours);
    drawMark(context, point, radius, markOf(issue.status), colours);
  };
  return new Drawn(at, { radius: size + 5, size, draw });
}

/**
 * The mark of several problems: their number in a ring shared out by status.
 * @param {L.LatLng} at
 * @param {{count: number, marks: number[]}} cluster numbers in the order of MARKS
 * @param {object} colours from readColours()
 */
export function clusterMark(at, cluster, colours) {
  const size = clusterRadiusOf(cluster.count);
  const draw = (context, point, radius) => drawCluster(context, point, radius, cluster, colours);
  return new Drawn(at, { radius: size + 2, size, draw });
}

/** A ring around the problem that is looked at in the list. */
export function pickMark(at, colours) {
  const draw = (context, { x, y }, radius) => {
    for (const [width, colour] of [[7, colours.surface], [4, colours.ink]]) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.beginPath();
      context.arc(x, y, radius, 0, FULL);
      context.stroke();
    }
  };
  return new Drawn(at, { radius: 24, size: 19, draw, interactive: false });
}

function drawMark(context, { x, y }, radius, mark, colours) {
  context.beginPath();
  PATHS[mark](context, x, y, radius);
  context.closePath();
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = colours.surface;
  context.stroke();
  context.fillStyle = colours[mark];
  context.fill();
  context.lineWidth = 1.3;
  context.strokeStyle = colours.edge;
  context.stroke();
}

function drawRing(context, { x, y }, radius, colours) {
  context.beginPath();
  context.arc(x, y, radius, 0, FULL);
  context.fillStyle = colours.surface;
  context.globalAlpha = 0.75;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 2.5;
  context.strokeStyle = colours.urgent;
  context.stroke();
}

function drawCluster(context, { x, y }, radius, { count, marks }, colours) {
  context.beginPath();
  context.arc(x, y, radius + 2, 0, FULL);
  context.fillStyle = colours.surface;
  context.fill();
  let angle = -Math.PI / 2;
  marks.forEach((number, index) => {
    if (!number) return;
    const end = angle + (FULL * number) / count;
    context.beginPath();
    context.arc(x, y, radius - 2, angle, end);
    context.lineWidth = 5;
    context.strokeStyle = colours[MARKS[index]];
    context.stroke();
    angle = end;
  });
  context.fillStyle = colours.ink;
  context.font = `700 ${count > 999 ? 11 : 13}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(shortNumber(count), x, y + 0.5);
}

function shortNumber(count) {
  return count < 10_000 ? String(count) : `${Math.floor(count / 1000)} mil`;
}

function polygon(corners, turn, stretch = 1) {
  return (context, x, y, radius) => {
    for (let corner = 0; corner < corners; corner += 1) {
      const angle = turn + (FULL * corner) / corners;
      context.lineTo(x + stretch * radius * Math.cos(angle), y + stretch * radius * Math.sin(angle));
    }
  };
}

function cross(context, x, y, radius) {
  const thick = radius * 0.36;
  const arms = [[0, thick], [radius - thick, radius], [radius, radius - thick], [thick, 0]];
  for (const [turnX, turnY, flip] of [[1, 1, true], [1, -1, false], [-1, -1, true], [-1, 1, false]]) {
    const ordered = flip ? arms : [...arms].reverse();
    for (const [dx, dy] of ordered) context.lineTo(x + turnX * dx, y + turnY * dy);
  }
}

const PATHS = {
  new: (context, x, y, radius) => context.arc(x, y, radius * 0.95, 0, FULL),
  validated: polygon(3, -Math.PI / 2, 1.22),
  handed: polygon(4, Math.PI / 4, 1.22),
  working: polygon(4, 0, 1.22),
  done: polygon(6, 0, 1.08),
  closed: cross,
};
