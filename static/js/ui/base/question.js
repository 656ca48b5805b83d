/** Asks the person one question in the page's dialog. */

import { needed } from "./parts.js";

/**
 * @param {HTMLDialogElement} dialog with [data-question], an input in [data-answer] and two buttons (value "yes", "no")
 * @returns {(question: string, wantsText?: boolean) => Promise<string|null>} the text ("" without one), null for no
 */
export function asker(dialog) {
  const question = needed(dialog, "[data-question]", HTMLElement);
  const answer = needed(dialog, "[data-answer]", HTMLElement);
  const field = needed(answer, "input", HTMLInputElement);
  return (sentence, wantsText = false) => {
    question.textContent = sentence;
    answer.hidden = !wantsText;
    field.value = "";
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? field.value : null), {
        once: true,
      });
    });
  };
}
