/** Web mercator in pixels of a world 256 px wide at zoom 0. Positions are [lng, lat] in degrees. */

const WORLD = 256;
const LIMIT = 85.0511287798;

/** [lng, lat] → {x, y} in world pixels at zoom 0; y grows southwards. */
export function project([lng, lat]) {
  const sine = Math.sin((Math.max(-LIMIT, Math.min(LIMIT, lat)) * Math.PI) / 180);
  return {
    x: WORLD * (lng / 360 + 0.5),
    y: WORLD * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)),
  };
}

/** Every line (array of {x, y}) of a GeoJSON geometry, projected; a point is a line of one. */
export function projectedLines(geometry) {
  const { type, coordinates } = geometry;
  if (type === "Point") return [[project(coordinates)]];
  if (type === "LineString" || type === "MultiPoint") return [coordinates.map(project)];
  if (type === "Polygon" || type === "MultiLineString") return coordinates.map((line) => line.map(project));
  return coordinates.flatMap((polygon) => polygon.map((ring) => ring.map(project)));
}

/** The smallest rectangle {minX, minY, maxX, maxY} around projected lines. */
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
