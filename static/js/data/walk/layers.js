/**
 * Boundaries and the drawn map belong together: a tablet never shows lines of one boundary set and decides by
 * another. Pure.
 */

/** @import { Layers, MapFeature, Orientation, Reference } from "#types/walk" */

/** The boundary set that a drawn map shows; null when it shows none. @param {Orientation | null | undefined} orientation */
export function setOf(orientation) {
  return territoriesOf(orientation)[0]?.properties.set ?? null;
}

/**
 * What to keep, of what is kept and what just came.
 * @param {Layers} kept either may be missing
 * @param {Layers} came either may be null: not fetched, or not what it should be
 * @returns {{reference: Reference, orientation?: Orientation | null} | null} null: keep what there is, whole
 */
export function together(kept, came) {
  const { reference, orientation } = came;
  if (!reference?.boundaries?.territories?.length) return null;
  const set = reference.boundaries.id;
  if (orientation && setOf(orientation) === set) return { reference, orientation };
  if (kept.orientation && setOf(kept.orientation) === set) return { reference, orientation: kept.orientation };
  if (kept.reference && kept.orientation) return null;
  return { reference, orientation: undefined };
}

/**
 * The boundaries alone as a map, for a tablet that has no drawn one: never a grey map.
 * @param {Reference | null | undefined} reference
 * @returns {Orientation}
 */
export function boundariesOnly(reference) {
  const territories = reference?.boundaries?.territories ?? [];
  /** @type {MapFeature[]} */
  const features = territories.map(({ code, name, boundary }) => ({
    type: "Feature",
    geometry: boundary,
    properties: { kind: "territory", code, name, label: middleOf(boundary.coordinates) },
  }));
  return { type: "FeatureCollection", features };
}

/** @param {Orientation | null | undefined} orientation */
function territoriesOf(orientation) {
  return (orientation?.features ?? []).filter(({ properties }) => properties.kind === "territory");
}

/** @param {number[][][][]} coordinates @returns {[number, number]} */
function middleOf(coordinates) {
  const [west, south, east, north] = boxOf(coordinates);
  return [(west + east) / 2, (south + north) / 2];
}

/** @param {number[][][][]} coordinates */
function boxOf(coordinates) {
  const points = coordinates.flat(2);
  /** @param {number} axis @param {(...values: number[]) => number} pick */
  const of = (axis, pick) => points.reduce((found, point) => pick(found, point[axis]), points[0][axis]);
  return [of(0, Math.min), of(1, Math.min), of(0, Math.max), of(1, Math.max)];
}
