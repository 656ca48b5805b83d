/** The wall of the cabinet: the same page again every minute, until somebody pauses it. */

import { needed } from "../../ui/base/parts.js";

const EVERY = 60_000;
const wall = needed(document, "#wall", HTMLElement);
const pause = needed(document, "#wall-pause", HTMLElement);
let isPaused = false;

pause.hidden = false;
pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.setAttribute("aria-pressed", String(isPaused));
});
setInterval(() => isPaused || renew(), EVERY);

async function renew() {
  const answer = await fetch(window.location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("wall");
  if (fresh) wall.replaceChildren(...document.importNode(fresh, true).childNodes);
}
