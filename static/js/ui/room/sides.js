/** The two counts on one tablet: who types, whose figures are shown, where both differ. */

import { showRefusal } from "./desk.js";
import { showList, showSentence } from "./rows.js";
import { panelOf } from "./view.js";

/** Connect taking a side, handing the tablet over and giving it back. */
export function connectSides(root, room, ask) {
  const refusal = root.querySelector("#refusal");
  const told = (error) => showRefusal(refusal, error.message);
  root.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.takeSide) room.act("count", { side: Number(button.dataset.takeSide) }).catch(told);
    if (button && "giveBack" in button.dataset) room.use("").catch(told);
  });
  root.querySelector('[data-form="second"]').addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    showRefusal(refusal, "");
    handOver(event.target, room, ask).catch(told);
  });
}

/** Show the side that the tablet is on, lent to a witness or not; what the other one typed leaves the fields. */
export function showSides(root, state, isLent) {
  const side = state.state === "voting" ? String(state.side ?? "none") : "";
  if (root.dataset.side !== side) forgetTyped(root);
  root.dataset.side = side;
  for (const part of root.querySelectorAll("[data-sides]")) part.hidden = !part.dataset.sides.split(" ").includes(side);
  root.querySelector("[data-give-back]").hidden = !isLent;
  showSentence(root, "second", { name: state.second });
  for (const part of root.querySelectorAll("[data-if-second]")) part.hidden = !state.second;
  showSentence(root, "annul", { reason: state.annul?.reason ?? "" });
  const differences = state.compared?.differences ?? [];
  showList(panelOf(root, "vote"), "differences", differences, ({ what }) => what);
  for (const part of root.querySelectorAll("[data-if-compared]")) {
    part.hidden = !state.compared || (part.dataset.ifCompared === "alike") === differences.length > 0;
  }
}

/** The witness says the code and the name; from here on the tablet types the second count. */
async function handOver(form, room, ask, reason = "") {
  const { code, witness } = Object.fromEntries(new FormData(form));
  room.code = code.trim();
  try {
    await room.act("count", { side: 2, witness, reason });
    form.reset();
    await room.use(room.code);
  } catch (error) {
    room.code = "";
    const answer = error.code === "why" ? await ask(error.message, true) : null;
    if (answer === null && error.code !== "why") throw error;
    if (answer) await handOver(form, room, ask, answer);
  }
}

function forgetTyped(root) {
  for (const field of root.querySelectorAll("[data-input], [data-choice], #paper-number")) {
    delete field.dataset.touched;
    field.value = "";
  }
  delete root.querySelector('[data-form="paper"]').dataset.shown;
}
