/** point-in-polygon-hao as a module: its file for browsers only sets a global name. */

import "../../../point-in-polygon-hao/dist/pointInPolygon.min.js";

/** (position [x, y], polygon rings) → true inside, 0 on the line, false outside. */
export default /** @type {(point: [number, number], polygon: number[][][]) => boolean | 0} */ (Reflect.get(globalThis, "pointInPolygon"));
