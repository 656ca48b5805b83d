/** Reads a problem aloud with a Spanish voice of the browser; where it has none, nothing offers to. */

import { around, parts } from "../base/parts.js";

const LANGUAGE = "es";

/** Connect every button of the class «aloud» below a root, now and later. @param {HTMLElement} root */
export function connectAloud(root) {
  const synthesis = window.speechSynthesis;
  if (!synthesis) return;
  const offer = () => {
    root.toggleAttribute("data-voice", Boolean(spanish(synthesis)));
  };
  offer();
  synthesis.addEventListener("voiceschanged", offer);
  root.addEventListener("click", ({ target }) => {
    const button = around(target, "button.aloud", HTMLButtonElement);
    if (button) say(synthesis, textAround(button));
  });
}

/** What the row around the button says. @param {HTMLButtonElement} button */
function textAround(button) {
  const row = around(button, "[data-aloud]", HTMLElement);
  const said = row ? parts(row, "[data-said]", HTMLElement) : [];
  return said.map(({ textContent }) => textContent?.trim()).join(". ");
}

/** Say it; once more while it is said ends it. @param {SpeechSynthesis} synthesis @param {string} text */
function say(synthesis, text) {
  const wasSaying = synthesis.speaking;
  synthesis.cancel();
  if (wasSaying) return;
  const words = new SpeechSynthesisUtterance(text);
  words.lang = document.documentElement.lang;
  words.voice = spanish(synthesis) ?? null;
  synthesis.speak(words);
}

/** The voice of the page's own country, else any that is Spanish. @param {SpeechSynthesis} synthesis */
function spanish(synthesis) {
  const voices = synthesis.getVoices().filter(({ lang }) => lang.toLowerCase().startsWith(LANGUAGE));
  return voices.find(({ lang }) => lang.replace("_", "-") === document.documentElement.lang) ?? voices[0];
}
