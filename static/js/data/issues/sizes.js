/** How large problems are drawn. */

/** Index (0–100 or null) → radius in pixels. @param {number | null} index */
export function radiusOf(index) {
  return 7 + (5 * (index ?? 0)) / 100;
}

/** Number of problems → radius of a cluster in pixels. @param {number} count */
export function clusterRadiusOf(count) {
  return Math.min(32, 13 + 5.5 * Math.log10(count));
}
