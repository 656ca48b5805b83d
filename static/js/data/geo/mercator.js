/** Web mercator in pixels of a world 256 px wide at zoom 0. Positions are [lng, lat] in degrees. */

const WORLD = 256;
const LIMIT = 85.0511287798;

/**
 * @typedef {{x: number, y: number}} Pixel
 * @typedef {Exclude<GeoJSON.Geometry, GeoJSON.GeometryCollection>} Shape
 */

/** [lng, lat] → world pixels at zoom 0; y grows southwards. @param {number[]} position @returns {Pixel} */
export function project([lng, lat]) {
  const sine = Math.sin((Math.max(-LIMIT, Math.min(LIMIT, lat)) * Math.PI) / 180);
  return {
    x: WORLD * (lng / 360 + 0.5),
    y: WORLD * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)),
  };
}

/** Every line of a GeoJSON geometry, projected; a point is a line of one. @param {GeoJSON.Geometry} geometry @returns {Pixel[][]} */
export function projectedLines(geometry) {
  const { type, coordinates } = /** @type {Shape} */ (geometry);
  if (type === "Point") return [[project(coordinates)]];
  if (type === "LineString" || type === "MultiPoint") return [coordinates.map(project)];
  if (type === "Polygon" || type === "MultiLineString") return coordinates.map((line) => line.map(project));
  return coordinates.flatMap((polygon) => polygon.map((ring) => ring.map(project)));
}

/** The smallest rectangle around projected lines. @param {Pixel[][]} lines */
export function boundsOf(lines) {
  const bounds = { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
  for (const { x, y } of lines.flat()) {
    bounds.minX = Math.min(bounds.minX, x);
    bounds.maxX = Math.max(bounds.maxX, x);
    bounds.minY = Math.min(bounds.minY, y);
    bounds.maxY = Math.max(bounds.maxY, y);
  }
  return bounds;
}
