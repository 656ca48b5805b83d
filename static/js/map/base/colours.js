/** The colours of the theme that is on now. */

/** A colour by the name of its token in static/css/base/tokens.css. @param {string} name */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
