/**
 * Classes of equal number: which of `count` steps a value belongs to among all values; 0 is the lowest.
 * @param {number} value
 * @param {number[]} all
 * @param {number} count
 */
export function stepOf(value, all, count) {
  const below = all.filter((other) => other < value).length;
  return Math.min(count - 1, Math.floor((below / Math.max(all.length, 1)) * count));
}
