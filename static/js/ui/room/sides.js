/** The two counts on one tablet: who types, whose figures are shown, where both differ. */

import { around, needed, parts } from "../base/parts.js";
import { asError, isQuestion, showRefusal } from "./desk.js";
import { showList, showSentence } from "./rows.js";
import { panelOf } from "./view.js";

/** @import { Ask, RoomFace, RoomState } from "#types/room" */

/** Connect taking a side, handing the tablet over and giving it back. @param {HTMLElement} root @param {RoomFace} room @param {Ask} ask */
export function connectSides(root, room, ask) {
  const refusal = needed(root, "#refusal", HTMLElement);
  /** @param {unknown} error */
  const told = (error) => showRefusal(refusal, asError(error).message);
  root.addEventListener("click", ({ target }) => {
    const button = around(target, "button", HTMLButtonElement);
    if (button?.dataset.takeSide) room.act("count", { side: Number(button.dataset.takeSide) }).catch(told);
    if (button && "giveBack" in button.dataset) giveBack(room).catch(told);
  });
  const form = needed(root, '[data-form="second"]', HTMLFormElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    showRefusal(refusal, "");
    handOver(form, room, ask).catch(told);
  });
}

/** Back in the first hands; what both typed is laid side by side at once, if it is whole. @param {RoomFace} room */
async function giveBack(room) {
  await room.use("");
  if (room.state.state === "voting" && !room.state.compared) await room.act("compare").catch(() => {});
}

/** Show the side that the tablet is on, lent to a witness or not; what the other one typed leaves the fields. @param {HTMLElement} root @param {RoomState} state @param {boolean} isLent */
export function showSides(root, state, isLent) {
  const side = state.state === "voting" ? String(state.side ?? "none") : "";
  if (root.dataset.side !== side) forgetTyped(root);
  root.dataset.side = side;
  for (const part of parts(root, "[data-sides]", HTMLElement)) part.hidden = !part.dataset.sides?.split(" ").includes(side);
  needed(root, "[data-give-back]", HTMLElement).hidden = !isLent;
  showSentence(root, "second", { name: state.second });
  for (const part of parts(root, "[data-if-second]", HTMLElement)) part.hidden = !state.second;
  showSentence(root, "annul", { reason: state.annul?.reason ?? "" });
  const differences = state.compared?.differences ?? [];
  showList(panelOf(root, "vote"), "differences", differences, ({ what }) => what);
  for (const part of parts(root, "[data-if-compared]", HTMLElement)) {
    part.hidden = !state.compared || (part.dataset.ifCompared === "alike") === differences.length > 0;
  }
}

/** The witness says the code and the name; from here on the tablet types the second count. @param {HTMLFormElement} form @param {RoomFace} room @param {Ask} ask @returns {Promise<void>} */
async function handOver(form, room, ask, reason = "") {
  const { code, witness } = Object.fromEntries(new FormData(form));
  room.code = String(code).trim();
  try {
    await room.act("count", { side: 2, witness, reason });
    form.reset();
    await room.use(room.code);
  } catch (error) {
    room.code = "";
    if (!isQuestion(error)) throw error;
    const answer = await ask(error.message, true);
    if (answer) await handOver(form, room, ask, answer);
  }
}

/** @param {HTMLElement} root */
function forgetTyped(root) {
  for (const field of parts(root, "[data-input], [data-choice], #paper-number", HTMLInputElement)) {
    delete field.dataset.touched;
    field.value = "";
  }
  delete needed(root, '[data-form="paper"]', HTMLFormElement).dataset.shown;
}
