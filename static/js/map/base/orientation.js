/** The project's own map: neighbourhoods, streets, squares, stations and crossings, drawn on canvas tiles. */

import * as L from "../../../leaflet/dist/leaflet-src.esm.js";
import { boundsOf, project, projectedLines } from "../../data/geo/mercator.js";
import { placeLabels } from "../../data/geo/place-labels.js";

/** @import { Pixel } from "../../data/geo/mercator.js" */

/** @import { Candidate, Label } from "../../data/geo/place-labels.js" */

/** @import { MapFeature, Orientation } from "#types/walk" */

/**
 * @typedef {"ground" | "lines" | "spots" | "names"} Part
 * @typedef {keyof typeof STYLES} LabelKind
 * @typedef {ReturnType<typeof prepare>} Prepared
 * @typedef {{left: number, top: number, size: number, zoom: number, scale: number}} Frame a tile in pixels of its zoom
 * @typedef {HTMLCanvasElement & {frame: Frame}} Tile
 */

const COLOURS = [
  "outside",
  "area",
  "boundary",
  "street",
  "street-case",
  "street-main",
  "street-main-case",
  "green",
  "green-line",
  "station",
  "label",
  "halo",
];
const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
// From which zoom a rank is drawn and named.
const STREET_FROM = [10, 12, 14, 15];
const STREET_NAMED_FROM = [13, 14, 15, 16];
const SPOT_NAMED_FROM = [13, 15, 16, 17];
const CROSSING_FROM = 16;
const TERRITORY_NAMED_TO = 15;
// Milliseconds of painting in one frame.
const FRAME_BUDGET = 6;
// What a base map may lie between: the first beneath it, the others above it where they are lifted.
/** @type {Part[]} */
const PARTS = ["ground", "lines", "spots", "names"];
const SPOT_KINDS = new Set(["landmark", "school", "nursery", "clinic", "seniors"]);

export class OrientationLayer extends L.GridLayer {
  /** @param {Orientation} data @param {L.GridLayerOptions} options */
  constructor(data, options) {
    super({ updateWhenZooming: false, keepBuffer: 3, pane: "tilePane", minZoom: 0, ...options });
    this.features = data.features.map(prepare);
    /** @type {Map<number, Label[]>} */
    this.labels = new Map();
    /** @type {{tile: Tile, done: () => void}[]} */
    this.waiting = [];
    this.parts = PARTS;
    /** @type {OrientationLayer | null} what is drawn above the base map */
    this.above = null;
    /** @type {number | null} code of the marked neighbourhood */
    this.picked = null;
    /** @type {number | null} the frame that paints */
    this.working = null;
    /** @type {Record<string, string>} */
    this.colours = {};
    this.readColours();
  }

  /** Draw another document in place of the one that is shown. @param {Orientation} data */
  setData(data) {
    this.features = data.features.map(prepare);
    this.labels.clear();
    if (this.above) this.above.features = this.features;
    this.repaint();
  }

  /** Draw again in the colours of the theme that is on now. */
  refresh() {
    this.readColours();
    this.labels.clear();
    if (this.above) this.above.colours = this.colours;
    this.repaint();
  }

  /** Mark one neighbourhood by its code, or none with null. @param {number | null} code */
  emphasise(code) {
    if (this.picked === code) return;
    this.picked = code;
    if (this.above) this.above.picked = code;
    this.repaint();
  }

  /**
   * Draw some parts ("lines", "spots", "names") above what lies between, the others beneath; none: all beneath.
   * Where the base map has a hole, both together show the same map as ever.
   * @param {Part[]} parts
   * @param {number} zIndex
   */
  lift(parts, zIndex) {
    if (!parts.length && !this.above) return;
    this.above?.remove();
    this.above = null;
    this.parts = PARTS.filter((part) => !parts.includes(part));
    if (parts.length) this.above = this.companion(parts, zIndex).addTo(this._map);
    this.repaint();
  }

  /** A layer of the same things, labels placed once for both. @param {Part[]} parts @param {number} zIndex */
  companion(parts, zIndex) {
    const { features, labels, colours, picked } = this;
    const made = new OrientationLayer({ type: "FeatureCollection", features: [] }, { zIndex });
    return Object.assign(made, { features, labels, colours, picked, parts });
  }

