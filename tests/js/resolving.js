/** What libraries.js registers: an address outside static/js is one of node_modules (config/staticfiles.py). */

const STATIC = new URL("../../static/", import.meta.url).href;
const LIBRARIES = new URL("../../node_modules/", import.meta.url).href;

/** @param {string} specifier @param {{parentURL?: string}} context @param {Function} next */
export async function resolve(specifier, context, next) {
  if (specifier.startsWith(".") && context.parentURL?.startsWith(STATIC)) {
    const asked = new URL(specifier, context.parentURL).href;
    if (!asked.startsWith(`${STATIC}js/`)) return { url: asked.replace(STATIC, LIBRARIES), format: "module", shortCircuit: true };
  }
  return next(specifier, context);
}
