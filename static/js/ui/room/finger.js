/** Nothing moves under a finger: what arrives while one presses is shown when it is lifted. */

/**
 * `show` for as long as nothing is pressed; the last state that came meanwhile afterwards, after the click.
 * @template T
 * @param {EventTarget} root
 * @param {(state: T) => void} show
 * @returns {(state: T) => void}
 */
export function whenLifted(root, show) {
  let isPressed = false;
  /** @type {T | null} */
  let waiting = null;
  root.addEventListener("pointerdown", () => {
    isPressed = true;
  });
  for (const type of ["pointerup", "pointercancel"]) {
    root.addEventListener(type, () => {
      // The click comes after the finger, in a task of its own.
      setTimeout(() => {
        isPressed = false;
        if (waiting !== null) show(waiting);
        waiting = null;
      });
    });
  }
  return (state) => {
    if (isPressed) waiting = state;
    else show(state);
  };
}
