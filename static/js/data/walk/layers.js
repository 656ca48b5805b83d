/**
 * Boundaries and the drawn map belong together: a tablet never shows lines of one boundary set and decides by
 * another. Pure.
 */

/** The boundary set that a drawn map shows; null when it shows none. */
export function setOf(orientation) {
  return territoriesOf(orientation)[0]?.properties.set ?? null;
}

/**
 * What to keep, of what is kept and what just came.
 * @param {{reference: object, orientation: object}} kept either may be missing
 * @param {{reference: object, orientation: object}} came either may be null: not fetched, or not what it should be
 * @returns {{reference: object, orientation: object|undefined}|null} null: keep what there is, whole
 */
export function together(kept, came) {
  if (!came.reference?.boundaries?.territories?.length) return null;
  const set = came.reference.boundaries.id;
  if (came.orientation && setOf(came.orientation) === set) return came;
  if (kept.orientation && setOf(kept.orientation) === set) return { reference: came.reference, orientation: kept.orientation };
  if (kept.reference && kept.orientation) return null;
  return { reference: came.reference, orientation: undefined };
}

/** The boundaries alone as a map, for a tablet that has no drawn one: never a grey map. */
export function boundariesOnly(reference) {
  const territories = reference?.boundaries?.territories ?? [];
  const features = territories.map(({ code, name, boundary }) => ({
    type: "Feature",
    geometry: boundary,
    properties: { kind: "territory", code, name, label: middleOf(boundary.coordinates) },
  }));
  return { type: "FeatureCollection", features };
}

function territoriesOf(orientation) {
  return (orientation?.features ?? []).filter(({ properties }) => properties.kind === "territory");
}

function middleOf(coordinates) {
  const [west, south, east, north] = boxOf(coordinates);
  return [(west + east) / 2, (south + north) / 2];
}

function boxOf(coordinates) {
  const points = coordinates.flat(2);
  const of = (axis, pick) => points.reduce((found, point) => pick(found, point[axis]), points[0][axis]);
  return [of(0, Math.min), of(1, Math.min), of(0, Math.max), of(1, Math.max)];
}