  readColours() {
    const style = getComputedStyle(document.documentElement);
    this.colours = Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]));
    this.colours.pick = style.getPropertyValue("--map-pick").trim();
  }

  /** The tile is painted in one of the next frames: a finger that drags the map never waits for it. @param {L.Coords} coords @param {L.DoneCallback} done */
  createTile({ x, y, z }, done) {
    const canvas = document.createElement("canvas");
    const size = this.getTileSize();
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = size.x * ratio;
    canvas.height = size.y * ratio;
    contextOf(canvas).scale(ratio, ratio);
    const frame = { left: x * size.x, top: y * size.y, size: size.x, zoom: z, scale: 2 ** z };
    const tile = Object.assign(canvas, { frame });
    this.paintLater(tile, () => done(undefined, tile));
    return tile;
  }

  /** @param {Tile} tile @param {() => void} done */
  paintLater(tile, done) {
    this.waiting.push({ tile, done });
    this.working ??= requestAnimationFrame(() => this.work());
  }

  /** Paint the tiles that are there once more, in their places: nothing blinks. */
  repaint() {
    this.above?.repaint();
    for (const { el } of Object.values(this._tiles ?? {})) this.paintLater(/** @type {Tile} */ (el), () => {});
  }

  /** Paint what waits, as much as fits into a frame; tiles that left meanwhile are not painted. */
  work() {
    const end = performance.now() + FRAME_BUDGET;
    do {
      const next = this.waiting.shift();
      if (!next?.tile.isConnected) continue;
      this.paint(contextOf(next.tile), next.tile.frame);
      next.done();
    } while (this.waiting.length && performance.now() < end);
    this.working = this.waiting.length ? requestAnimationFrame(() => this.work()) : null;
  }

  /** @param {CanvasRenderingContext2D} context @param {Frame} frame */
  paint(context, frame) {
    const seen = this.features.filter((feature) => isSeen(feature, frame));
    context.clearRect(0, 0, frame.size, frame.size);
    if (this.draws("ground")) this.paintGround(context, seen, frame);
    if (this.draws("lines")) this.paintBoundaries(context, seen, frame);
    this.paintSpots(context, seen, frame);
    this.paintLabels(context, frame);
  }

  /** @param {Part} part */
  draws(part) {
    return this.parts.includes(part);
  }

  /** @param {CanvasRenderingContext2D} context @param {Prepared[]} seen @param {Frame} frame */
  paintGround(context, seen, frame) {
    fillAll(context, this.colours.outside, frame.size);
    this.paintAreas(context, seen, frame);
    this.paintSquares(context, seen, frame);
    this.paintStreets(context, seen, frame);
  }

  /** @param {CanvasRenderingContext2D} context @param {Prepared[]} seen @param {Frame} frame */
  paintAreas(context, seen, frame) {
    context.fillStyle = this.colours.area;
    for (const feature of seen.filter(({ kind }) => kind === "territory")) {
      trace(context, feature.lines, frame, true);
      context.fill("evenodd");
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {Prepared[]} seen @param {Frame} frame */
  paintSquares(context, seen, frame) {
    context.fillStyle = this.colours.green;
    context.strokeStyle = this.colours["green-line"];
    context.lineWidth = 1;
    for (const feature of seen.filter(({ kind, isArea }) => kind === "square" && isArea)) {
      trace(context, feature.lines, frame, true);
      context.fill();
      context.stroke();
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {Prepared[]} seen @param {Frame} frame */
  paintStreets(context, seen, frame) {
    const streets = seen.filter(({ kind, rank }) => kind === "street" && frame.zoom >= STREET_FROM[rank]);
    streets.sort((a, b) => b.rank - a.rank);
    context.lineCap = context.lineJoin = "round";
    for (const part of ["-case", ""]) {
      for (const street of streets) {
        const main = street.rank === 0 ? "-main" : "";
        context.strokeStyle = this.colours[`street${main}${part}`];
        context.lineWidth = streetWidth(street.rank, frame.zoom) + (part ? 2 : 0);
        trace(context, street.lines, frame, false);
        context.stroke();
      }
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {Prepared[]} seen @param {Frame} frame */
  paintBoundaries(context, seen, frame) {
    const territories = seen.filter(({ kind }) => kind === "territory");
    context.lineJoin = "round";
    context.strokeStyle = this.colours.boundary;
    context.globalAlpha = 0.14;
    context.lineWidth = frame.zoom >= 14 ? 7 : 5;
    strokeEach(context, territories, frame);
    context.globalAlpha = 0.75;
    context.lineWidth = frame.zoom >= 14 ? 1.8 : 1.2;
    if (frame.zoom >= 14) context.setLineDash([9, 5]);
    strokeEach(context, territories, frame);
    context.setLineDash([]);
    context.globalAlpha = 1;
    this.paintPicked(context, territories, frame);
  }

  /** @param {CanvasRenderingContext2D} context @param {Prepared[]} territories @param {Frame} frame */
  paintPicked(context, territories, frame) {
    const picked = territories.filter(({ code }) => code === this.picked);
    context.strokeStyle = context.fillStyle = this.colours.pick;
    context.lineWidth = 3;
    for (const feature of picked) {
      trace(context, feature.lines, frame, true);
      context.globalAlpha = 0.07;
      context.fill("evenodd");
      context.globalAlpha = 1;
      context.stroke();
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {Prepared[]} seen @param {Frame} frame */
  paintSpots(context, seen, frame) {
    for (const feature of seen.filter(({ kind }) => this.draws(partOf(kind)))) {
      const [{ x, y }] = feature.lines[0];
      const at = { x: x * frame.scale - frame.left, y: y * frame.scale - frame.top };
      if (feature.kind === "station" && frame.zoom >= 12) this.paintStation(context, at);
      if (feature.kind === "crossing" && frame.zoom >= CROSSING_FROM) this.paintDot(context, at, "street-main-case", 2.5);
      if (SPOT_KINDS.has(feature.kind) && !feature.isLine && frame.zoom >= SPOT_NAMED_FROM[feature.rank]) {
        this.paintDot(context, at, "label", 3);
      }
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {Pixel} at */
  paintStation(context, { x, y }) {
    context.fillStyle = this.colours.station;
    context.strokeStyle = this.colours.halo;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.stroke();
    context.fill();
    context.fillStyle = this.colours.halo;
    context.font = `700 9px ${FAMILY}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("M", x, y + 0.5);
  }

  /** @param {CanvasRenderingContext2D} context @param {Pixel} at @param {string} colour @param {number} radius */
  paintDot(context, { x, y }, colour, radius) {
    context.fillStyle = this.colours[colour];
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }

  /** @param {CanvasRenderingContext2D} context @param {Frame} frame */
  paintLabels(context, frame) {
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const label of this.labelsAt(frame.zoom)) {
      if (!this.draws(partOf(label.kind))) continue;
      const reach = label.width / 2 + label.height;
      const [x, y] = [label.x - frame.left, label.y - frame.top];
      if (x < -reach || y < -reach || x > frame.size + reach || y > frame.size + reach) continue;
      context.save();
      context.translate(x, y);
      context.rotate(label.angle);
      this.write(context, label);
      context.restore();
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {Label} label */
  write(context, { text, kind }) {
    const lines = text.split("\n");
    const { size } = styleOf(kind);
    context.font = fontOf(kind);
    context.strokeStyle = this.colours.halo;
    context.fillStyle = kind === "territory" ? this.colours.boundary : kind === "station" ? this.colours.station : this.colours.label;
    context.lineWidth = kind === "territory" ? 4 : 3.5;
    lines.forEach((line, index) => {
      const y = (index - (lines.length - 1) / 2) * size * 1.12;
      context.strokeText(line, 0, y);
      context.fillText(line, 0, y);
    });
  }

  /** @param {number} zoom */
  labelsAt(zoom) {
    const known = this.labels.get(zoom);
    if (known) return known;
    const scale = 2 ** zoom;
    const placed = placeLabels(
      this.features.flatMap((feature) => candidatesOf(feature, zoom, scale)),
      measure,
    );
    this.labels.set(zoom, placed);
    return placed;
  }
}

const STYLES = {
  territory: { weight: 700, size: 13.5, rank: 0 },
  station: { weight: 700, size: 11, rank: 200 },
  square: { weight: 600, size: 11, rank: 300 },
  spot: { weight: 600, size: 11, rank: 320 },
  street: { weight: 500, size: 11, rank: 400 },
  crossing: { weight: 400, size: 10, rank: 900 },
};
const ruler = contextOf(document.createElement("canvas"));

/** @param {string} kind of a label */
function styleOf(kind) {
  return STYLES[/** @type {LabelKind} */ (kind)];
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/** Which part of the map a kind of thing, or of label, belongs to. @param {string} kind @returns {Part} */
function partOf(kind) {
  if (kind === "territory") return "lines";
  return kind === "street" || kind === "crossing" ? "names" : "spots";
}

/** @param {MapFeature} feature */
function prepare(feature) {
  const { geometry, properties } = feature;
  const lines = projectedLines(geometry);
  return {
    kind: properties.kind,
    name: properties.name ?? "",
    code: properties.code,
    lines,
    bounds: boundsOf(lines),
    isArea: geometry.type.endsWith("Polygon"),
    isLine: geometry.type.endsWith("LineString"),
    labelAt: properties.label ? project(properties.label) : null,
    rank: Math.min(Number(properties.rank ?? 0), 3),
  };
}

/** @param {Prepared} feature @param {number} zoom @param {number} scale @returns {Candidate[]} */
function candidatesOf(feature, zoom, scale) {
  const kind = SPOT_KINDS.has(feature.kind) ? "spot" : feature.kind;
  const style = styleOf(kind);
  if (!style || zoom < namedFrom(feature, kind) || (kind === "territory" && zoom > TERRITORY_NAMED_TO)) return [];
  const base = { text: feature.name, kind, priority: style.rank + feature.rank * 60 };
  if (feature.isLine) return feature.lines.map((line) => ({ ...base, line: scaled(line, scale) }));
  if (kind === "territory" && feature.labelAt) return [{ ...base, text: folded(feature.name), ...scaledPoint(feature.labelAt, scale) }];
  const below = feature.isArea ? 0 : 15;
  const centre = feature.isArea ? middleOf(feature.bounds) : feature.lines[0][0];
  const { x, y } = scaledPoint(centre, scale);
  return [{ ...base, x, y: y + below }];
}

/** @param {Prepared} feature @param {string} kind */
function namedFrom({ rank }, kind) {
  if (kind === "territory") return 11;
  if (kind === "station") return 13;
  if (kind === "crossing") return 18;
  return kind === "street" ? STREET_NAMED_FROM[rank] : SPOT_NAMED_FROM[rank];
}

/** Long names of neighbourhoods take two lines. @param {string} name */
function folded(name) {
  const words = name.split(" ");
  if (name.length < 12 || words.length < 2) return name;
  let best = 1;
  const imbalance = (/** @type {number} */ cut) => Math.abs(words.slice(0, cut).join(" ").length - words.slice(cut).join(" ").length);
  for (let cut = 1; cut < words.length; cut += 1) if (imbalance(cut) < imbalance(best)) best = cut;
  return `${words.slice(0, best).join(" ")}\n${words.slice(best).join(" ")}`;
}

/** @param {string} text @param {string} kind */
function measure(text, kind) {
  const lines = text.split("\n");
  ruler.font = fontOf(kind);
  return {
    width: Math.max(...lines.map((line) => ruler.measureText(line).width)),
    height: lines.length * styleOf(kind).size * 1.2,
  };
}

/** @param {string} kind */
function fontOf(kind) {
  const { weight, size } = styleOf(kind);
  return `${weight} ${size}px ${FAMILY}`;
}

/** @param {number} rank @param {number} zoom */
function streetWidth(rank, zoom) {
  const base = [2.6, 1.8, 1.3, 1][rank];
  return base * Math.max(0.7, 1.42 ** (zoom - 13));
}

/** @param {Pixel} point @param {number} scale */
function scaledPoint({ x, y }, scale) {
  return { x: x * scale, y: y * scale };
}

/** @param {Pixel[]} line @param {number} scale */
function scaled(line, scale) {
  return line.map((point) => scaledPoint(point, scale));
}

/** @param {Prepared["bounds"]} bounds */
function middleOf({ minX, minY, maxX, maxY }) {
  return { x: (minX + maxX) / 2, y: (minY + maxY) / 2 };
}

/** @param {Prepared} feature @param {Frame} frame */
function isSeen({ bounds }, { left, top, size, scale }) {
  const margin = 16;
  return (
    bounds.maxX * scale >= left - margin &&
    bounds.minX * scale <= left + size + margin &&
    bounds.maxY * scale >= top - margin &&
    bounds.minY * scale <= top + size + margin
  );
}

/** @param {CanvasRenderingContext2D} context @param {string} colour @param {number} size */
function fillAll(context, colour, size) {
  context.fillStyle = colour;
  context.fillRect(0, 0, size, size);
}

/** @param {CanvasRenderingContext2D} context @param {Prepared[]} features @param {Frame} frame */
function strokeEach(context, features, frame) {
  for (const feature of features) {
    trace(context, feature.lines, frame, true);
    context.stroke();
  }
}

/** @param {CanvasRenderingContext2D} context @param {Pixel[][]} lines @param {Frame} frame @param {boolean} isClosed */
function trace(context, lines, { left, top, scale }, isClosed) {
  context.beginPath();
  for (const line of lines) {
    line.forEach(({ x, y }, index) => {
      const [px, py] = [x * scale - left, y * scale - top];
      if (index) context.lineTo(px, py);
      else context.moveTo(px, py);
    });
    if (isClosed) context.closePath();
  }
}
