/** Keys of one letter, explained and switched off by those whom they disturb (WCAG 2.1.4); kept on this computer. */

const KEPT = "desk-keys";

/**
 * @param {HTMLDetailsElement|null} box the explanation, with a checkbox
 * @returns {() => boolean} whether the keys are wanted now
 */
export function startKeys(box) {
  const wanted = box?.querySelector("input");
  if (!box || !wanted) return () => false;
  wanted.checked = localStorage.getItem(KEPT) !== "off";
  wanted.addEventListener("change", () => localStorage.setItem(KEPT, wanted.checked ? "on" : "off"));
  box.hidden = false;
  return () => wanted.checked;
}
