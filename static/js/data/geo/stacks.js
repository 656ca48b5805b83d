/** Which points of a drawing would cover each other and so share a mark. Pure. */

/** @typedef {{x: number, y: number}} Pixels */

/**
 * Each point joins the first mark within reach, else it gets one of its own; no two marks are closer than `reach`.
 * @template {Pixels} T
 * @param {T[]} points the most important first: it gives its mark the place
 * @param {number} reach pixels
 * @returns {T[][]} the points of each mark, in their order
 */
export function stacksOf(points, reach) {
  /** @type {T[][]} */
  const stacks = [];
  /** @type {Map<string, T[][]>} */
  const cells = new Map();
  for (const point of points) {
    const near = around(point, reach).flatMap((cell) => cells.get(cell) ?? []);
    const stack = near.find(([first]) => Math.hypot(first.x - point.x, first.y - point.y) < reach);
    if (stack) stack.push(point);
    else stacks.push(opened(cells, point, reach));
  }
  return stacks;
}

/** @template {Pixels} T @param {Map<string, T[][]>} cells @param {T} point @param {number} reach */
function opened(cells, point, reach) {
  const stack = [point];
  const cell = cellOf(point, reach, 0, 0);
  cells.set(cell, [...(cells.get(cell) ?? []), stack]);
  return stack;
}

/** The cell of a point and the eight about it. @param {Pixels} point @param {number} reach */
function around(point, reach) {
  const steps = [-1, 0, 1];
  return steps.flatMap((dx) => steps.map((dy) => cellOf(point, reach, dx, dy)));
}

/** @param {Pixels} point @param {number} reach @param {number} dx @param {number} dy */
function cellOf({ x, y }, reach, dx, dy) {
  return `${Math.floor(x / reach) + dx} ${Math.floor(y / reach) + dy}`;
}
