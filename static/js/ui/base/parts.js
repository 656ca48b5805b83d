/** Parts of a page, of the kind they have to be. */

/**
 * The first part that fits; null where there is none, or one of another kind.
 * @template {Element} T
 * @param {ParentNode | null | undefined} root
 * @param {string} selector
 * @param {new () => T} kind
 */
export function part(root, selector, kind) {
  const found = root?.querySelector(selector);
  return found instanceof kind ? found : null;
}

/**
 * The part a page cannot do without.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} kind
 * @throws {TypeError} names what is missing
 */
export function needed(root, selector, kind) {
  const found = part(root, selector, kind);
  if (!found) throw new TypeError(`no ${kind.name} ${selector}`);
  return found;
}

/**
 * All parts that fit, those of another kind left out.
 * @template {Element} T
 * @param {ParentNode | null | undefined} root
 * @param {string} selector
 * @param {new () => T} kind
 */
export function parts(root, selector, kind) {
  return [...(root?.querySelectorAll(selector) ?? [])].flatMap((found) => (found instanceof kind ? [found] : []));
}

/**
 * Listen to what a layer or a list tells with a CustomEvent.
 * @template T
 * @param {EventTarget} teller
 * @param {string} type
 * @param {(detail: T) => void} heard
 */
export function hear(teller, type, heard) {
  teller.addEventListener(type, (event) => {
    if (event instanceof CustomEvent) heard(event.detail);
  });
}

/**
 * The part around what an event happened to.
 * @template {Element} T
 * @param {EventTarget | null} target
 * @param {string} selector
 * @param {new () => T} kind
 */
export function around(target, selector, kind) {
  const found = target instanceof Element ? target.closest(selector) : null;
  return found instanceof kind ? found : null;
}

/** Whether something failed because nobody waits for it any more. @param {unknown} error */
export function isAborted(error) {
  return error instanceof DOMException && error.name === "AbortError";
}
