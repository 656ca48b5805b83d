/** The line that is always on screen: how much waits, and why. It never says more than is true. */

import { $, make, say } from "./words.js";

/** @import { Phase, SenderState } from "../../data/walk/sync.js" */

/** Show {phase, records, photos, attention, made}. @param {SenderState} state */
export function showState({ phase, records, photos, attention, made }) {
  const waits = records + photos > 0;
  const parts = waits ? [...amounts(records, photos), why(phase, records + photos)] : [say(made ? "all_received" : "nothing_made")];
  if (!navigator.onLine && !waits) parts.push(say("offline"));
  if (attention) parts.push(say("attention", { n: attention }));
  $("state-text").textContent = parts.filter(Boolean).join(" · ");
  $("state").dataset.phase = attention ? "attention" : waits ? (phase === "sign-in" ? "sign-in" : "waiting") : "done";
}

/** @typedef {[label: string, does: string | (() => void)]} Action leads to an address, or does something */

/** Put a sentence above everything, once per name. @param {string} name @param {string} sentence @param {Action} [action] */
export function notice(name, sentence, action) {
  const old = document.querySelector(`[data-notice="${name}"]`);
  old?.remove();
  if (!sentence) return;
  const line = make("div", {
    className: "walk-notice",
    "data-notice": name,
    children: [make("span", { text: sentence })],
  });
  if (action) line.append(actionOf(action));
  $("notices").append(line);
}

/** @param {Action} action */
function actionOf([label, does]) {
  if (typeof does === "string") return make("a", { className: "button button--primary", text: label, href: does });
  return make("button", { type: "button", className: "button button--primary", text: label, onclick: does });
}

/** «3 por enviar · 2 fotos»; what is none is not told. @param {number} records @param {number} photos */
function amounts(records, photos) {
  if (!records) return [counted(photos, "photo_to_send", "photos_to_send")];
  return [counted(records, "to_send_one", "to_send"), photos ? counted(photos, "photo_one", "photos") : ""];
}

/** @param {number} number @param {string} one @param {string} many */
function counted(number, one, many) {
  return number === 1 ? say(one) : say(many, { n: number });
}

/** @param {Phase} phase @param {number} n */
function why(phase, n) {
  if (phase === "sign-in") return say("sign_in", { n });
  if (!navigator.onLine) return say("offline");
  return phase === "sending" ? say("sending") : say("waiting");
}
