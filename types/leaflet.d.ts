/** What our maps carry, and what they use of Leaflet's canvas renderer and grid that its own types do not name. */

import type { Shape } from "../static/js/data/issues/statuses.js";
import type { BaseMap } from "../static/js/map/base/base-map.js";
import type { OrientationLayer } from "../static/js/map/base/orientation.js";

declare module "leaflet" {
  interface Map {
    /** The orientation layer; null when it did not come. */
    orientation: Promise<OrientationLayer | null>;
    base: BaseMap;
  }
  interface CanvasRenderer extends Renderer {
    _ctx?: CanvasRenderingContext2D;
    _drawing: boolean;
    _fillStroke(context: CanvasRenderingContext2D, layer: CircleMarker): void;
  }
  interface CircleMarkerOptions {
    shape?: Shape;
  }
  interface CircleMarker {
    _renderer: CanvasRenderer;
    _point: Point;
    _radius: number;
    _empty(): boolean;
  }
  interface GridLayer {
    _map: Map;
    _tiles?: Record<string, { el: HTMLCanvasElement }>;
  }
}
