/** Sentences of the templates with {names} in them. */

/** "{people} personas" and {people: 3} → "3 personas".
 *
 * What is not known never prints as null, undefined or NaN: `nothing` stands there instead.
 * @param {string} pattern
 * @param {object} values
 * @param {{nothing?: string, write?: (value: unknown) => string}} [how] `write` for texts that nobody vouches for
 */
export function fill(pattern, values, { nothing = "", write = String } = {}) {
  return pattern.replace(/\{(\w+)\}/g, (_, name) => {
    const value = /** @type {Record<string, unknown>} */ (values)[name];
    return isKnown(value) ? write(value) : nothing;
  });
}

/** @param {unknown} value */
function isKnown(value) {
  return value !== null && value !== undefined && !Number.isNaN(value);
}
